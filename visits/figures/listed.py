"""The list behind a figure: which rows, narrowed to what, in which order."""

from datetime import datetime
from typing import Any, Final

from django.db.models import F, Max, Min, OuterRef, QuerySet, Subquery

from children.models import Child
from visits.figures.asking import Asked
from visits.figures.counting import DAYS_LATE
from visits.figures.table import Figure, Of, divided, duties, rows, whom
from visits.models import Visit


def narrowed(asked: Asked, children: "QuerySet[Child]") -> Any:
    """The rows behind a figure, each with its `reason` where the figure has reasons."""
    figure = asked.figure
    found = rows(figure.of, children).filter(figure.condition(asked.month))
    role = asked.who.partition(":")[0] or asked.role
    if role and figure.of in (Of.DUTIES, Of.VISITS):
        found = found.filter(role=role)
    if asked.rule and figure.of is Of.DUTIES:
        found = found.filter(kind=asked.rule)
    if figure.of in COUNTS_FOR_SOMEBODY:
        found = found.annotate(person=whom(figure.of))
        if asked.who:
            found = found.filter(person=asked.person)
    if figure.why:
        found = divided(found, figure, asked.month)
    return found.filter(reason=asked.why) if asked.why else found


COUNTS_FOR_SOMEBODY: Final = frozenset({Of.DUTIES, Of.VISITS, Of.AROUND_REVIEWS})
CHILD_OF: Final = {
    Of.CHILDREN: "",
    Of.DUTIES: "case_file__child__",
    Of.VISITS: "placement__child__",
    Of.AROUND_REVIEWS: "case_file__child__",
    Of.READINGS: "version__form__child__",
}
"""How a row leads to its child."""
OLDEST_FIRST: Final = {
    Of.CHILDREN: "last_seen",
    Of.DUTIES: "due_at",
    Of.VISITS: "made_at",
    Of.AROUND_REVIEWS: "due_at",
    Of.READINGS: "at",
}
"""By what a list is sorted if nothing else is chosen."""


def sorts(figure: Figure) -> dict[str, tuple[Any, ...]]:
    """How the list can be sorted, by the word in the address; OLDEST_FIRST says what “when” is."""
    child, oldest = CHILD_OF[figure.of], OLDEST_FIRST[figure.of]
    name = (f"{child}surname", f"{child}forename", "pk")
    found: dict[str, tuple[Any, ...]] = {
        "when": (F(oldest).asc(nulls_first=True), "pk"),
        "-when": (F(oldest).desc(nulls_last=True), "-pk"),
        "name": name,
        "-name": tuple(f"-{each}" for each in name),
    }
    if figure.code in SAYS_HOW_LATE:
        found |= {"-late": ("-days_late", "pk"), "late": ("days_late", "pk")}
    return found


SAYS_HOW_LATE: Final = frozenset({"late", "missed"})


def shown(asked: Asked, children: "QuerySet[Child]") -> Any:
    """The rows with what the list says of each; the children are loaded, and so noted, where names are shown."""
    found = narrowed(asked, children)
    of = asked.figure.of
    if of is Of.CHILDREN:
        return _when_seen(found, asked.month.at)
    if asked.figure.code in SAYS_HOW_LATE:
        found = found.annotate(days_late=DAYS_LATE)
    if of is Of.READINGS:
        found = found.select_related("version__form", "by")
    return found.select_related(CHILD_OF[of].removesuffix("__")) if asked.whose.has_names else found


def _when_seen(children: "QuerySet[Child]", at: datetime) -> Any:
    """Children with the day on which each was last seen, and seen alone, and when the next visit is due."""
    seen = Visit.objects.filter(placement__child=OuterRef("pk"), child_seen=True, made_at__lte=at).order_by()
    latest = seen.values("placement__child").annotate(at=Max("made_at")).values("at")
    alone = seen.filter(seen_alone=True).values("placement__child").annotate(at=Max("made_at")).values("at")
    owed = duties(Child.objects.filter(pk=OuterRef(OuterRef("pk")))).open().order_by().values("case_file")
    return children.annotate(
        last_seen=Subquery(latest),
        last_alone=Subquery(alone),
        next_due=Subquery(owed.annotate(at=Min("due_at")).values("at")),
    )
