"""Imports: which there were, bringing files, the report, the decision, and the findings as a file."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from casework import lists, recording
from casework.pages import Holds, page
from casework.reading import InPieces
from casework.steps import NotYet
from casework.wording import counted, said_day, said_moment
from children.access import children_not_hidden_from
from children.allocators import MOVES
from children.models import Child, TeamHolding
from exchange.deliveries import (
    bring as bring_files,
    decide as decide_on,
    digest_of,
    objections_to_deciding,
    standing_of,
)
from exchange.findings import Level
from exchange.findings_list import LEVELS, FindingsSeen, Line
from exchange.forms import BringForm, BringVisitsForm, ChildForm, DecisionForm
from exchange.limits import FINDINGS_A_PAGE, ROWS_IN_A_WORKBOOK
from exchange.models import Delivery, SourceRow
from exchange.permissions import LOADERS
from exchange.spreadsheet import as_csv, as_workbook
from exchange.ssd.layout import HEADINGS, VISITS
from exchange.ssda903.reading import said_year

IMPORTS_A_PAGE = 25
COLUMNS = ("What became of it", "What was found", "File", "Table", "Row", "Column", "Value", "Child")
COLUMNS_OF_PAGE = ("What became of it", "What was found", "Where", "Value", "Child")
LIST = "#found"
"""Where the list stands on the report: who narrows it, or turns its pages, is brought there."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CAPTIONS = {Delivery.Kind.RETURN: "Files of the statutory return", Delivery.Kind.VISITS: "Files of visits"}
TRAIL = ("Imports", "exchange:imports")


@require_safe
@page(Holds.NOTHING_PERSONAL, roles=LOADERS)
def imports(request: HttpRequest) -> HttpResponse:
    """Every import there was, the latest first: who, when, what came of it."""
    found = Delivery.objects.select_related("by", "decided_by", "look", "load")
    shown = lists.page_of(request, found, IMPORTS_A_PAGE)
    rows = [_import_row(delivery) for delivery in shown]
    return render(request, "exchange/imports.html", {"rows": rows, "page": shown, "columns": IMPORT_COLUMNS})


IMPORT_COLUMNS = [
    {"label": label} for label in ("Brought", "What", "By", "Where it stands", "What it holds", "Decided")
]


def _import_row(delivery: Delivery) -> list[Any]:
    standing = standing_of(delivery)
    children = delivery.told.get("histories", {}).get("children")
    decided = f"{delivery.decided_by.name}, {said_moment(delivery.decided_at)}" if delivery.decided_by else ""
    return [
        {"says": said_moment(delivery.brought_at), "url": delivery.get_absolute_url()},
        delivery.get_kind_display(),
        delivery.by.name,
        {"says": standing.says, "tone": standing.tone},
        "" if children is None else {"says": counted(children, "child"), "note": _years(delivery)},
        decided,
    ]


def _years(delivery: Delivery) -> str:
    """Which years an import is about, of several the first and the last; of visits how many are new."""
    if delivery.kind == Delivery.Kind.VISITS:
        return counted(delivery.told["made"].get("visits", 0), "new visit")
    years = sorted({file["year"] for file in delivery.told.get("files", ())})
    if len(years) > 1:
        return f"Years ended March {years[0]} to {years[-1]}"
    return capfirst(said_year(years[0])) if years else ""


@page(Holds.NOTHING_PERSONAL, roles=LOADERS)
def bring(request: HttpRequest) -> HttpResponse:
    """Bring files of a return: they are looked through first."""

    def said(form: BringForm) -> dict[str, Any]:
        return {"authority_code": form.authority_code, "year": form.cleaned_data["year"]}

    assures = (
        "Header, episodes and reviews become records. Every other table is kept as it came.",
        "Several years, brought together or one after the other, become one history for each child.",
        "What people have recorded here is never overwritten.",
    )
    return _bring(request, BringForm, "Bring files of the return", said, Delivery.Kind.RETURN, assures)


