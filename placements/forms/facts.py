"""What is asked about a placement that is on record: the carers' approval, and dated facts about the child's stay."""

from datetime import date, timedelta
from typing import Final

from django import forms
from django.db.models import Model, Q

from casework.forms import DayField
from casework.limits import local_day
from casework.recording import RecordingForm
from casework.wording import said_day
from placements.models import Carer, CarerApproval, Placement, PlacementFact
from placements.states import ApprovalKind, FactKind
from placements.telling import said_fact, said_period

NOT_APPROVED: Final = "none"
LONGEST_TEXT: Final = 2000
NEXT_DAY: Final = timedelta(days=1)


class PlacementForm(RecordingForm):
    """A form that records facts about one placement."""

    @property
    def placement(self) -> Placement:
        """The placement that the facts are about."""
        return self.about

    def because(self) -> str:
        """Why, in the words of whoever records it; empty where nobody is asked."""
        return ""

    def details(self) -> dict[str, str]:
        """What the timeline says beyond the title."""
        return {}

    def refuse_before_start(self, name: str) -> None:
        """A fact about a home holds while the child lives there."""
        day = self.cleaned_data.get(name)
        if day is not None and day < local_day(self.placement.started_at):
            self.add_error(
                name,
                f"{self.fields[name].subject} must not be before the child moved in on {said_day(self.placement.started_at)}",
            )


