"""Break-glass: opening one record that is out of one's sight, for a reason and for hours, told at once and reviewed.

Who may: `access.MAY_BREAK_GLASS`. Which record: the one child of the exact number, or of the exact name and date of birth;
where that is none or more than one, nothing is opened and nothing is said. Who is told, WHO_IS_TOLD says, and who reviews
it, `may_review`: never the person who used it. It closes by itself; before its hour, whoever MAY close it (`may_close`),
and the restriction of the record, which opens it to people named alone.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import Resolver404, resolve, reverse

from accounts.models import User
from accounts.roles import Role
from casework import diary, outbox
from casework.events import label_of
from casework.limits import Hours, local_day, start_of
from casework.models import Duty, Notification, Reading
from casework.rules_in_force import rules_in_force
from casework.steps import write_down
from casework.wording import said_moment
from children import access
from children.holders import find_holders
from children.models import BreakGlassAttempt, BreakGlassReview, BreakGlassUse, Child, ChildName
from children.rulebook import FAILED_A_DAY, OPEN_FOR
from children.states import ReviewOutcome, WhyOpened

NOTHING_OPENED = (
    "No record was opened. Check the number, or the full name and the date of birth: they must be exact. That you tried "
    "is written down."
)
TOO_OFTEN = (
    f"You have tried {FAILED_A_DAY} times today without opening a record. Break-glass opens again tomorrow. The privacy "
    "officer has been told: speak to them, or to the child’s team."
)
ALREADY_IN_SIGHT = "This record is open to you already: no break-glass was needed, and none was used."
REVIEWERS = frozenset({Role.PRIVACY_OFFICER, Role.AUDITOR})
TOLD = "break_glass"
"""The threshold of the notification: at once."""


def may_break_glass(about: Any, user: Any, at: datetime) -> bool:
    """Whoever sees any children by a role, and information governance. The record itself is not asked."""
    return bool(user.holds(*access.MAY_BREAK_GLASS, at=at))


def hours_to_choose(at: datetime) -> list[int]:
    """For how many hours a record can be opened: those of OPEN_FOR that A-01 lets one choose, and its limit (local rule)."""
    limit = rules_in_force().limit("A-01", local_day(at))
    longest = limit.count if isinstance(limit, Hours) else max(OPEN_FOR)
    return sorted({*(hours for hours in OPEN_FOR if hours < longest), longest})


def the_one_child(*, number: str = "", name: str = "", born: date = date.max) -> Child | None:
    """The one child of an exact number, or of an exact name and date of birth; None where there is none or another one."""
    if number:
        found = Child.objects.filter(Q(reference__in={number, number.upper()}))
    else:
        found = Child.objects.filter(date_of_birth=born, pk__in=_named_exactly(name))
    pks = list(found.values_list("pk", flat=True)[:2])
    return Child.objects.select_related("case_file").get(pk=pks[0]) if len(pks) == 1 else None


def _named_exactly(name: str) -> QuerySet[Any]:
    return ChildName.objects.filter(name__iexact=" ".join(name.split())).values("child")


# Breaking it


def failed_today(user: Any, at: datetime) -> int:
    """How many attempts of this person opened nothing today."""
    return BreakGlassAttempt.objects.filter(by=user, at__gte=start_of(local_day(at))).count()


@transaction.atomic
def write_attempt(user: Any, *, why: str, because: str, at: datetime) -> None:
    """Write down that somebody tried and nothing was opened; the privacy officer is told of the last one allowed."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    BreakGlassAttempt.objects.create(by=user, at=at, why=why, because=because)
    if failed_today(user, at) == FAILED_A_DAY:
        officers = User.objects.holding(Role.PRIVACY_OFFICER, at=at).exclude(pk=user.pk)
        address = _address("children:break_glass_uses")
        text = TRIED.format(attempts=FAILED_A_DAY, address=address)
        outbox.write(
            [(officer, "Hearth: break-glass was tried and opened nothing", text) for officer in officers], at=at
        )


