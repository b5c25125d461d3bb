"""The pages of a form: its sections as a list of what is to be typed, each section, the form as it is read, and on paper."""

from functools import partial

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.views.decorators.http import require_safe

from casework import drafts, panels, taking
from casework.document_page import answer_with, version_asked
from casework.lists import page_of
from casework.models import Draft
from casework.pages import Holds, page
from casework.sections import typing
from casework.sections.forms import WholeForm
from casework.steps import NotYet, NotYou, carry_out, steps_of
from children.access import sight_of
from children.identity import identity_bar
from children.permissions import loaded_in_scope
from children.views import around, child_or_404
from visits.models import VisitingForm
from visits.permissions import may_complete
from visits.states import FormState
from visits.visiting_forms import actions, reading, rules
from visits.visiting_forms.asked import EARLIER
from visits.visiting_forms.documents import SHOWN, mark_of
from visits.visiting_forms.known import facts_of
from visits.visiting_forms.panels import COLUMNS, row_of

FORMS_A_PAGE = 50
BEGUN_WITH = "This form says what was typed once for all the children of the home. It is changed where it was typed."
WITH_ANOTHER = "The form with which it was begun was begun by mistake."
OVER = "This form was begun by mistake: nothing is typed into it any more."


class FormTyped(typing.RecordTyped):
    """A form as one person has typed it so far."""

    def __init__(self, request, form):
        super().__init__(request, form, form.of_kind.sections_of(form), url=reverse("visits:fill", args=[form.pk]))

    def address_of(self, section):
        """The page of a section."""
        return reverse("visits:fill_section", args=[self.record.pk, section.name])

    @property
    def bounds(self):
        """What was agreed lies from the visit on."""
        return rules.bounds_of(self.record, self.at)

    @cached_property
    def given(self):
        """What earlier visits left open; a row that was answered before stays as it was."""
        return {EARLIER: self.left_open} if any(part.name == EARLIER for part in self._parts) else {}

    @cached_property
    def left_open(self):
        """The actions of earlier forms about this child in this home, as rows."""
        open_now = actions.as_given(list(actions.left_open(self.record)))
        answered = actions.as_answered(self.version.content if self.version else {})
        return [*answered, *(row for row in open_now if row.code not in {each.code for each in answered})]

    @cached_property
    def others(self):
        """Who else has begun to type into it."""
        paths = [self.url, *(each.url for each in self.sections)]
        others = Draft.objects.filter(form__in=paths).exclude(user=self.user).select_related("user")
        return sorted({str(draft.user) for draft in others})

    @property
    def _parts(self):
        return [part for each in self.sections for part in each.section.parts]


@page(Holds.ONE_CHILD)
def fill(request, pk):
    """The form as a list of its sections, and the button that completes it."""
    form = form_or_404(request, pk)
    _require_typed_here(form)
    typed = FormTyped(request, form)

    def done(taken):
        typed.forget()
        _complete_the_others(taken, request)
        return reverse("visits:form", args=[taken.pk])

    whole = partial(WholeForm, sections=typed.forms(request), overtaken=typed.overtaken, address_of=typed.address_of)
    return taking.take(
        request,
        form,
        "complete",
        form_class=whole,
        button="Complete the form",
        done="The form is complete.",
        template="visits/forms/fill.html",
        address_of=done,
        context=SimpleLazyObject(lambda: _list(request, typed)),
        initial={"digest": typed.digest},
    )


@page(Holds.ONE_CHILD)
def section(request, pk, name):
    """One section of a form: what is typed into it is kept until the whole is completed."""
    form = form_or_404(request, pk)
    wanted = next((each for each in form.of_kind.sections_of(form) if each.name == name), None)
    if wanted is None:
        raise Http404
    drafts.keep_refused(request)
    _require_typed_here(form)
    taking.require_open(request, form, "complete")
    typed = FormTyped(request, form)
    if request.method == "POST":
        boxes = typed.form(wanted, request.POST)
        address = typed.keep(request, wanted, boxes)
        if address:
            return HttpResponseRedirect(address)
        return render(request, "visits/forms/section.html", _one(request, typed, wanted, boxes), status=422)
    boxes = typed.form(wanted, typed.of_section(wanted).typed, data=False)
    return render(request, "visits/forms/section.html", _one(request, typed, wanted, boxes))


@require_safe
@page(Holds.ONE_CHILD)
def form(request, pk):
    """One form as it was completed, what does not fit together first; and what can be done with it."""
    shown = form_or_404(request, pk)
    read = with_identity(request, shown)
    steps = [step for step in steps_of(shown, by=request.user, at=request.at) if step.allowed]
    owed = {step.name for step in steps if not shown.begun_with_id}
    context = {
        **read,
        "fill_url": reverse("visits:fill", args=[pk]) if "complete" in owed else "",
        "withdraw_url": reverse("visits:withdraw_form", args=[pk]) if "withdraw" in owed else "",
        "compare_url": reverse("visits:compare_form", args=[pk]) if read["has_changed"] else "",
        "document_url": reverse("visits:form_document", args=[pk]) if read["version"] else "",
        "next": panels.added_to("visiting_form.next", request, shown, None),
    }
    return render(request, "visits/forms/form.html", context)


@require_safe
@page(Holds.ONE_CHILD)
def forms_of_child(request, pk):
    """Every form about a child, the latest first."""
    child = child_or_404(request, pk)
    made = VisitingForm.objects.filter(child=child).select_related("author").order_by("-made_at", "-pk")
    shown = page_of(request, made, FORMS_A_PAGE)
    context = {**around(request, child), "columns": COLUMNS, "rows": [row_of(each) for each in shown], "page": shown}
    return render(request, "visits/forms/forms_of_child.html", context)


