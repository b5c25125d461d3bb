"""The pages of the record: its sections as a list of what is to be typed, each section, and two versions side by side."""

from dataclasses import dataclass
from functools import cached_property, partial

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from approvals.reading import compared, signed_under
from approvals.record.forms import RecordForm, SectionForm, address_of, control, is_begun, rows_typed, typed_of
from approvals.record.known import facts_of, first_answers, readable
from approvals.record.parts import KNOWN, OTHERS, SECTIONS, in_present_form, section_named
from approvals.showing import in_full_sight, with_identity
from casework import drafts, taking
from casework.models import Draft
from casework.pages import Holds, page
from children.access import sight_of

TYPED = "The record is typed. The four who discussed it are asked to agree it."
BUTTON = "Send the record to be agreed"
DONE, BEGUN, NOT_BEGUN, OVERTAKEN = (
    ("Done", "good"),
    ("Begun", "watch"),
    ("Not begun", "quiet"),
    ("To be looked at again", "alarm"),
)
"""How a section stands: the word, and its tone."""


@dataclass
class SectionTyped:
    """One section as it is typed so far: by this person, or in the version before."""

    of: "RecordTyped"
    section: object
    draft: Draft | None

    @property
    def url(self):
        """Its page."""
        return address_of(self.of.discussion, self.section)

    @cached_property
    def typed(self):
        """What stands in its boxes."""
        return drafts.typed_into(self.draft) if self.draft else typed_of(self.section, self.of.begun_with)

    @property
    def is_overtaken(self):
        """Was it typed upon a version that is not the last any more?"""
        return bool(self.draft) and self.typed.get("digest", "") != self.of.digest

    @cached_property
    def form(self):
        """Its form, as if it were sent now; what nobody has looked at is sent empty."""
        is_seen = self.draft or not self.of.is_new
        return self.of.form(self.section, self.typed if is_seen else {})

    @property
    def stands(self):
        """How far it is."""
        if self.is_overtaken:
            return OVERTAKEN
        if not self.draft and self.of.is_new:
            return NOT_BEGUN
        if self.form.is_valid():
            return DONE
        return BEGUN if is_begun(self.section, self.typed) else NOT_BEGUN


class RecordTyped:
    """The record as one person has typed it so far, upon the version that was read."""

    def __init__(self, request, discussion):
        self.discussion, self.at = discussion, request.at
        self.version = discussion.version
        self.digest = self.version.digest if self.version else ""
        paths = {address_of(discussion, section): section for section in SECTIONS}
        self.url = reverse("approvals:record", args=[discussion.pk])
        kept = {draft.form: draft for draft in Draft.objects.filter(user=request.user, form__in=[self.url, *paths])}
        self.left = kept.get(self.url)
        self.sections = [SectionTyped(self, section, kept.get(path)) for path, section in paths.items()]

    @cached_property
    def before(self):
        """The version from which the text is taken up: the last one, or that of a discussion that was withdrawn."""
        return self.version or self.discussion.withdrawn_before

    @property
    def is_new(self):
        """Is there no text to take up?"""
        return self.before is None

    @cached_property
    def begun_with(self):
        """What the boxes hold before anybody types."""
        known = first_answers(self.discussion, self.at) if self.is_new else in_present_form(self.before.content)
        return {**known, **self._typed_in_the_first_form()}

    def _typed_in_the_first_form(self):
        """What was typed, and not sent, while the record was one page."""
        return in_present_form(drafts.typed_into(self.left).dict()) if self.left else {}

    @cached_property
    def others(self):
        """Who else was there, as far as it is typed."""
        section = next(each for each in self.sections if any(part.name == OTHERS for part in each.section.parts))
        part = next(part for part in section.section.parts if part.name == OTHERS)
        rows = [
            {column.name: section.typed.get(control(part, number, column), "").strip() for column in part.columns}
            for number in rows_typed(part, section.typed)
        ]
        return [row for row in rows if all(row.values())]

    def form(self, section, typed, *, data=True):
        """The form of a section: bound to what is typed, or to be filled in."""
        told = {"section": section, "about": self.discussion, "at": self.at, "others": self.others, "typed": typed}
        return SectionForm(typed, **told) if data else SectionForm(**told)

    def forget(self, user):
        """It is sent: nothing of it is a draft any more."""
        Draft.objects.filter(user=user, form__in=[self.url, *(each.url for each in self.sections)]).delete()


@page(Holds.ONE_CHILD)
def record(request, pk):
    """The record as a list of its sections, and the button that sends it to be agreed."""
    discussion = in_full_sight(request, pk)
    typed = RecordTyped(request, discussion)

    def done(taken):
        typed.forget(request.user)
        return reverse("approvals:approval", args=[taken.pk])

    whole = partial(
        RecordForm,
        sections=[each.form for each in typed.sections] if request.method == "POST" else (),
        overtaken=[each.section for each in typed.sections if each.is_overtaken],
    )
    return taking.take(
        request,
        discussion,
        "record",
        form_class=whole,
        button=BUTTON,
        done=TYPED,
        template="approvals/record.html",
        address_of=done,
        context=SimpleLazyObject(lambda: _list(request, typed)),
        initial={"digest": typed.digest},
    )


