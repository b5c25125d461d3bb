"""The form on which somebody makes up the history of a home, or changes that of a real one: facts to boxes, and back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from accounts.roles import Role
from casework.forms import DayField, Form, Line, Unreadable, local_moment, read_time
from casework.limits import local_day
from casework.wording import said_time
from children.states import LegalCode
from placements.states import RegistrationStatus, Setting
from visits.clocks.facts import (
    COMPLETE,
    DRAFT,
    LegalStatus,
    Period,
    PlacementFacts,
    Registration,
    Review,
    Variation,
    VisitMade,
)
from visits.trying.told_lines import ToldLine, read_lines, said_line

LONGEST: Final = 30_000
NOON: Final = time(12)
SETTINGS: Final = [choice for choice in Setting.choices if choice[0] != Setting.TEMPORARY]
NOT_SEEN, FORM, UNFINISHED, HELD = "not seen", "form", "draft", "held"
VISITORS: Final = {
    "social worker": Role.SOCIAL_WORKER,
    "adviser": Role.PERSONAL_ADVISER,
    "iro": Role.IRO,
    "service manager": Role.SERVICE_MANAGER,
    "commissioning": Role.COMMISSIONING,
}
SAID_VISITOR: Final = {role.value: words for words, role in VISITORS.items()}
STATUSES: Final = {
    "registered": RegistrationStatus.REGISTERED,
    "applied": RegistrationStatus.APPLIED,
    "not registered": RegistrationStatus.UNREGISTERED,
    "transitional": RegistrationStatus.TRANSITIONAL,
}
SAID_STATUS: Final = {status.value: words for words, status in STATUSES.items()}
CODES: Final = {code.lower(): code for code in LegalCode.values}
NO_STATUS: Final = [("", "Not recorded")]
PERIODS: Final = "One a line: 5 March 2026, or 5 March 2026 to 1 June 2026."


def several(label: str, help_text: str, rows: int = 2) -> forms.CharField:
    """A box for dated facts, one a line."""
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, required=False, widget=box)


class TryForm(Form):
    """Everything that the visit clocks read of one placement."""

    setting = forms.ChoiceField(label="Where does the child live?", choices=SETTINGS)
    started_on = DayField(label="Since when?")
    started_time = Line(
        label="At what time did the child move in?",
        help_text="Like 14:30. It matters for the 24 hours in a home that is not registered.",
        required=False,
        max_length=10,
    )
    concern = forms.BooleanField(label="There was a concern about the home at the move", required=False)
    ended_on = DayField(label="The child left on", required=False)
    registered = forms.ChoiceField(
        label="Where did the home stand with its regulator at the move?",
        choices=RegistrationStatus.choices,
        initial=RegistrationStatus.REGISTERED,
        required=False,
    )
    registration = several(
        "Changes in the registration since",
        "One a line: 5 March 2026, registered. The words are registered, applied, not registered.",
    )
    reviews = several(
        "Looked-after reviews",
        "One a line: 5 March 2026 for one that is planned; 5 March 2026, held; or 5 March 2026, held 9 March 2026.",
        rows=3,
    )
    visits = several(
        "Visits made",
        "One a line: 5 March 2026, or 5 March 2026 at 14:30, IRO, form. Who visits is the social worker if nothing else is "
        "said: adviser, IRO, service manager, commissioning. Add “form” where the purposeful form is complete, “not seen” "
        "where the child was not seen.",
        rows=6,
    )
    variations = several(
        "Other intervals agreed with the IRO",
        "For a home that is not registered, one a line: 5 March 2026, 14 days.",
    )
    notices = several("The regulator’s notices of concern about the home", "One a line: 5 March 2026.")
    legal_status = forms.ChoiceField(label="Legal status at the move", choices=LegalCode.choices, initial=LegalCode.C2)
    legal = several("Changes in the legal status since", "One a line, with the code: 5 March 2026, C2.")
    care_started_on = DayField(label="Looked after since", help_text="If that was before the move.", required=False)
    born_on = DayField(label="Date of birth", required=False)
    approved = several("The connected person is an approved foster carer", PERIODS)
    temporary = several("Approved for a time (regulation 24 or 25)", PERIODS)
    reg19 = several("With a parent before the assessment is complete (regulation 19)", PERIODS)
    lasts = several("The home is meant to last until 18", PERIODS)
    fewer = several("The child agrees to fewer visits", PERIODS)
    on = DayField(label="What is due on")

    GROUPS: Final = (
        ("The move", ("setting", "started_on", "started_time", "concern", "ended_on")),
        ("Registration, reviews and visits", ("registered", "registration", "reviews", "visits")),
        ("Legal status", ("legal_status", "legal", "care_started_on", "born_on")),
    )
    SELDOM: Final = ("variations", "notices", "approved", "temporary", "reg19", "lasts", "fewer")

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def seldom(self) -> list[Any]:
        """The boxes that most histories leave empty."""
        return [self[name] for name in self.SELDOM]

    def has_seldom(self) -> bool:
        """Does one of these hold anything, or is one wrong?"""
        return any(box.value() or box.errors for box in self.seldom())

    def clean_started_time(self) -> time:
        """The time of day; the beginning of the day where none is said."""
        typed = self.cleaned_data["started_time"]
        try:
            return read_time(typed) if typed.strip() else time.min
        except Unreadable as unreadable:
            raise ValidationError(f"The time {unreadable}") from None

    def clean_registration(self) -> tuple[Registration, ...]:
        """Each change, from its day on."""
        lines = self._lines("registration", STATUSES)
        return tuple(Registration(line.day, STATUSES[_only(line)].value) for line in lines)

    def clean_reviews(self) -> tuple[Review, ...]:
        """The reviews, each planned for its day, and held on that day or another where that is said."""
        lines = self._lines("reviews", (HELD,))
        return tuple(Review(line.day, line.until or (line.day if line.words else None)) for line in lines)

    def clean_visits(self) -> tuple[VisitMade, ...]:
        """The visits, each at noon if no time is said."""
        lines = self._lines("visits", (*VISITORS, "personal adviser", NOT_SEEN, FORM, UNFINISHED))
        return tuple(_visit(line, number) for number, line in enumerate(lines, start=1))

    def clean_variations(self) -> tuple[Variation, ...]:
        """The intervals agreed, each from its day on."""
        lines = read_lines(self.cleaned_data["variations"], with_days=True)
        return tuple(Variation(line.day, line.days or 0) for line in lines)

    def clean_notices(self) -> tuple[date, ...]:
        """The days of the notices."""
        return tuple(line.day for line in self._lines("notices", ()))

    def clean_legal(self) -> tuple[LegalStatus, ...]:
        """Each change, from its day on."""
        lines = self._lines("legal", CODES)
        return tuple(LegalStatus(line.day, CODES[_only(line)]) for line in lines)

    def clean_approved(self) -> tuple[Period, ...]:
        """When the connected person is approved."""
        return self._periods("approved")

    def clean_temporary(self) -> tuple[Period, ...]:
        """When that is for a time."""
        return self._periods("temporary")

    def clean_reg19(self) -> tuple[Period, ...]:
        """When regulation 19 holds."""
        return self._periods("reg19")

    def clean_lasts(self) -> tuple[Period, ...]:
        """When the home is meant to last."""
        return self._periods("lasts")

    def clean_fewer(self) -> tuple[Period, ...]:
        """When fewer visits are agreed."""
        return self._periods("fewer")

    def clean(self) -> dict[str, Any]:
        """The time of the move is one that a clock here showed."""
        told = super().clean() or self.cleaned_data
        if told.get("started_on") and told.get("started_time") is not None:
            try:
                told["start_at"] = local_moment(told["started_on"], told["started_time"])
            except Unreadable as unreadable:
                self.add_error("started_time", f"The time {unreadable}")
        return told

    def facts(self, copy_of: PlacementFacts | None = None) -> PlacementFacts:
        """What was typed, as the clocks read it. A copy knows of visits only since they are on record here."""
        told = self.cleaned_data
        start = told["started_on"]
        at_the_move = (Registration(start, told["registered"]),) if told["registered"] else ()
        return PlacementFacts(
            about="tried",
            start_at=told["start_at"],
            setting=told["setting"],
            care_started_on=told["care_started_on"] or start,
            ended_on=told["ended_on"],
            born_on=told["born_on"],
            legal=(LegalStatus(start, told["legal_status"]), *told["legal"]),
            temporary_approval=told["temporary"],
            carer_approved=told["approved"],
            reg19=told["reg19"],
            meant_to_last_to_18=told["lasts"],
            fewer_visits_agreed=told["fewer"],
            reviews=told["reviews"],
            notices=told["notices"],
            visits=told["visits"],
            concern_at_start=told["concern"],
            registration=(*at_the_move, *told["registration"]),
            variations=told["variations"],
            known_from=copy_of.known_from if copy_of else None,
            visits_known_from=copy_of.visits_known_from if copy_of else None,
        )

    def _lines(self, name: str, words: Iterable[str]) -> list[ToldLine]:
        return read_lines(self.cleaned_data[name], tuple(words))

    def _periods(self, name: str) -> tuple[Period, ...]:
        return tuple(Period(line.day, line.until) for line in self._lines(name, ()))


def as_typed(facts: PlacementFacts) -> Mapping[str, Any]:
    """The facts of a real placement as they stand in the boxes: what was there at the move, and what changed since."""
    start = facts.start
    status, registration = _at_the_move(facts.registration, start, "status", "")
    code, legal = _at_the_move(facts.legal, start, "code", LegalCode.C2)
    return {
        "setting": facts.setting,
        "started_on": start,
        "started_time": said_time(facts.start_at),
        "concern": facts.concern_at_start,
        "ended_on": min((day for day in (facts.ended_on, facts.care_ended_on) if day), default=None),
        "registered": status,
        "registration": _said(said_line(row.from_on, SAID_STATUS[row.status]) for row in registration),
        "reviews": _said(map(_said_review, facts.reviews)),
        "visits": _said(_said_visit(visit) for visit in facts.visits if visit.role in SAID_VISITOR),
        "variations": _said(said_line(row.from_on, f"{row.days} days") for row in facts.variations),
        "notices": _said(map(said_line, facts.notices)),
        "legal_status": code,
        "legal": _said(said_line(row.from_on, row.code) for row in legal),
        "care_started_on": facts.care_started_on,
        "born_on": facts.born_on,
        "approved": _said_periods(facts.carer_approved),
        "temporary": _said_periods(facts.temporary_approval),
        "reg19": _said_periods(facts.reg19),
        "lasts": _said_periods(facts.meant_to_last_to_18),
        "fewer": _said_periods(facts.fewer_visits_agreed),
    }


def _at_the_move(rows: Iterable[Any], start: date, name: str, none: str) -> tuple[str, list[Any]]:
    """What stood on the day of the move, and the later rows."""
    before = [row for row in rows if row.from_on <= start]
    stood = max(reversed(before), key=lambda row: row.from_on, default=None)
    return getattr(stood, name) if stood else none, [row for row in rows if row.from_on > start]


def _only(line: ToldLine) -> str:
    if len(line.words) != 1:
        raise ValidationError(f"Say what changed on {line.day:%-d %B %Y}, in one of the words listed")
    return next(iter(line.words))


def _visit(line: ToldLine, number: int) -> VisitMade:
    role = next((role for words, role in VISITORS.items() if words in line.words), Role.SOCIAL_WORKER)
    if "personal adviser" in line.words:
        role = Role.PERSONAL_ADVISER
    try:
        at: datetime = local_moment(line.day, line.at or NOON)
    except Unreadable as unreadable:
        raise ValidationError(f"“{line.day:%-d %B %Y}” {unreadable}") from None
    form = COMPLETE if FORM in line.words else DRAFT if UNFINISHED in line.words else None
    return VisitMade(at, role.value, seen=NOT_SEEN not in line.words, form=form, record=f"visit:{number}")


def _said_visit(visit: VisitMade) -> str:
    day = f"{said_line(local_day(visit.at))} at {said_time(visit.at)}"
    form = {COMPLETE: FORM, DRAFT: UNFINISHED}.get(visit.form or "", "")
    return ", ".join(filter(None, [day, SAID_VISITOR[visit.role], form, "" if visit.seen else NOT_SEEN]))


def _said_review(review: Review) -> str:
    if review.held_on is None:
        return said_line(review.scheduled_on)
    if review.held_on == review.scheduled_on:
        return said_line(review.scheduled_on, HELD)
    return said_line(review.scheduled_on, until=review.held_on, joined_by=f", {HELD}").replace(" ,", ",")


def _said_periods(periods: Iterable[Period]) -> str:
    return _said(said_line(period.from_on, until=period.to_on) for period in periods)


def _said(lines: Iterable[str]) -> str:
    return "\n".join(lines)