@require_safe
@page(Holds.ONE_CHILD)
def compare(request, pk):
    """Two versions of a form: what was added and what was taken out."""
    shown = form_or_404(request, pk)
    read = with_identity(request, shown)
    versions = {str(version.number): version for version in read["versions"]}
    if not versions:
        raise Http404
    numbers = sorted(versions, key=int)
    asked = {"before": numbers[-2:][0], "after": numbers[-1]} | {
        name: request.GET[name] for name in ("before", "after") if request.GET.get(name) in versions
    }
    chosen = sorted(asked.values(), key=int)
    before, after = (versions[number] for number in chosen)
    sight = sight_of(request.user, shown.child, request.at)
    parts = reading.compared(shown, before, after, sight, at=request.at, by=request.user)
    context = {
        **read,
        "both": [before, after],
        "chosen": chosen,
        "numbers": numbers,
        "changed": [part for part in parts if part.before is not None],
        "same": [part.label for part in parts if part.before is None and not part.is_withheld],
    }
    return render(request, "visits/forms/compare.html", context)


@require_safe
@page(Holds.ONE_CHILD)
def document(request, pk):
    """The form as a tagged PDF, made for the person who asks for it; an earlier version of it stands alone."""
    shown = form_or_404(request, pk)
    sight = sight_of(request.user, shown.child, request.at)
    read = reading.form_as_read(shown, sight, at=request.at, by=request.user, number=version_asked(request))
    if read["version"] is None:
        raise Http404
    return answer_with(
        request, "visits/forms/document.html", {**read, "mark": mark_of(read)}, f"visiting-form-{pk}.pdf"
    )


@page(Holds.ONE_CHILD)
def withdraw(request, pk):
    """The form was begun by mistake."""
    shown = form_or_404(request, pk)
    _require_typed_here(shown)
    return taking.take(
        request,
        shown,
        "withdraw",
        form_class=taking.ReasonForm,
        done="It is on record that this form was begun by mistake.",
        template="visits/forms/withdraw.html",
        address_of=lambda taken: _withdrawn(taken, request),
        context=SimpleLazyObject(lambda: with_identity(request, shown)),
        initial=None,
        lede="The form stays to be read as begun by mistake. What you typed into it is thrown away.",
    )


def form_or_404(request, pk):
    """The form, if this person may see the child; a stranger learns nothing."""
    visible = VisitingForm.objects.visible_to(request.user, at=request.at).select_related(*SHOWN)
    found = get_object_or_404(visible, pk=pk)
    loaded_in_scope(found.child, request.user, request.at)
    return found


def with_identity(request, shown):
    """What a page shows, under the bar that says whom it is about."""
    sight = sight_of(request.user, shown.child, request.at)
    read = reading.form_as_read(shown, sight, at=request.at, by=request.user)
    return {**read, "identity": identity_bar(request, shown.child, sight)}


def _require_typed_here(shown):
    if shown.state == FormState.WITHDRAWN:
        raise NotYet(OVER)
    if shown.begun_with_id:
        raise NotYet(BEGUN_WITH)


def _complete_the_others(taken, request):
    """What was typed once is sealed for every child for whom it was made, in order of the files, as the door locks them."""
    content = {name: said for name, said in taken.version.content.items() if name not in reading.BY_HEARTH}
    others = taken.made_for_others.exclude(state=FormState.WITHDRAWN).order_by("child__case_file")
    for other in others.select_related(*SHOWN):
        if not may_complete(other, request.user, request.at):
            raise NotYou("This form was begun for a child whom you do not see any more. Ask the privacy officer.")
        digest = other.version.digest if other.version else ""
        carry_out(other.complete, by=request.user, at=request.at, content=content, digest=digest)


def _withdrawn(taken, request):
    """What was begun with it for other children was begun by mistake as well."""
    FormTyped(request, taken).forget()
    for other in (
        taken.made_for_others.filter(state=FormState.BEGUN).order_by("child__case_file").select_related(*SHOWN)
    ):
        carry_out(other.withdraw, by=request.user, at=request.at, because=WITH_ANOTHER)
    return reverse("visits:form", args=[taken.pk])


def _list(request, typed):
    shown = typed.record
    return {
        **with_identity(request, shown),
        **typed.listed(),
        "facts": facts_of(shown, request.at),
        "others": typed.others,
        "children": shown.made_for_others.count() + 1,
        "read_url": reverse("visits:form", args=[shown.pk]),
    }


def _one(request, typed, wanted, boxes):
    shown = typed.record
    here = typed.of_section(wanted)
    sections = [each.section for each in typed.sections]
    names = {part.name for part in wanted.parts}
    read = with_identity(request, shown)
    return {
        **read,
        "section": wanted,
        "caption": f"{shown.get_kind_display()}: section {sections.index(wanted) + 1} of {len(sections)}",
        "form": boxes,
        "facts": [row for row in facts_of(shown, request.at) if row["name"] in wanted.facts],
        "draft": here.draft if request.method != "POST" else None,
        "digest": typed.digest,
        "is_overtaken": here.is_overtaken and request.method != "POST",
        "newer_parts": [part for part in read["parts"] if part.name in names],
        "autosave_url": reverse("casework:save_draft"),
        "typist": drafts.typist_token(request.user, request.path),
        "list_url": typed.url,
    }
