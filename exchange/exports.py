"""The pages of exports: which there were, asking for one, and downloading its file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework import lists, reading, recording
from casework.pages import Holds, page
from casework.reading import InPieces
from casework.wording import counted, said_day, said_moment
from exchange.forms import ExportForm
from exchange.models import Export
from exchange.permissions import LOADERS
from exchange.ssd.layout import VISITS
from exchange.taking_along import ask, objections_to_handing_out, pieces, standing_of

EXPORTS_A_PAGE = 25
COLUMNS = [{"label": label} for label in ("Asked for", "By", "Visits", "Where it stands", "What it holds")]


@require_safe
@page(Holds.NOTHING_PERSONAL, roles=LOADERS)
def exports(request: HttpRequest) -> HttpResponse:
    """Every export there was, the latest first."""
    shown = lists.page_of(request, Export.objects.select_related("by", "errand").defer("case_files"), EXPORTS_A_PAGE)
    rows = [_row(export) for export in shown]
    return render(request, "exchange/exports.html", {"rows": rows, "page": shown, "columns": COLUMNS})


@page(Holds.NOTHING_PERSONAL, roles=LOADERS)
def export_visits(request: HttpRequest) -> HttpResponse:
    """Ask for the visits of a period."""

    def act(form: ExportForm) -> str:
        asked = ask(by=request.user, at=request.at, **form.period)
        return str(asked.errand.get_absolute_url())

    return recording.record(
        request,
        ExportForm,
        about=None,
        page=recording.Page(
            "Export visits",
            button="Export the visits",
            lede=f"As the Standard Safeguarding Dataset has them, {VISITS.key}: which child was visited when, and whether "
            "the child was seen, and alone. Children whose records are restricted are left out.",
        ),
        act=act,
        done="The visits are being written.",
        context={"breadcrumbs": _trail()},
    )


@require_safe
@page(Holds.NOTHING_PERSONAL, roles=LOADERS)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """One export, and its file."""
    found = _export_or_404(pk)
    context = {
        "export": found,
        "standing": standing_of(found),
        "objections": objections_to_handing_out(found, request.at),
        "facts": _facts(found),
        "errand": found.errand if found.errand.by_id == request.user.pk and not found.errand.ended_at else None,
        "breadcrumbs": _trail(),
    }
    return render(request, "exchange/export.html", context)


@require_safe
@page(Holds.WHAT_FILES_SAY, roles=LOADERS)
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of an export; the read log hears whose visits it holds."""
    found = _export_or_404(pk)
    file = pieces(found, request.at)
    for case_file in found.case_files:
        reading.note(case_file)
    answer = InPieces(file, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{VISITS.file_name}"'
    return answer


def _export_or_404(pk: int) -> Export:
    found: Export = get_object_or_404(Export.objects.select_related("by", "errand"), pk=pk)
    return found


def _trail() -> list[tuple[str, str]]:
    return [("Exports", reverse("exchange:exports"))]


def _period(export: Export) -> str:
    return f"{said_day(export.from_on)} to {said_day(export.to_on)}"


def _row(export: Export) -> list[Any]:
    standing = standing_of(export)
    return [
        {"says": said_moment(export.asked_at), "url": export.get_absolute_url()},
        export.by.name,
        _period(export),
        {"says": standing.says, "tone": standing.tone},
        "" if export.rows is None else counted(export.rows, "visit"),
    ]


def _facts(export: Export) -> list[dict[str, str]]:
    holds = "" if export.rows is None else counted(export.rows, "visit")
    whose = counted(len(export.case_files), "child")
    return [
        {"label": "Visits made", "says": _period(export)},
        {"label": "Asked for", "says": f"{said_moment(export.asked_at)} by {export.by.name}"},
        {"label": "What it holds", "says": f"{holds} to {whose}" if holds else ""},
    ]