@page(Holds.ONE_CHILD)
def section(request, pk, name):
    """One section of the record: what is typed into it is kept until the whole is sent."""
    discussion = in_full_sight(request, pk)
    try:
        wanted = section_named(name)
    except KeyError:
        raise Http404 from None
    drafts.keep_refused(request)
    taking.require_open(request, discussion, "record")
    typed = RecordTyped(request, discussion)
    if request.method == "POST":
        form = typed.form(wanted, request.POST)
        address = _keep(request, typed, wanted, form)
        if address:
            return HttpResponseRedirect(address)
        return render(request, "approvals/record_section.html", _one(request, typed, wanted, form), status=422)
    here = next(each for each in typed.sections if each.section == wanted)
    form = typed.form(wanted, here.typed, data=False)
    return render(request, "approvals/record_section.html", _one(request, typed, wanted, form))


@require_safe
@page(Holds.ONE_CHILD)
def compare(request, pk):
    """Two versions of the record: what was added and what was taken out, and who had signed each."""
    discussion = in_full_sight(request, pk)
    shown = with_identity(request, discussion)
    versions = {str(version.number): version for version in shown["versions"]}
    if not versions:
        raise Http404
    numbers = sorted(versions, key=int)
    last_two = numbers[-2:]
    chosen = sorted(
        (_one_of(request, "before", numbers, last_two[0]), _one_of(request, "after", numbers, last_two[-1])), key=int
    )
    before, after = (versions[number] for number in chosen)
    parts = compared(before, after, sight_of(request.user, discussion.placement.child, request.at))
    around = {
        "both": [signed_under(version, is_void=version != shown["version"]) for version in (before, after)],
        "chosen": chosen,
        "changed": sorted((part for part in parts if part.before is not None), key=lambda part: part.name == KNOWN),
        "same": [part.label for part in parts if part.before is None and not part.is_withheld],
        "withheld": [part for part in parts if part.is_withheld],
        "numbers": numbers,
    }
    return render(request, "approvals/compare.html", {**shown, **around})


def _one_of(request, name, numbers, usual):
    asked = request.GET.get(name, "")
    return asked if asked in numbers else usual


def _keep(request, typed, wanted, form):
    """Keep what is typed. The address to go to; empty where the page comes back with what is wrong."""
    sent = request.POST.copy()
    leaves, adds = sent.pop("leave", None), sent.pop("more", None)
    try:
        drafts.save(request.user, request.path, sent, at=request.at)
    except drafts.NotKept as not_kept:
        form.is_valid()
        form.add_error(None, str(not_kept))
        return ""
    if leaves:
        return reverse("approvals:record", args=[typed.discussion.pk])
    if adds:
        return f"{request.path}#more-{adds[-1]}"
    if not form.is_valid():
        return ""
    following = SECTIONS.index(wanted) + 1
    if following == len(SECTIONS):
        return reverse("approvals:record", args=[typed.discussion.pk])
    return address_of(typed.discussion, SECTIONS[following])


def _list(request, typed):
    rows = [{"title": each.section.title, "url": each.url, "stands": each.stands} for each in typed.sections]
    done = sum(row["stands"] == DONE for row in rows)
    sight = sight_of(request.user, typed.discussion.placement.child, request.at)
    return {
        **with_identity(request, typed.discussion),
        "sections": rows,
        "done": done,
        "is_whole": done == len(rows),
        "facts": readable(facts_of(typed.discussion, request.at), sight),
    }


def _one(request, typed, wanted, form):
    discussion = typed.discussion
    here = next(each for each in typed.sections if each.section == wanted)
    sight = sight_of(request.user, discussion.placement.child, request.at)
    facts = readable(facts_of(discussion, request.at), sight)
    shown = with_identity(request, discussion)
    names = {part.name for part in wanted.parts}
    return {
        **shown,
        "section": wanted,
        "caption": f"The record: section {SECTIONS.index(wanted) + 1} of {len(SECTIONS)}",
        "form": form,
        "facts": [row for row in facts if row["name"] in wanted.facts],
        "draft": here.draft if request.method != "POST" else None,
        "digest": typed.digest,
        "is_overtaken": here.is_overtaken and request.method != "POST",
        "parts": [part for part in shown["parts"] if part.name in names],
        "autosave_url": reverse("casework:save_draft"),
        "typist": drafts.typist_token(request.user, request.path),
        "list_url": reverse("approvals:record", args=[discussion.pk]),
    }
