"""The facts of what follows from visits and stands around reviews, gathered for a batch of case files by one statement."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from casework.diary import Batch
from casework.limits import local_day
from casework.models import Event
from casework.together import Found, Rows, Together
from children.ages import birthday
from children.models import Child, LookedAfterReview
from placements.histories import History, histories
from placements.models import Placement
from visits.after import facts
from visits.clocks.facts import OF_AGE, PlacementFacts
from visits.clocks.gathering import placements_to_visit
from visits.models import (
    ContractQuestion,
    FormReading,
    FormVersion,
    HealthAsked,
    Incident,
    PrivateConversation,
    ProviderAction,
    ProviderReport,
    RaisedByIro,
    ReportsAgreed,
    VisitingForm,
    VisitsConsidered,
)
from visits.states import ActionState, FormKind

ARRANGING: Final = ("schedule_review", "hold_review")
"""The acts by which a review is arranged, moved or held."""

OF_CHILD = "r.child_id IN (SELECT id FROM child)"
OF_PLACEMENT = "r.placement_id IN (SELECT id FROM placement)"
AROUND_REVIEW = ("id", "review_id", "child_id", "at")
READ: Final = Together(
    Rows(Child, "r.case_file_id = ANY(%(files)s)", only=("id", "case_file_id")),
    Rows(Placement, f"NOT r.struck_out AND {OF_CHILD}", only=("id", "child_id")),
    Rows(
        VisitingForm,
        f"r.state = 'complete' AND {OF_CHILD}",
        ("made_at", "id"),
        only=(
            *("id", "kind", "child_id", "placement_id", "home_id", "carer_id", "role", "author_id"),
            *("made_at", "completed_at", "to_line_manager"),
        ),
    ),
    Rows(
        FormVersion,
        "r.form_id IN (SELECT id FROM visitingform)",
        ("number",),
        only=("id", "form_id", "number", "typed_at"),
    ),
    Rows(
        FormReading,
        "r.version_id IN (SELECT id FROM formversion)",
        ("at", "id"),
        only=("id", "version_id", "role", "at", "concludes"),
    ),
    Rows(
        ProviderAction,
        "r.form_id IN (SELECT id FROM visitingform)",
        only=("id", "form_id", "state", "agreed_at", "due_on", "settled_at"),
    ),
    Rows(
        Event,
        """r.case_file_id = ANY(%(files)s) AND r.at <= %(at)s AND (r.act = ANY(%(arranging)s)
        OR r.record IN (SELECT 'visits.provideraction:' || id FROM provideraction))""",
        ("case_file_id", "number"),
        only=("id", "case_file_id", "number", "record", "act", "at", "details"),
    ),
    Rows(PrivateConversation, OF_CHILD, ("at", "id"), only=AROUND_REVIEW),
    Rows(VisitsConsidered, OF_CHILD, ("at", "id"), only=AROUND_REVIEW),
    Rows(
        RaisedByIro,
        OF_CHILD,
        ("recorded_at", "id"),
        only=("id", "child_id", "placement_id", "reading_id", "recorded_at", "awaited_until"),
    ),
    Rows(
        Incident,
        OF_PLACEMENT,
        ("happened_at", "id"),
        only=("id", "placement_id", "happened_at", "told_at", "account_received_at"),
    ),
    Rows(ReportsAgreed, OF_PLACEMENT, ("from_on", "id"), only=("id", "placement_id", "from_on", "days", "recorded_at")),
    Rows(
        ProviderReport, OF_PLACEMENT, ("received_on", "id"), only=("id", "placement_id", "received_on", "recorded_at")
    ),
    Rows(
        ContractQuestion,
        OF_PLACEMENT,
        ("recorded_at", "id"),
        only=("id", "placement_id", "recorded_at", "answered_at"),
    ),
    Rows(
        HealthAsked,
        OF_PLACEMENT,
        ("recorded_at", "id"),
        only=("id", "placement_id", "professional_id", "recorded_at", "wanted_by"),
    ),
)


def after_facts(batch: Batch) -> Mapping[int, facts.AfterFacts]:
    """By case file, what its duties after visits hang on."""
    found = READ.read(files=list(batch.files), at=batch.at, arranging=list(ARRANGING))
    told = _Told(found)
    visited = batch.load(placements_to_visit)
    return {pk: told.of(history, visited.get(pk, ())) for pk, history in batch.load(histories).items()}


def over_on(history: History) -> date | None:
    """The first day on which the child is looked after no longer, or is of age."""
    care = history.care_periods[-1] if history.care_periods else None
    days = [birthday(history.child.date_of_birth, OF_AGE), care.ended_on if care else None]
    return min((day for day in days if day), default=None)


class _Told:
    """What was found, by what it hangs on."""

    def __init__(self, found: Found) -> None:
        self.forms = found.by("child_id", VisitingForm)
        self.versions = found.by("form_id", FormVersion)
        self.readings = found.by("version_id", FormReading)
        self.actions = found.by("form_id", ProviderAction)
        self.events = found.by("record", Event)
        self.events_of_file = found.by("case_file_id", Event)
        self.conversations = found.by("child_id", PrivateConversation)
        self.considered = found.by("child_id", VisitsConsidered)
        self.raised = found.by("child_id", RaisedByIro)
        self.of_placement: Mapping[type, Mapping[int, list[Any]]] = {
            model: found.by("placement_id", model)
            for model in (Incident, ReportsAgreed, ProviderReport, ContractQuestion, HealthAsked)
        }

    def of(self, history: History, visited: tuple[PlacementFacts, ...]) -> facts.AfterFacts:
        """The facts of one child."""
        child = history.child
        forms = [(form, _placement_of(form, history)) for form in self.forms[child.pk]]
        return facts.AfterFacts(
            child=f"children.child:{child.pk}",
            over_on=over_on(history),
            known_from=local_day(history.known_from) if history.known_from else None,
            placements=visited,
            reviews=tuple(
                facts.ReviewOnRecord(_label(review), review.scheduled_on, review.held_on) for review in history.reviews
            ),
            arranged=tuple(event.at for event in self.events_of_file[child.case_file_id] if event.act in ARRANGING),
            forms=tuple(self._form(form, placement) for form, placement in forms),
            actions=tuple(
                self._action(action, form, placement) for form, placement in forms for action in self.actions[form.pk]
            ),
            conversations=tuple(map(_at_review, self.conversations[child.pk])),
            considered=tuple(map(_at_review, self.considered[child.pk])),
            raised=tuple(map(_raised, self.raised[child.pk])),
            **self._around_providers(history, forms),
        )

    def _form(self, form: VisitingForm, placement: str) -> facts.FormMade:
        versions = self.versions[form.pk]
        return facts.FormMade(
            record=_label(form),
            kind=form.kind,
            role=form.role,
            placement=placement,
            versions=tuple(version.typed_at for version in versions),
            to_line_manager=form.to_line_manager,
            readings=tuple(
                facts.ReadingMade(_label(reading), reading.at, reading.role, reading.concludes)
                for version in versions
                for reading in self.readings[version.pk]
            ),
        )

    def _action(self, action: ProviderAction, form: VisitingForm, placement: str) -> facts.Action:
        events = self.events[_label(action)]
        settled: dict[str, datetime | None] = {action.state: action.settled_at}
        return facts.Action(
            record=_label(action),
            role=form.role,
            placement=placement,
            days=_days_of(action, events),
            reminded=tuple(event.at for event in events if event.act == "remind"),
            escalated=tuple(event.at for event in events if event.act == "escalate"),
            done_at=settled.get(ActionState.DONE),
            dropped_at=settled.get(ActionState.NOT_NEEDED),
        )

    def _around_providers(
        self, history: History, forms: Iterable[tuple[VisitingForm, str]]
    ) -> dict[str, tuple[Any, ...]]:
        tools = [form for form, _ in forms if form.kind == FormKind.HEALTH]
        rows = {
            model: [(_label(placement), row) for placement in history.placements for row in by_placement[placement.pk]]
            for model, by_placement in self.of_placement.items()
        }
        return {
            "incidents": tuple(
                facts.ToldOf(_label(row), about, row.happened_at, row.told_at, row.account_received_at)
                for about, row in rows[Incident]
            ),
            "intervals": tuple(
                facts.IntervalAgreed(about, row.from_on, row.days, row.recorded_at)
                for about, row in rows[ReportsAgreed]
            ),
            "reports": tuple(
                facts.ReportReceived(_label(row), about, row.received_on, row.recorded_at)
                for about, row in rows[ProviderReport]
            ),
            "contracts": tuple(
                facts.ContractRaised(_label(row), about, row.recorded_at, row.answered_at)
                for about, row in rows[ContractQuestion]
            ),
            "tools": tuple(_tool(about, row, tools) for about, row in rows[HealthAsked]),
        }


def _label(record: Any) -> str:
    return f"{record._meta.label_lower}:{record.pk}"


def _placement_of(form: VisitingForm, history: History) -> str:
    """The placement that a form is about; one made before the move is about the first that followed in the same home."""
    if form.placement_id:
        return f"placements.placement:{form.placement_id}"
    same = [
        placement
        for placement in history.placements
        if placement.started_at >= form.made_at
        and (
            (form.home_id and placement.home_id == form.home_id)
            or (form.carer_id and placement.carer_id == form.carer_id)
        )
    ]
    return _label(same[0]) if same else ""


def _days_of(action: ProviderAction, events: Iterable[Event]) -> tuple[facts.DayAgreed, ...]:
    """The days that were agreed for an action one after the other, as its steps tell them."""
    put_off = [event for event in events if event.act == "postpone"]
    if not put_off:
        return (facts.DayAgreed(action.due_on, action.agreed_at),)
    first = facts.DayAgreed(date.fromisoformat(put_off[0].details["due_before"]), action.agreed_at)
    later = (facts.DayAgreed(date.fromisoformat(event.details["due_on"]), event.at) for event in put_off)
    return (first, *later)


def _at_review(row: PrivateConversation | VisitsConsidered) -> facts.AtReview:
    return facts.AtReview(f"{LookedAfterReview._meta.label_lower}:{row.review_id}", row.at, _label(row))


def _raised(row: RaisedByIro) -> facts.Raised:
    return facts.Raised(
        record=_label(row),
        at=row.recorded_at,
        placement=f"placements.placement:{row.placement_id}" if row.placement_id else "",
        reading=f"visits.formreading:{row.reading_id}" if row.reading_id else "",
        awaited_until=row.awaited_until,
    )


def _tool(about: str, row: HealthAsked, tools: Iterable[VisitingForm]) -> facts.ToolAsked:
    """What was asked of a health professional, with the first tool that this person completed after it."""
    done = [
        (form.completed_at, _label(form))
        for form in tools
        if form.author_id == row.professional_id and form.completed_at and form.completed_at >= row.recorded_at
    ]
    done_at, tool = min(done, default=(None, ""))
    return facts.ToolAsked(
        record=_label(row),
        placement=about,
        professional=row.professional_id,
        at=row.recorded_at,
        wanted_by=row.wanted_by,
        done_at=done_at,
        form=tool,
    )