class ApprovalForm(PlacementForm):
    """On what footing the carers are approved, and between which days; or that they are not."""

    name = forms.CharField(label="Name of the carers", max_length=200)
    kind = forms.ChoiceField(
        label="Approval",
        choices=[*ApprovalKind.choices, (NOT_APPROVED, "Not approved, as far as anybody knows")],
        widget=forms.RadioSelect,
    )
    from_on = DayField(
        label="First day", required=False, help_text="Where an approval ended: the first day without it."
    )
    last_on = DayField(label="Last day", required=False, help_text="Leave this empty if no end is set.")
    decided_by = forms.CharField(label="Who decided", max_length=200, required=False)
    refusals = {"carer_approval_ends_after_it_starts": ("last_on", "Last day must not be before the first")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.placement.carer_id:
            del self.fields["name"]

    def clean(self):
        """An approval has a first day; its last is not before it. One that runs on ends on the first day without it."""
        cleaned = super().clean()
        self.refuse_future("from_on")
        from_on, last_on = cleaned.get("from_on"), cleaned.get("last_on")
        if "from_on" in self.errors:
            return cleaned
        if cleaned.get("kind") == NOT_APPROVED:
            self._refuse_to_pass_over(from_on)
        elif cleaned.get("kind") and not from_on:
            self.add_error("from_on", "Enter the first day of the approval")
        if from_on and last_on and last_on < from_on:
            self.add_error("last_on", self.refusals["carer_approval_ends_after_it_starts"][1])
        return cleaned

    def _refuse_to_pass_over(self, from_on: date | None) -> None:
        """That they are not approved cannot stand beside an approval that runs: it ends, or was never given."""
        if self._running(from_on or self.today) and not from_on:
            self.add_error("from_on", "An approval is on record: enter the first day without it")
        elif any(approval.from_on == from_on for approval in self._running(from_on)):
            self.add_error(
                "from_on", "An approval is on record from that very day: strike it out if it was never given"
            )

    def _running(self, day: date | None) -> list[CarerApproval]:
        """The approvals that hold on a day."""
        carer = self.placement.carer
        if carer is None or day is None:
            return []
        return list(carer.approvals.filter(Q(to_on=None) | Q(to_on__gt=day), from_on__lte=day))

    def details(self) -> dict[str, str]:
        """The footing, for the timeline; where none is left, the approval that ended."""
        periods = "; ".join(said_period(row, row.decided_by) for row in self.approvals)
        if self.cleaned_data["kind"] != NOT_APPROVED:
            return {"what": periods}
        none = dict(self.fields["kind"].choices)[NOT_APPROVED]
        return {"what": f"{none}. Before that: {periods}" if periods else none}

    def facts(self) -> list[Model]:
        """The carers, where nobody had named them; the placement, whose approval is known now; what is known of it."""
        placement, new = self.placement, []
        if placement.carer is None:
            placement.carer = Carer(name=self.cleaned_data["name"])
            new = [placement.carer]
        if not placement.approval_recorded:
            placement.approval_recorded, placement.approval_recorded_at = True, self.at
        self.approvals = self._approvals(placement.carer)
        return [*new, placement, *self.approvals]

    def _approvals(self, carer: Carer) -> list[CarerApproval]:
        if self.cleaned_data["kind"] == NOT_APPROVED:
            over = self._running(self.cleaned_data["from_on"])
            for approval in over:
                approval.to_on = self.cleaned_data["from_on"]
            return over
        last_on = self.cleaned_data["last_on"]
        approval = CarerApproval(
            carer=carer,
            kind=self.cleaned_data["kind"],
            from_on=self.cleaned_data["from_on"],
            to_on=last_on + NEXT_DAY if last_on else None,
            decided_by=self.cleaned_data["decided_by"],
        )
        return [approval]


class FactForm(PlacementForm):
    """A dated fact about the placement; one that holds already is shown, to be ended."""

    from_on = DayField(label="First day")
    last_on = DayField(label="Last day", required=False, help_text="Leave this empty while it holds.")
    kind: FactKind
    refusals = {"placement_fact_ends_after_it_starts": ("last_on", "Last day must not be before the first")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fact = self.placement.facts.filter(kind=self.kind, to_on=None).last()
        self.before = said_fact(self.fact) if self.fact else ""
        self.initial.setdefault("from_on", self.fact.from_on if self.fact else local_day(self.placement.started_at))

    def clean(self):
        """It holds while the child lives here."""
        cleaned = super().clean()
        self.refuse_future("from_on")
        self.refuse_before_start("from_on")
        from_on, last_on = cleaned.get("from_on"), cleaned.get("last_on")
        if from_on and last_on and last_on < from_on:
            self.add_error("last_on", self.refusals["placement_fact_ends_after_it_starts"][1])
        return cleaned

    def facts(self) -> list[Model]:
        """The fact, new or ended."""
        self.fact = self.fact or PlacementFact(placement=self.placement, kind=self.kind)
        last_on = self.cleaned_data["last_on"]
        self.fact.from_on, self.fact.to_on = self.cleaned_data["from_on"], last_on + NEXT_DAY if last_on else None
        return [self.fact]

    def details(self) -> dict[str, str]:
        """The fact as it is known now, and as it was known before."""
        now = said_fact(self.fact)
        return {"before": self.before, "after": now} if self.before else {"what": now}


class LongTermForm(FactForm):
    """The placement is meant to last until the child is 18."""

    kind = FactKind.MEANT_TO_LAST_TO_18


class FewerVisitsForm(FactForm):
    """The child agrees to fewer visits."""

    kind = FactKind.FEWER_VISITS_AGREED


class WithLookedAfterParentForm(FactForm):
    """The child lives here with a parent of 16 or 17 who is looked after."""

    kind = FactKind.WITH_LOOKED_AFTER_PARENT


class OutsideTermsForm(FactForm):
    """The child came in an emergency that the terms of the carers' approval do not cover (regulation 23)."""

    kind = FactKind.OUTSIDE_TERMS
    last_on = DayField(
        label="Last day outside the terms",
        required=False,
        help_text="Leave this empty until the terms of approval cover this child.",
    )


class BeforeAssessmentForm(FactForm):
    """The child went to live with a parent before the assessment was complete (regulation 19)."""

    kind = FactKind.REG19
    assessed_on = DayField(label="Day on which the assessment was complete", required=False)
    last_on = DayField(
        label="Day before the decision took effect", required=False, help_text="Leave this empty until it is decided."
    )
    field_order = ["from_on", "assessed_on", "last_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.fact and self.fact.assessed_on:
            self.initial.setdefault("assessed_on", self.fact.assessed_on)

    def clean(self):
        """An assessment is complete after the child moved in."""
        cleaned = super().clean()
        self.refuse_future("assessed_on")
        self.refuse_before_start("assessed_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The stay, with the day of its assessment."""
        (fact,) = super().facts()
        fact.assessed_on = self.cleaned_data["assessed_on"]
        return [fact]


class OutsideAreaForm(PlacementForm):
    """The home lies outside the authority's area (regulation 11)."""

    kind = forms.ChoiceField(
        label="Where is the home?",
        choices=[
            (FactKind.OUTSIDE_AREA.value, "In the area of an authority next to ours"),
            (FactKind.AT_A_DISTANCE.value, "Farther away: at a distance"),
        ],
        widget=forms.RadioSelect,
    )

    def facts(self) -> list[Model]:
        """It lies there as long as the child lives in it."""
        kind, from_on = self.cleaned_data["kind"], local_day(self.placement.started_at)
        self.fact = PlacementFact(placement=self.placement, kind=kind, from_on=from_on)
        return [self.fact]

    def details(self) -> dict[str, str]:
        """Where it lies."""
        return {"what": self.fact.get_kind_display()}


class HostToldForm(PlacementForm):
    """The authority of the area where the home lies was told (regulation 13)."""

    told_on = DayField(
        label="When was it told?",
        help_text="With the assessment of the child’s needs, the reasons for this home, and the care plan.",
    )

    def clean(self):
        """It has been told; that may have been before the move."""
        cleaned = super().clean()
        self.refuse_future("told_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The day on which it was told."""
        return [PlacementFact(placement=self.placement, kind=FactKind.HOST_TOLD, from_on=self.cleaned_data["told_on"])]

    def details(self) -> dict[str, str]:
        """The day, for the timeline."""
        return {"what": f"Told on {said_day(self.cleaned_data['told_on'])}"}
