"""What was recorded wrongly: put right, or struck out. What stood there before stays in the event, with the reason."""

from collections.abc import Callable
from typing import Final

from django import forms
from django.db.models import Model

from casework.forms import MomentField
from casework.limits import local_day
from casework.recording import RecordingForm
from casework.wording import said_moment
from placements.forms.facts import LONGEST_TEXT, PlacementForm
from placements.forms.homes import HomeForm
from placements.forms.moving import WHY_ENDED
from placements.models import Placement, Recorded
from placements.states import FAMILIES, NEED_APPROVAL, PLACES, Setting
from placements.telling import said_fact, said_period, said_registration, said_secure_authority, said_secure_review

LIVED_ELSEWHERE: Final = "Another home is on record at that time: correct that home first"
ENDS_BEFORE: Final = "The end must be after the child moved in"


class BecauseField(forms.CharField):
    """Why something on record is wrong: without it nobody could tell a correction from a cover-up."""

    widget = forms.Textarea

    def __init__(self, **kwargs):
        super().__init__(label="What was wrong, and how do you know?", max_length=LONGEST_TEXT, **kwargs)


class CorrectForm(PlacementForm):
    """From when until when the child lived here, and in what kind of home, as it really was."""

    setting = forms.ChoiceField(label="Kind of home")
    started_at = MomentField(label="When did the child move in?")
    ended_at = MomentField(
        label="When did it end?", required=False, help_text="Leave this empty if the child still lives here."
    )
    why_ended = forms.ChoiceField(label="Why did it end?", choices=WHY_ENDED, required=False)
    wrong = BecauseField()
    refusals = {
        "one_placement_at_a_time": ("started_at", LIVED_ELSEWHERE),
        "placement_ends_after_it_starts": ("ended_at", ENDS_BEFORE),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        alike = FAMILIES if self.placement.setting in FAMILIES else PLACES
        self.fields["setting"].choices = [(setting.value, setting.label) for setting in alike]
        for name in ("setting", "started_at", "ended_at", "why_ended"):
            self.initial.setdefault(name, getattr(self.placement, name))
        why = self.placement.why_ended
        if why and why not in dict(self.fields["why_ended"].choices):
            self.fields["why_ended"].choices = [*WHY_ENDED, (why, why)]

    def clean(self):
        """The child moved in after being born, and left after that."""
        cleaned = super().clean()
        self.refuse_future("started_at")
        self.refuse_future("ended_at")
        started_at, ended_at = cleaned.get("started_at"), cleaned.get("ended_at")
        if started_at and local_day(started_at) < self.placement.child.date_of_birth:
            self.add_error("started_at", f"The child moved in after {self.placement.child.name} was born")
        if started_at and ended_at and ended_at <= started_at:
            self.add_error("ended_at", ENDS_BEFORE)
        return cleaned

    def facts(self) -> list[Model]:
        """The placement as it really was. Where its kind asks for an approval now, that is to be found out (D-08)."""
        placement, said = self.placement, self.cleaned_data
        self.before = _told(placement)
        if said["setting"] in NEED_APPROVAL and placement.setting not in NEED_APPROVAL:
            placement.approval_recorded = bool(placement.carer and placement.carer.approvals.exists())
        placement.setting, placement.started_at, placement.ended_at = (
            said["setting"],
            said["started_at"],
            said["ended_at"],
        )
        placement.why_ended = said["why_ended"] if said["ended_at"] else ""
        return [placement]

    def because(self) -> str:
        """What was wrong."""
        return self.cleaned_data["wrong"]

    def details(self) -> dict[str, str]:
        """What stood on record before, and what stands there now."""
        return {"before": self.before, "after": _told(self.placement)}


class StrikeOutForm(RecordingForm):
    """What was never so is struck out: it stays in the record, and counts no longer."""

    on_record: Callable[[], list[tuple[Recorded, str]]]
    """What can be struck out, each with the words for it."""

    which = forms.ChoiceField(label="What is on record by mistake?", widget=forms.RadioSelect)
    wrong = BecauseField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {f"{row._meta.model_name}-{row.pk}": (row, says) for row, says in self.on_record()}
        self.fields["which"].choices = [(key, says) for key, (_, says) in self.rows.items()]

    def facts(self) -> list[Model]:
        """The row, struck out."""
        row, _ = self.rows[self.cleaned_data["which"]]
        row.struck_out = True
        return [row]

    def because(self) -> str:
        """What was wrong."""
        return self.cleaned_data["wrong"]

    def details(self) -> dict[str, str]:
        """What was struck out."""
        return {"what": self.rows[self.cleaned_data["which"]][1]}


class StrikeOutOfPlacementForm(StrikeOutForm, PlacementForm):
    """The placement itself, an approval of its carers, or a dated fact about it."""

    def on_record(self) -> list[tuple[Recorded, str]]:
        """The placement first, then what hangs on it."""
        placement = self.placement
        approvals = placement.carer.approvals.all() if placement.carer else ()
        return [
            (placement, "The child never lived here"),
            *((row, f"The carers’ approval: {said_period(row)}") for row in approvals),
            *((row, said_fact(row)) for row in placement.facts.all()),
            *self._kept_secure(),
        ]

    def _kept_secure(self) -> list[tuple[Recorded, str]]:
        """What lets the child be kept, and the reviews, where the home is a secure one."""
        if self.placement.setting != Setting.SECURE_HOME:
            return []
        child = self.placement.child
        return [
            *((row, said_secure_authority(row)) for row in child.secure_authorities.all()),
            *((row, f"Review: {said_secure_review(row)}") for row in child.secure_reviews.all()),
        ]


class StrikeOutOfHomeForm(StrikeOutForm, HomeForm):
    """A registration of the home."""

    def on_record(self) -> list[tuple[Recorded, str]]:
        """Every registration, the latest first."""
        return [(row, said_registration(row)) for row in self.home.registrations.order_by("-from_on")]


def _told(placement: Placement) -> str:
    until = said_moment(placement.ended_at) if placement.ended_at else "now"
    return f"{placement.get_setting_display()}, from {said_moment(placement.started_at)} until {until}"
