"""The pages of the record: its sections as a list of what is to be typed, each section, and two versions side by side."""

from functools import cached_property, partial

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from approvals.reading import compared, signed_under
from approvals.record.forms import RecordForm, SectionForm, address_of, owners
from approvals.record.known import facts_of, first_answers, readable
from approvals.record.parts import OTHERS, SECTIONS, in_present_form, section_named
from approvals.showing import in_full_sight, with_identity
from casework import drafts, taking
from casework.limits import local_day
from casework.pages import Holds, page
from casework.sections import typing
from casework.sections.forms import control, rows_typed
from casework.sections.known import KNOWN
from casework.sections.rules import Bounds
from children.access import sight_of

TYPED = "The record is typed. The four who discussed it are asked to agree it."
BUTTON = "Send the record to be agreed"


class RecordTyped(typing.RecordTyped):
    """The record of a case discussion as one person has typed it so far."""

    form_class = SectionForm

    def __init__(self, request, discussion):
        super().__init__(request, discussion, SECTIONS, url=reverse("approvals:record", args=[discussion.pk]))

    def address_of(self, section):
        """The page of a section."""
        return address_of(self.record, section)

    @property
    def bounds(self):
        """What was agreed lies from the discussion on."""
        return Bounds(local_day(self.at), local_day(self.record.held_at or self.at))

    @property
    def owners(self):
        """Who can owe an action: one of the four, or somebody else who was there."""
        return owners(self.record, self.others)

    @cached_property
    def before(self):
        """The version from which the text is taken up: the last one, or that of a discussion that was withdrawn."""
        return self.version or self.record.withdrawn_before

    @cached_property
    def begun_with(self):
        """What the boxes hold before anybody types."""
        known = first_answers(self.record, self.at) if self.is_new else in_present_form(self.before.content)
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


@page(Holds.ONE_CHILD)
def record(request, pk):
    """The record as a list of its sections, and the button that sends it to be agreed."""
    discussion = in_full_sight(request, pk)
    typed = RecordTyped(request, discussion)

    def done(taken):
        typed.forget()
        return reverse("approvals:approval", args=[taken.pk])

    whole = partial(RecordForm, sections=typed.forms(request), overtaken=typed.overtaken, address_of=typed.address_of)
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
        address = typed.keep(request, wanted, form)
        if address:
            return HttpResponseRedirect(address)
        return render(request, "approvals/record_section.html", _one(request, typed, wanted, form), status=422)
    form = typed.form(wanted, typed.of_section(wanted).typed, data=False)
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


def _list(request, typed):
    discussion = typed.record
    sight = sight_of(request.user, discussion.placement.child, request.at)
    return {
        **with_identity(request, discussion),
        **typed.listed(),
        "facts": readable(facts_of(discussion, request.at), sight),
    }


def _one(request, typed, wanted, form):
    discussion = typed.record
    here = typed.of_section(wanted)
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
