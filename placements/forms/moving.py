"""What is asked when a child moves, leaves a home, or is no longer looked after.

Where a child is, is always accepted (C-45): a form refuses only what cannot be, a move in the future or two at once.
"""

from datetime import datetime, timedelta
from typing import Final

from django import forms
from django.db.models import Model, QuerySet

from casework.forms import NOTHING_CHOSEN, DayField, MomentField
from casework.limits import end_of
from casework.wording import said_day
from children.forms import ChildForm
from children.states import CareEnded
from placements.forms.facts import LONGEST_TEXT, PlacementForm
from placements.forms.naming import NamingForm
from placements.models import Carer, Home, Placement, ProposedHome
from placements.states import NEED_APPROVAL, PLACES, BeforeEnding, Setting, WhyEnded

PLACE: Final = "place"
WHY_ENDED: Final = NOTHING_CHOSEN + [(why, why) for why in WhyEnded.values]
FROM_THAT_MOMENT: Final = "Another home is on record from that very moment: enter a later moment, or correct that home"


class MovedForm(NamingForm, ChildForm):
    """The child lives, or lived, somewhere else: where, with whom, since when.

    The home on record at that moment ends then, and the new one lasts as long as that one did: a move that nobody knew
    of is recorded late like any other (C-45).
    """

    where = forms.ChoiceField(
        label="Where does the child live now?",
        choices=[
            (Setting.IN_HOUSE_FOSTER.value, "With foster carers of the authority"),
            (Setting.IFA_FOSTER.value, "With foster carers of an agency"),
            (Setting.CONNECTED_PERSON.value, "With a relative, friend or other connected person"),
            (Setting.PARENT.value, "With a parent"),
            (Setting.ADOPTIVE.value, "With the people who plan to adopt"),
            (PLACE, "In a home or another place"),
        ],
        widget=forms.RadioSelect,
    )
    relationship = forms.CharField(
        label="How they and the child are connected", max_length=100, required=False, help_text="For example: aunt."
    )
    approved = forms.ChoiceField(
        label="Are they approved as foster carers, or for a time?",
        choices=[("yes", "Yes: I will record the approval next"), ("no", "No"), ("unknown", "Not known yet")],
        widget=forms.RadioSelect,
    )
    setting = forms.ChoiceField(
        label="What kind of place is it?", choices=NOTHING_CHOSEN + [(place.value, place.label) for place in PLACES]
    )
    name = forms.CharField(
        label="Name of the family or home",
        max_length=200,
        required=False,
        help_text="Leave this empty if you do not know it yet: it can be named later.",
    )
    started_at = MomentField(label="When did the child move?")
    why_ended = forms.ChoiceField(label="Why the last home ended", choices=WHY_ENDED, required=False)
    field_order = ("where", "relationship", "approved", "setting", "name", "which", "address", "postcode", "started_at")
    reveals = {"where": {Setting.CONNECTED_PERSON.value: ("relationship", "approved"), PLACE: ("setting",)}}
    refusals = {
        "one_placement_at_a_time": ("started_at", ""),
        "placement_ends_after_it_starts": ("started_at", FROM_THAT_MOMENT),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("started_at", self.at)
        if not Placement.objects.live(self.at).filter(child=self.child).exists():
            del self.fields["why_ended"]

    def clean(self):
        """The child has moved, after being born, and not at the very moment of another move."""
        cleaned = super().clean()
        self.refuse_future("started_at")
        self.refuse_before_birth("started_at")
        if cleaned.get("started_at") and self.child.placements.filter(started_at=cleaned["started_at"]).exists():
            self.add_error("started_at", FROM_THAT_MOMENT)
        return cleaned

    def _offer_known(self):
        """A home that was proposed for this child is known by its name: nobody is asked whether it is another."""
        self.as_proposed = self._proposed()
        if self.as_proposed:
            self.known = {}
            del self.fields["which"]
        else:
            super()._offer_known()

    def _proposed(self) -> Carer | Home | None:
        name, where = self.typed("name"), self.typed("where")
        setting = self.typed("setting") if where == PLACE else where
        if not name:
            return None
        found = self.child.proposed_homes.filter(setting=setting).select_related("home", "carer").order_by("-pk")
        return next((place for each in found if (place := each.home or each.carer).name == name), None)

    def _known(self) -> Carer | Home | None:
        return self.as_proposed or super()._known()

    @property
    def names_place(self) -> bool:
        """As it was typed: the name is looked up before the form is clean."""
        return self.data.get(self.add_prefix("where")) == PLACE

    @property
    def lives_in(self) -> Setting:
        """The kind of place or family."""
        where = self.cleaned_data["where"]
        return Setting(self.cleaned_data["setting"] if where == PLACE else where)

    def before(self) -> Placement | None:
        """The home that ends with this move, now ended; None where the child lived nowhere."""
        before = self._lived_in()
        if before:
            before.ended_at = self.cleaned_data["started_at"]
            before.why_ended = self.cleaned_data.get("why_ended", before.why_ended)
        return before

    def until(self) -> tuple[datetime | None, str]:
        """Until when the new home lasted, and why it ended, where a later move is on record; else it goes on."""
        before = self._lived_in()
        if before and before.ended_at and before.ended_at <= self.at:
            return before.ended_at, before.why_ended
        later = self.child.placements.filter(started_at__gt=self.cleaned_data["started_at"]).order_by("started_at")
        return (later[0].started_at, "") if later else (None, "")

    def _lived_in(self) -> Placement | None:
        return Placement.objects.live(self.cleaned_data["started_at"]).filter(child=self.child).first()

    def placement(self, home: Home | None, carer: Carer | None, until: tuple[datetime | None, str]) -> Placement:
        """The new home of the child."""
        ended_at, why_ended = until
        return Placement(
            child=self.child,
            setting=self.lives_in,
            home=home,
            carer=carer,
            relationship=self.cleaned_data["relationship"] or "",
            started_at=self.cleaned_data["started_at"],
            ended_at=ended_at,
            why_ended=why_ended,
            approval_recorded=self._is_approval_known(carer),
        )

    def _is_approval_known(self, carer: Carer | None) -> bool:
        if self.lives_in == Setting.CONNECTED_PERSON and self.cleaned_data["approved"] == "no":
            return True
        return self.lives_in not in NEED_APPROVAL or bool(carer and carer.pk and carer.approvals.exists())


class EndForm(PlacementForm):
    """The child no longer lives here. What came before is asked, and stops nothing (C-19, C-45)."""

    ended_at = MomentField(label="When did it end?")
    why_ended = forms.ChoiceField(label="Why did it end?", choices=WHY_ENDED)
    before = forms.ChoiceField(label="What came before?", choices=BeforeEnding.choices, widget=forms.RadioSelect)
    review_on = DayField(label="Day of the review")
    reasons = forms.CharField(label="The risk, in your words", max_length=LONGEST_TEXT, widget=forms.Textarea)
    reveals = {"before": {BeforeEnding.REVIEW.value: ("review_on",), BeforeEnding.RISK.value: ("reasons",)}}
    refusals = {"placement_ends_after_it_starts": ("ended_at", "The end must be after the child moved in")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ended_at", self.at)

    def clean(self):
        """It has ended, after it began."""
        cleaned = super().clean()
        self.refuse_future("ended_at")
        ended_at = cleaned.get("ended_at")
        if ended_at and ended_at <= self.placement.started_at:
            self.add_error("ended_at", self.refusals["placement_ends_after_it_starts"][1])
        return cleaned

    def facts(self) -> list[Model]:
        """The placement, now over."""
        self.placement.ended_at = self.cleaned_data["ended_at"]
        self.placement.why_ended = self.cleaned_data["why_ended"]
        return [self.placement]

    def because(self) -> str:
        """The risk, where that is why no review came first."""
        return self.cleaned_data["reasons"] or ""

    def details(self) -> dict[str, str]:
        """What came before, for the timeline."""
        review_on = self.cleaned_data["review_on"]
        return {
            "why": self.cleaned_data["why_ended"],
            "before": BeforeEnding(self.cleaned_data["before"]).label,
            "review_on": said_day(review_on),
        }


class CareEndedForm(ChildForm):
    """The child is no longer looked after: the end of the period of care, and of the home on record."""

    ended_on = DayField(label="Last day of care")
    how = forms.ChoiceField(label="How it ended", choices=NOTHING_CHOSEN + CareEnded.choices)
    refusals = {"care_ends_after_it_starts": ("ended_on", ""), "placement_ends_after_it_starts": ("ended_on", "")}

    def clean(self):
        """Care ended, after it and the present home began."""
        cleaned = super().clean()
        self.refuse_future("ended_on")
        ended_on = cleaned.get("ended_on")
        if ended_on and ended_on < self.period.started_on:
            self.add_error(
                "ended_on", f"Care began on {said_day(self.period.started_on)}: enter that day or a later one"
            )
        elif ended_on and self._living().filter(started_at__gte=self._ends_at()).exists():
            self.add_error("ended_on", "A home is on record from a later day: enter that day or a later one")
        return cleaned

    @property
    def period(self):
        """The period of care that is running."""
        return self.child.care_periods.get(ended_on=None)

    def _living(self) -> QuerySet[Placement]:
        return self.child.placements.filter(ended_at=None)

    def _ends_at(self):
        return min(self.at, end_of(self.cleaned_data["ended_on"]) - timedelta(minutes=1))

    def facts(self) -> list[Model]:
        """The period of care and the home, both over."""
        period, how = self.period, self.cleaned_data["how"]
        period.ended_on, period.how_ended = self.cleaned_data["ended_on"], how
        period.end_recorded_at = self.at
        facts: list[Model] = [period]
        for placement in self._living():
            placement.ended_at, placement.why_ended = self._ends_at(), CareEnded(how).label
            facts.append(placement)
        return facts


def answers_of(proposed: ProposedHome) -> dict[str, str]:
    """What is known of a move to a home that was proposed."""
    is_place = proposed.setting in PLACES
    return {
        "where": PLACE if is_place else proposed.setting,
        "setting": proposed.setting if is_place else "",
        "relationship": proposed.relationship,
        "name": (proposed.home or proposed.carer).name,
    }
