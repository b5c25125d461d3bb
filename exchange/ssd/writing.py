"""Visits out of the installation: a period's, of every child whom whoever asks may count, as a table `ssd_cla_visits`.

One COPY writes it, so that memory stays flat however many there are. Cells are as `exchange.ssd.cells` reads them: what is
taken along here, another installation brings as the same visits. A visit keeps the number under which it was brought; one
that was recorded here has Hearth's own. Restricted children are left out, as from everything that Performance counts.
"""

from collections.abc import Mapping
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final

from django.db import connection, transaction
from django.utils import timezone

from casework.errands import UnderWay
from casework.limits import end_of, start_of
from children.access import children_counted_for
from children.models import Child
from exchange.limits import PART
from exchange.models import Export, ExportPart
from exchange.spreadsheet import GUARDED
from exchange.ssd.layout import HEADINGS

OF_PERIOD: Final = """
    FROM visits_visit v
    JOIN placements_placement p ON p.id = v.placement_id
    JOIN children_child c ON c.id = p.child_id
    WHERE v.made_at >= %s AND v.made_at < %s AND NOT v.struck_out AND c.id IN ({children})
"""
# OFFSET 0 has the database work out the local time of a visit once, and not wherever it is named.
VISITS_MADE: Final = """
    SELECT v.id, v.made_at, v.made_at AT TIME ZONE 'Europe/London' AS here, v.child_seen, v.seen_alone, c.id AS child,
        c.reference AS person, coalesce(nullif(v.brought_as, ''), v.key::text) AS number
    {of_period} OFFSET 0
"""
# Of two periods of care that meet on one day, the later; so each visit is written once, whatever is on record.
CARE: Final = """
    SELECT r.child_id, r.id, r.started_on, least(
        r.ended_on, lead(r.started_on) OVER (PARTITION BY r.child_id ORDER BY r.started_on, r.id) - 1
    ) AS last_on FROM children_careperiod r
"""
# Local time alone, unless it would be read as another moment: at midnight, and in the first of two hours of one name.
CELLS: Final = """
    SELECT {number}, care.id, {person}, v.here::text || CASE
            WHEN v.here::time <> '00:00' AND v.here AT TIME ZONE 'Europe/London' = v.made_at THEN ''
            WHEN v.here > v.made_at AT TIME ZONE 'UTC' THEN '+01' ELSE '+00' END,
        CASE WHEN v.child_seen THEN 'Y' ELSE 'N' END,
        CASE WHEN v.seen_alone THEN 'Y' ELSE 'N' END
    FROM ({visits}) v LEFT JOIN ({care}) care ON care.child_id = v.child
        AND care.started_on <= v.here::date AND (care.last_on IS NULL OR care.last_on >= v.here::date)
    ORDER BY v.made_at, v.id
"""
COPYING: Final = "COPY (SELECT * FROM ({cells}) AS visits({named})) TO STDOUT WITH (FORMAT csv, HEADER)"


def write_visits(under_way: UnderWay) -> Mapping[str, Any]:
    """Write the file that an export asks for; written again, it replaces what was written."""
    export = Export.objects.select_related("by").get(errand=under_way.errand)
    under_way.tell(0, None, "Writing the visits.")
    with TemporaryFile() as file, transaction.atomic():
        export.rows = copy_visits(export, file, at=timezone.now())
        ExportPart.objects.filter(export=export).delete()
        file.seek(0)
        for number, content in enumerate(iter(lambda: file.read(PART), b"")):
            ExportPart.objects.create(export=export, number=number, content=content)
        export.save(update_fields=["rows", "case_files"])
    return {}


def copy_visits(export: Export, file: BinaryIO, *, at: datetime) -> int:
    """Write the visits into a file, and note with the export whose they are; how many they were."""
    of_period, told = _of_period(export, at)
    with connection.cursor() as cursor:
        copying = COPYING.format(cells=_cells(of_period), named=", ".join(HEADINGS))
        guards = [list(GUARDED)] * 2
        cursor.copy_expert(cursor.mogrify(copying, [*guards, *told]).decode(), file)
        rows = int(cursor.rowcount)
        cursor.execute(f"SELECT DISTINCT c.case_file_id {of_period}", told)
        export.case_files = [pk for (pk,) in cursor.fetchall()]
    return rows


def _of_period(export: Export, at: datetime) -> tuple[str, list[Any]]:
    """From where the visits come, as SQL with its parameters."""
    counted = Child.objects.filter(children_counted_for(export.by, at)).order_by().values("pk")
    children, told = counted.query.sql_with_params()
    return OF_PERIOD.format(children=children), [start_of(export.from_on), end_of(export.to_on), *told]


def _cells(of_period: str) -> str:
    visits = VISITS_MADE.format(of_period=of_period)
    return CELLS.format(number=_guarded("v.number"), person=_guarded("v.person"), visits=visits, care=CARE)


def _guarded(column: str) -> str:
    """A cell that no spreadsheet takes for a formula (`exchange.spreadsheet.guarded`)."""
    return f"CASE WHEN left({column}, 1) = ANY(%s) THEN '''' || {column} ELSE {column} END"