@page(Holds.NOTHING_PERSONAL, roles=LOADERS)
def bring_visits(request: HttpRequest) -> HttpResponse:
    """Bring files of visits: they are looked through first."""

    def said(form: BringVisitsForm) -> dict[str, Any]:
        return {"since": form.cleaned_data["since"]}

    assures = (
        f"The columns are those of the Standard Safeguarding Dataset, {VISITS.key}: {', '.join(HEADINGS)}.",
        "A visit is joined to the home in which the child lived then. So load the return first.",
        "Who made the visit no file says. It counts as a social worker’s, and is marked as brought from another system.",
        "Bringing a visit again changes nothing. What people have recorded here is never overwritten.",
    )
    return _bring(request, BringVisitsForm, "Bring visits", said, Delivery.Kind.VISITS, assures)


def _bring(
    request: HttpRequest,
    form_class: Any,
    title: str,
    said: Callable[[Any], dict[str, Any]],
    kind: Delivery.Kind,
    assures: Iterable[str],
) -> HttpResponse:
    if request.method == "POST":
        files = request.FILES.getlist("files")
        # The same key with other files is another sending.
        sent = request.POST.copy()
        sent.setlist("digests", [digest_of(file) for file in files])
        request.POST = sent  # type: ignore[assignment]
        are_too_large = getattr(request, "files_are_too_large", False)
        form_class = partial(form_class, files=request.FILES, are_too_large=are_too_large)

    def act(form: Any) -> str:
        brought = bring_files(form.cleaned_data["files"], by=request.user, at=request.at, kind=kind, **said(form))
        return str(brought.look.get_absolute_url())

    return recording.record(
        request,
        form_class,
        about=None,
        page=recording.Page(title, button="Look through the files", template="exchange/bring.html"),
        act=act,
        done="The files have arrived. Nothing is loaded until you say so.",
        context={"breadcrumbs": _trail(), "assures": assures},
    )


