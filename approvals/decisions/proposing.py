"""Begin a senior decision from the child's page: about the child, or about a home where the child does not live yet."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from approvals.decisions.forms import field_of
from approvals.forms import StepForm
from approvals.kinds import KINDS
from approvals.models import Decision
from casework import taking
from casework.pages import Holds, page
from children.views import around, child_or_404
from placements.forms.proposing import ProposingForm


class ProposeForm(ProposingForm, StepForm):
    """The home or the family that is proposed."""

    def __init__(self, *args, about, **kwargs):
        self.offers = about.of_kind.proposes
        super().__init__(*args, about=about, **kwargs)

    def said(self):
        """What is proposed."""
        return {"proposed": self.proposed()}


class TellApartForm(StepForm):
    """Whom it is about, where several of a kind can run at once: the first part of its record."""

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, about=about, **kwargs)
        self.part = next(part for part in about.of_kind.parts if part.name == about.of_kind.tells_apart)
        self.fields[self.part.name] = field_of(self.part)

    def said(self):
        """What tells it apart."""
        return {"subject": " ".join(self.cleaned_data[self.part.name].split())}


@page(Holds.ONE_CHILD)
def begin_for_child(request, kind, child):
    """Begin to write up a decision about a child; where it is about a home, say which one is proposed."""
    found = KINDS.get(kind)
    if found is None or not found.is_begun_at_child:
        raise Http404
    about = child_or_404(request, child)
    decision = Decision(kind=kind, child=about)
    return taking.take(
        request,
        decision,
        "prepare",
        form_class=_form_of(found),
        done="Begun: write it up, then put it forward.",
        template="approvals/begin.html",
        address_of=lambda begun: reverse("approvals:take_decision", args=[begun.pk, "put"]),
        context=SimpleLazyObject(lambda: {**around(request, about), "decision": decision, "kind": found}),
        initial=None,
    )


def _form_of(kind):
    """What is asked before it can be begun: which home, with whom, or nothing."""
    if kind.proposes:
        return ProposeForm
    return TellApartForm if kind.tells_apart else StepForm