def open_record(child: Child, *, hours: int, why: str, because: str, by: Any, at: datetime) -> BreakGlassUse:
    """Open the record to this person for so many hours: the event, the duty to review it and the alert, or none of them.

    Raises NotYou.
    """
    until = at + timedelta(hours=hours)
    with transaction.atomic():
        told = who_is_told(child, by, at)
        use = BreakGlassUse(child=child, by=by, why=why, because=because, starts_at=at, ends_at=until, told=told)
        sight = access.breaking_glass(by.pk, child.pk, at=at, until=until, because=because)
        details = {"why": WhyOpened(why).label, "until": said_moment(until), "hours": hours}
        write_down(
            use,
            sight,
            act="break_glass",
            about=child,
            may=may_break_glass,
            by=by,
            at=at,
            because=because,
            details=details,
        )
        diary.refresh([child.case_file_id], at=at)
        if told:
            _alert(use, told, at)
    return use


def _alert(use: BreakGlassUse, told: Any, at: datetime) -> None:
    duty = Duty.objects.filter(about=label_of(use)).first()
    if duty:
        Notification.objects.get_or_create(duty=duty, person=told, threshold=TOLD, defaults={"at": at})
    reviews = told.holds(*REVIEWERS, at=at)
    page = "children:break_glass_review" if reviews else "children:break_glass_use"
    addresses = {"address": _address(page, use.pk), "close": _address("children:close_break_glass", use.pk)}
    text = ALERT.format(until=said_moment(use.ends_at), **addresses)
    outbox.write([(told, "Hearth: a record was opened by break-glass", text)], at=at)


def who_is_told(child: Child, user: Any, at: datetime) -> Any:
    """Whom the alert goes to, the first row that gives somebody other than the user; None where nobody is there.

    The team manager of the child's team, who of a restricted record must be named on it: a relative may be that manager.
    The privacy officer. The auditor.
    """
    file = child.case_file_id
    holder = find_holders([(file, Role.TEAM_MANAGER)], at)[file, Role.TEAM_MANAGER]
    manager = None if holder.stands_in else User.objects.filter(pk=holder.person_id, is_active=True).first()
    return next((person for person in (manager, *reviewers(at)) if person and person != user), None)


# Closing it before its hour


def may_close(use: BreakGlassUse, user: Any, at: datetime) -> bool:
    """Whoever used it, whoever was told of it, and whoever reviews it."""
    return user.pk in (use.by_id, use.told_id) or may_review(use, user, at)


def uses_open(at: datetime) -> Any:
    """The uses whose records are open now."""
    return uses().filter(starts_at__lte=at, closed_at__gt=at)


def close_record(use: Any, *, by: Any, at: datetime) -> None:
    """The person sees nothing of it from the next click on. Raises NotYou. `use` is one of those open."""
    opened = list(access.glasses(use.child_id, at).filter(user=use.by_id, starts_at=use.starts_at))
    for row in opened:
        row.ends_at = at
    details = {"people": [use.by.name]}
    write_down(*opened, act="close_break_glass", about=use, may=may_close, by=by, at=at, details=details)


# Reviewing it


def reviewers(at: datetime) -> list[Any]:
    """The privacy officers, then the auditors, who are here now."""
    return [person for role in (Role.PRIVACY_OFFICER, Role.AUDITOR) for person in User.objects.holding(role, at=at)]


def may_review(use: BreakGlassUse, user: Any, at: datetime) -> bool:
    """The privacy officer, except for an own use; the auditor, for the uses of privacy officers."""
    if use.by_id == user.pk:
        return False
    used_by: Any = use.by
    was_officer = used_by.holds(Role.PRIVACY_OFFICER, at=use.starts_at)
    return bool(user.holds(Role.PRIVACY_OFFICER, at=at) or (user.holds(Role.AUDITOR, at=at) and was_officer))


def uses() -> Any:
    """Every use, with when it was or will be closed. No child is loaded."""
    closed_at = Coalesce(access.glass_ends_at(), F("ends_at"))
    return BreakGlassUse.objects.annotate(case_file_id=F("child__case_file"), closed_at=closed_at)


