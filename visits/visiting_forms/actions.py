"""What a complete form does: the provider's actions that it agrees, and what it says of those that were open before.

The rows of the form are the actions: typed once, sealed with the form, and chased by their day. Two are the same that say
the same. A further version changes what is owed by what it changes: what is gone from it need not be done, what has another
day is owed by then, what is new is added. What an earlier visit left open comes forward by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from casework.limits import local_day
from casework.sections.parts import SAID, Given, Row
from casework.steps import follow
from casework.wording import said_day
from visits.states import ActionState
from visits.visiting_forms.asked import ACTIONS, DONE, DROPPED, POSTPONED, REMINDED
from visits.visiting_forms.rules import earlier_answers

ELSEWHERE: Final = "It is owed from the visit of {} now."
NOT_ANY_MORE: Final = "Version {} of the form does not have it any more."
CHANGED: Final = "Changed with version {} of the form."
AT_THE_VISIT: Final = "Said at the visit of {}."


def follow_from(form: Any, before: Mapping[str, Any], now: Mapping[str, Any], *, by: Any, at: datetime) -> None:
    """Carry out what a version says, held against the one before it. A form made for several is followed once."""
    if form.begun_with_id:
        return
    _settle_earlier(form, before, now, by=by, at=at)
    _change_own(form, _rows(before), _rows(now), by=by, at=at)


def left_open(form: Any) -> QuerySet[Any]:
    """What earlier forms about this child in this home left open, the first due first."""
    place, kind = form.place, type(form).actions.rel.related_model
    here = Q(form__placement=form.placement_id) if form.placement_id else Q(pk__in=())
    if place is not None:
        name = place._meta.model_name
        here |= Q(**{f"form__{name}": place}) | Q(**{f"form__placement__{name}": place})
    found = kind.objects.open().filter(here, form__child=form.child_id).exclude(form=form.pk)
    in_order: QuerySet[Any] = found.select_related("form").order_by("due_on", "pk")
    return in_order


def as_given(actions: Sequence[Any]) -> list[Given]:
    """Actions as the rows of a form."""
    return [Given(str(each.pk), each.says, _hint(each)) for each in actions]


def as_answered(content: Mapping[str, Any]) -> list[Given]:
    """The rows that a version of the form answered already: they stand there as they were."""
    return [Given(str(pk), row[SAID]) for pk, row in earlier_answers(content).items()]


def _hint(action: Any) -> str:
    asked = f"{action.owner}, by {said_day(action.due_on)}. Asked for at the visit of {said_day(action.form.made_at)}."
    reminded = f" Last reminded on {said_day(action.reminded_at)}." if action.reminded_at else ""
    return asked + reminded


def _settle_earlier(form: Any, before: Mapping[str, Any], now: Mapping[str, Any], **told: Any) -> None:
    said = earlier_answers(before)
    answers = {pk: row for pk, row in earlier_answers(now).items() if said.get(pk) != row}
    for action in left_open(form).filter(pk__in=answers):
        _settle(action, answers[action.pk], form, **told)


def _settle(action: Any, row: Row, form: Any, **told: Any) -> None:
    because = row["saw"] or AT_THE_VISIT.format(said_day(form.made_at))
    match row["stands"]:
        case str(stands) if stands == DONE:
            follow(action.finish, outcome=because, because=because, **told)
        case str(stands) if stands == REMINDED:
            follow(action.remind, because=because, **told)
        case str(stands) if stands == POSTPONED:
            follow(action.postpone, due_on=date.fromisoformat(row["by_day"]), because=because, **told)
        case str(stands) if stands == DROPPED:
            follow(action.drop, because=because, **told)


def _change_own(form: Any, was: Sequence[Row], now: Sequence[Row], *, by: Any, at: datetime) -> None:
    number, told = form.version.number, {"by": by, "at": at}
    open_now = {action.says: action for action in form.actions.open()}
    known_to_say = {row["what"] for row in was}
    says_now = {row["what"] for row in now}
    for says in known_to_say - says_now:
        if says in open_now:
            follow(open_now[says].drop, because=NOT_ANY_MORE.format(number), **told)
    for row in now:
        if row["what"] in known_to_say:
            _change(open_now.get(row["what"]), row, number, **told)
        else:
            _agree(form, row, **told)


def _change(action: Any, row: Row, number: int, **told: Any) -> None:
    """Another day or owner, as long as it is open."""
    if action is None:
        return
    if action.owner != row["owner"]:
        action.owner = row["owner"]
        action.save(update_fields=["owner"])
    if action.due_on != date.fromisoformat(row["due_on"]):
        follow(action.postpone, due_on=date.fromisoformat(row["due_on"]), because=CHANGED.format(number), **told)


def _agree(form: Any, row: Row, *, by: Any, at: datetime) -> None:
    """It is owed from now on, and from no earlier visit any more."""
    for same in left_open(form).filter(says=row["what"], state=ActionState.OPEN):
        follow(same.drop, because=ELSEWHERE.format(said_day(local_day(form.made_at))), by=by, at=at)
    due_on = date.fromisoformat(row["due_on"])
    form.actions.create(says=row["what"], owner=row["owner"], due_on=due_on, agreed_at=at)


def _rows(content: Mapping[str, Any]) -> list[Row]:
    return list(content.get(ACTIONS, ()))