@page(Holds.WHAT_FILES_SAY, roles=LOADERS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of an import: its counts, and its findings as a list that can be narrowed."""
    delivery = _delivery_or_404(pk)
    seen = FindingsSeen(delivery, request.user, request.at, request.GET)
    asks_for_child = request.method == "POST"
    child_form = ChildForm(request.POST if asks_for_child else None)
    if asks_for_child and child_form.is_valid():
        found = seen.about(child_form.cleaned_data["child"])
        if found:
            return HttpResponseRedirect(lists.address(request, of=str(found)) + LIST)
        child_form.add_error("child", "No finding is about a child with this code")
    standing = standing_of(delivery)
    shown = lists.page_of(request, seen.rows, FINDINGS_A_PAGE, number=seen.count)
    context = {
        "delivery": delivery,
        "caption": CAPTIONS[Delivery.Kind(delivery.kind)],
        "bring_url": reverse("exchange:bring_visits" if delivery.kind == Delivery.Kind.VISITS else "exchange:bring"),
        "when": said_moment(delivery.brought_at),
        "standing": standing,
        "facts": _facts(delivery),
        "figures": _figures(delivery, seen),
        "decision": DecisionForm(about=delivery, by=request.user, at=request.at) if standing.may_be_decided else None,
        "choices": [choice for choice in Delivery.Decision.choices if not objections_to_deciding(delivery, choice[0])],
        "not_yet": objections_to_deciding(delivery, Delivery.Decision.LOAD) if standing.may_be_decided else [],
        "errand": _errand_under_way(delivery, request.user),
        "failed": _why_failed(delivery),
        "without_team": _without_team(delivery, request),
        "teams_url": _where_to_give_one(request),
        "seen": seen,
        "filter_form": seen.form,
        "applied": lists.applied(request, seen.in_words),
        "clear_url": delivery.get_absolute_url(),
        "child_form": child_form,
        "forms": [child_form],
        "anchor": LIST,
        "columns": [{"label": label} for label in COLUMNS_OF_PAGE],
        "rows": [_row(line) for line in seen.page(shown.object_list)],
        "page": shown,
        "downloads": _downloads(request, delivery, seen),
        "breadcrumbs": _trail(),
    }
    return render(request, "exchange/report.html", context, status=422 if child_form.errors else 200)


@page(Holds.NOTHING_PERSONAL, roles=LOADERS)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Load the good rows, or nothing."""
    delivery = _delivery_or_404(pk)
    if request.method != "POST" and not standing_of(delivery).may_be_decided:
        raise NotYet(*objections_to_deciding(delivery, Delivery.Decision.NOTHING))

    def act(form: DecisionForm) -> str:
        decided = decide_on(pk, form.cleaned_data["decision"], by=request.user, at=request.at)
        return str(decided.load.get_absolute_url() if decided.load else decided.get_absolute_url())

    return recording.record(
        request,
        DecisionForm,
        about=delivery,
        page=recording.Page("Load these files or not", button="Continue"),
        act=act,
        done="Your decision is recorded.",
        context={"breadcrumbs": [*_trail(), ("The report", delivery.get_absolute_url())]},
    )


@require_safe
@page(Holds.WHAT_FILES_SAY, roles=LOADERS)
def findings_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The findings as narrowed, however many, in a stream."""
    seen = FindingsSeen(_delivery_or_404(pk), request.user, request.at, request.GET)
    seen.note_all()
    answer = InPieces(as_csv(COLUMNS, map(_cells, seen.stream())), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{pk}-findings.csv"'
    return answer


@require_safe
@page(Holds.WHAT_FILES_SAY, roles=LOADERS)
def findings_workbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The findings as narrowed, as a workbook, where there are not too many."""
    seen = FindingsSeen(_delivery_or_404(pk), request.user, request.at, request.GET)
    if seen.count > ROWS_IN_A_WORKBOOK.most:
        raise NotYet(ROWS_IN_A_WORKBOOK.says)
    seen.note_all()
    with as_workbook("Findings", COLUMNS, map(_cells, seen.stream())) as book:
        answer = HttpResponse(book.read(), content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="import-{pk}-findings.xlsx"'
    return answer


# What the report shows


def _delivery_or_404(pk: int) -> Delivery:
    found: Delivery = get_object_or_404(
        Delivery.objects.select_related("by", "decided_by", "look", "load", "run").prefetch_related("files"), pk=pk
    )
    return found


def _trail() -> list[tuple[str, str]]:
    label, name = TRAIL
    return [(label, reverse(name))]


def _facts(delivery: Delivery) -> list[dict[str, str]]:
    rows = [
        {"label": "Brought", "says": f"{said_moment(delivery.brought_at)} by {delivery.by.name}"},
        {"label": "Files", "says": "\n".join(file.name for file in delivery.files.all())},
        _time_covered(delivery),
    ]
    if delivery.decided_by:
        label = delivery.get_decision_display()
        says = f"{label}: {delivery.decided_by.name}, {said_moment(delivery.decided_at)}"
        rows.append({"label": "Decided", "says": says})
    return rows


def _time_covered(delivery: Delivery) -> dict[str, str]:
    if delivery.kind == Delivery.Kind.VISITS:
        return {"label": "Every visit since", "says": _every_visit_since(delivery)}
    years = sorted({file["year"] for file in delivery.told.get("files", ())})
    return {"label": "Years", "says": "\n".join(capfirst(said_year(year)) for year in years)}


def _every_visit_since(delivery: Delivery) -> str:
    if delivery.since is None:
        return "Not said: some visits may be missing"
    children = delivery.told.get("made", {}).get("every visit")
    return said_day(delivery.since) + ("" if children is None else f": newly so for {counted(children, 'child')}")


def _figures(delivery: Delivery, seen: FindingsSeen) -> list[dict[str, Any]]:
    told = delivery.told
    if "files" not in told:
        return []
    plain = _of_visits(told) if delivery.kind == Delivery.Kind.VISITS else _of_return(told)
    figures: list[dict[str, Any]] = [
        {"number": f"{number:,}", "label": f"{_noun(number, noun)} {which}".rstrip()} for number, noun, which in plain
    ]
    for level, noun in ((Level.WARNED, "warning"), (Level.REFUSED, "refusal")):
        number, (_, tone) = seen.of_level(level), LEVELS[level]
        url = f"{delivery.get_absolute_url()}?level={level.value}{LIST}" if number else ""
        figures.append(
            {"number": f"{number:,}", "label": _noun(number, noun), "tone": tone if number else "plain", "url": url}
        )
    return figures


def _of_return(told: dict[str, Any]) -> tuple[tuple[int, str, str], ...]:
    new = told["made"].get("children", 0)
    tables = [file for file in told["files"] if file["is_new"]]
    return (
        (len(told["files"]), "file", "of the return"),
        (sum(file["rows"] for file in tables), "row", "in new files"),
        (new, "child", "would be new") if told["dry_run"] else (new, "new child", ""),
        (told["histories"]["children"] - new, "child", "known before"),
    )


def _of_visits(told: dict[str, Any]) -> tuple[tuple[int, str, str], ...]:
    return (
        (sum(file["rows"] for file in told["files"]), "row", "in the files"),
        (told["made"].get("visits", 0), "visit", "would be new" if told["dry_run"] else "loaded"),
        (told["histories"]["children"], "child", "on record"),
    )


def _noun(number: int, noun: str) -> str:
    """The noun of a number that stands apart from it."""
    return counted(number, noun).split(" ", 1)[1]


def _errand_under_way(delivery: Delivery, user: Any) -> Any:
    """The errand to look at meanwhile, for whoever asked for it."""
    return next(
        (each for each in (delivery.load, delivery.look) if each and not each.ended_at and each.by_id == user.pk), None
    )


def _why_failed(delivery: Delivery) -> str:
    return (delivery.load.failed if delivery.load else "") or delivery.look.failed


def _without_team(delivery: Delivery, request: HttpRequest) -> int:
    """How many children of a load have no team: until one takes the case, hardly anybody sees them."""
    if delivery.run is None:
        return 0
    held = TeamHolding.objects.in_force(request.at).values("child")
    loaded = SourceRow.objects.filter(file__run=delivery.run, child__isnull=False).values("child")
    counted_here = Child.objects.filter(children_not_hidden_from(request.user, request.at), pk__in=loaded)
    return counted_here.exclude(pk__in=held).count()


def _where_to_give_one(request: HttpRequest) -> str:
    """The page on which children without a team get one, for whoever may give them one."""
    return reverse("children:team") if request.user.holds(*MOVES["many"].over_all, at=request.at) else ""


def _downloads(request: HttpRequest, delivery: Delivery, seen: FindingsSeen) -> list[tuple[str, str]]:
    """The list as narrowed, as files; nothing of an empty list."""
    ways = {"Download as CSV": "exchange:findings_csv", "Download as a workbook": "exchange:findings_workbook"}
    if seen.count > ROWS_IN_A_WORKBOOK.most:
        del ways["Download as a workbook"]
    to = {label: reverse(name, args=[delivery.pk]) for label, name in ways.items()} if seen.count else {}
    return [(label, lists.address(request, to=address)) for label, address in to.items()]


def _row(line: Line) -> list[Any]:
    says, tone = LEVELS[line.level]
    where = line.file if line.row is None else f"{line.file}, row {line.row}"
    parts = {"Table": line.table, "column": line.column}
    within = ", ".join(f"{part} {name}" for part, name in parts.items() if name)
    return [{"says": says, "tone": tone}, line.says, {"says": where, "note": capfirst(within)}, line.value, line.child]


def _cells(line: Line) -> Iterable[Any]:
    row = "" if line.row is None else line.row
    return LEVELS[line.level][0], line.says, line.file, line.table, row, line.column, line.value, line.child