def uses_listed_for(user: Any) -> Any:
    """Every use but the reader's own, the latest first, each with how it was last reviewed."""
    latest = BreakGlassReview.objects.filter(use=OuterRef("pk")).order_by("-at", "-pk")
    return (
        uses()
        .exclude(by=user)
        .annotate(outcome=Subquery(latest.values("outcome")[:1]))
        .select_related("by", "told")
        .order_by("-starts_at", "-pk")
    )


def not_reviewed() -> Q:
    """The condition on listed uses that nobody has settled."""
    return Q(outcome=None) | Q(outcome=ReviewOutcome.EXPLAIN)


def review(use: Any, *, outcome: str, says: str, by: Any, at: datetime) -> None:
    """Write down what somebody else found; the person is told of a question. Raises NotYou. `use` is one of those listed."""
    found = BreakGlassReview(use=use, by=by, at=at, outcome=outcome, says=says)
    details = {"outcome": ReviewOutcome(outcome).label}
    told = {"by": by, "at": at, "because": says, "details": details}
    with transaction.atomic():
        write_down(found, act="review_break_glass", about=use, may=may_review, **told)
        if outcome == ReviewOutcome.EXPLAIN:
            text = EXPLAIN.format(when=said_moment(use.starts_at))
            outbox.write([(use.by, "Hearth: please explain a use of break-glass", text)], at=at)


def pages_read(use: Any, at: datetime) -> list[tuple[datetime, str]]:
    """What the person read of the record while it was open, from the read log: when, and which kind of page."""
    read = Reading.objects.filter(
        user=use.by_id, at__gte=use.starts_at, at__lt=min(use.closed_at, at + timedelta.resolution)
    ).filter(case_files__contains=[use.case_file_id])
    return [(row.at, said_page(row.page)) for row in read.order_by("at", "pk")]


KINDS_OF_PAGE: Final = (
    ("children:child", "The child’s page"),
    ("children:timeline", "What has happened"),
    ("children:search", "A search that found the child"),
    ("children:", "A page about the child"),
    ("placements:", "Where the child lives or lived"),
    ("visits:", "Visits"),
    ("approvals:document", "An approval, as a document"),
    ("approvals:", "An approval"),
    ("tracking:", "The dashboard"),
)
"""How pages are said by the beginning of their name; the first row that fits."""


def said_page(path: str) -> str:
    """Which kind of page an address is, without the number in it."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return "Another page"
    return next((says for begins, says in KINDS_OF_PAGE if name.startswith(begins)), "Another page")


def attempts_by_person(since: datetime) -> list[dict[str, Any]]:
    """Who tried without opening a record since a moment: the person, how often, and the last time."""
    found: dict[int, dict[str, Any]] = {}
    for attempt in BreakGlassAttempt.objects.filter(at__gte=since).select_related("by").order_by("-at"):
        row = found.setdefault(attempt.by_id, {"by": attempt.by, "number": 0, "last": attempt.at})
        row["number"] += 1
    return list(found.values())


def _address(name: str, *arguments: Any) -> str:
    return outbox.address_of(reverse(name, args=arguments))


ALERT: Final = """\
Somebody opened a record by break-glass in Hearth. It is open to that person until {until}.

To see who, why, and which record if you may, sign in:
{address}

If you know of no reason, ask at once. To close the record to that person before its hour:
{close}

This message names nobody on purpose, so please add no names if you forward it.
"""
TRIED: Final = """\
Somebody tried {attempts} times today to open a record by break-glass in Hearth, and none was opened. It is refused to that
person until tomorrow. To see who, sign in:
{address}

This message names nobody on purpose, so please add no names if you forward it.
"""
EXPLAIN: Final = """\
You opened a record by break-glass in Hearth on {when}. Whoever reviews it asks you to explain why. Please speak to your
authority’s privacy officer, and name no child in a mail.
"""
