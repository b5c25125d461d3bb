"""Copies a district until an authority has its size: one INSERT per table, the keys shifted, everything else as it was.

A copy's facts are those of its original, to the day, so its duties and its standing are too: nothing here works one out.
Children, placements and all that hangs on them are shifted by the number of the copy; homes, families, teams and their
workers by the number of the block in which the copy lives; areas, with their heads, by the number of the area's group.
Directors and whoever else is there once for the authority stay who they are. Those who left care are copied more often
than those who are looked after. Only what is chained or sealed by digest is made in Python (`bench.speed.sealing`).

Triggers and foreign keys are put aside while this runs; `bench.speed.checking` holds the result against them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from math import ceil
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from accounts.models import Appointment, User
from accounts.roles import Role
from bench import names
from bench.speed import sealing
from casework.models import CaseFile

SPAN = 100_000
"""Between the keys of one copy and the next; a district has fewer rows in each table."""
BLOCKS_IN_AN_AREA = 8
CASES_OF_THEIR_OWN = (Role.IRO, Role.SUPERVISING_SOCIAL_WORKER)
"""Held for the whole authority, and yet there are more of them where there are more children."""
ENDINGS = (*4 * ("",), *names.words("by combe den field ford gate ham holme ley low thorpe ton wick"))


class With(Enum):
    """What a row is copied with; the value is the column of `copies` that its key is shifted by."""

    CHILD = "n"
    BLOCK = "block"
    AREA = "area"


@dataclass(frozen=True)
class Copied:
    """A table: what its rows are copied with, the field that leads to their child, and what a copy is called anew."""

    model: str
    copied_with: With
    via: str = ""
    only: str = ""
    anew: Mapping[str, str] = field(default_factory=dict)


def _of_version(table: str) -> dict[str, str]:
    """A signature is bound to the digest of its version, which a copy has of its own."""
    return {"digest": f"(SELECT v.digest FROM {table} v WHERE v.id = s.version_id + o.n * %(span)s)"}


TABLES = (
    Copied("accounts.ServiceArea", With.AREA, anew={"name": "s.name || ' ' || o.area"}),
    Copied("accounts.Team", With.BLOCK, anew={"name": "s.name || ' ' || o.block"}),
    Copied(
        "accounts.User", With.AREA, only="s.id = ANY(%(of_area)s)", anew={"username": "s.username || '.' || o.area"}
    ),
    Copied(
        "accounts.User", With.BLOCK, only="s.id = ANY(%(of_block)s)", anew={"username": "s.username || '.' || o.block"}
    ),
    Copied("accounts.Appointment", With.AREA, only="s.user_id = ANY(%(of_area)s)"),
    Copied("accounts.Appointment", With.BLOCK, only="s.user_id = ANY(%(of_block)s)"),
    Copied("casework.CaseFile", With.BLOCK, only="s.kind <> 'child'"),
    Copied("placements.Provider", With.BLOCK, anew={"name": "s.name || ' ' || o.block"}),
    Copied("placements.Home", With.BLOCK, anew={"name": "s.name || ' ' || o.block"}),
    Copied("placements.HomeRegistration", With.BLOCK),
    Copied("placements.Inspection", With.BLOCK),
    Copied("placements.RegulatorNotice", With.BLOCK),
    Copied("placements.Carer", With.BLOCK),
    Copied("placements.CarerApproval", With.BLOCK),
    Copied("casework.CaseFile", With.CHILD, only="s.kind = 'child'"),
    Copied("children.Child", With.CHILD, anew={"reference": "s.reference || '-' || o.n"}),
    Copied("children.ChildName", With.CHILD, via="child"),
    Copied("children.CarePeriod", With.CHILD, via="child"),
    Copied("children.AgreedCeasing", With.CHILD, via="child"),
    Copied("children.LegalStatus", With.CHILD, via="child"),
    Copied("children.LookedAfterReview", With.CHILD, via="child"),
    Copied("children.Allocation", With.CHILD, via="child"),
    Copied("children.TeamHolding", With.CHILD, via="child"),
    Copied("children.Restriction", With.CHILD, via="child"),
    Copied("children.ChildUserObjectPermission", With.CHILD, via="content_object"),
    Copied("children.BreakGlassUse", With.CHILD, via="child"),
    Copied("children.BreakGlassReview", With.CHILD, via="use"),
    Copied("placements.Placement", With.CHILD, via="child"),
    Copied("placements.ProposedHome", With.CHILD, via="child"),
    Copied("placements.PlacementFact", With.CHILD, via="placement"),
    Copied("placements.Authorisation", With.CHILD, via="placement"),
    Copied("placements.SecureAuthority", With.CHILD, via="child"),
    Copied("placements.SecureReview", With.CHILD, via="child"),
    Copied("placements.PresentStanding", With.CHILD, via="placement"),
    Copied("visits.Visit", With.CHILD, via="placement"),
    Copied("visits.PlannedVisit", With.CHILD, via="child"),
    Copied("visits.VisitingForm", With.CHILD, via="child"),
    Copied("visits.FormReading", With.CHILD, via="version"),
    Copied("visits.ProviderAction", With.CHILD, via="form"),
    Copied("visits.PrivateConversation", With.CHILD, via="child"),
    Copied("visits.VisitsConsidered", With.CHILD, via="child"),
    Copied("meetings.Meeting", With.CHILD, via="case_file"),
    Copied("meetings.Invitation", With.CHILD, via="meeting"),
    Copied("meetings.Action", With.CHILD, via="meeting"),
    Copied("meetings.Circulation", With.CHILD, via="minutes"),
    Copied("approvals.CaseDiscussion", With.CHILD, via="placement"),
    Copied("approvals.Signature", With.CHILD, via="version", anew=_of_version("approvals_recordversion")),
    Copied("approvals.ConnectedPerson", With.CHILD, via="child"),
    Copied("approvals.HouseholdMember", With.CHILD, via="person"),
    Copied("approvals.Decision", With.CHILD, via="child"),
    Copied("approvals.Consultation", With.CHILD, via="decision"),
    Copied("approvals.DecisionSignature", With.CHILD, via="version", anew=_of_version("approvals_decisionversion")),
    Copied("casework.Duty", With.CHILD, via="case_file"),
)
VERSIONS = {
    "meetings.Minutes": "meeting",
    "approvals.RecordVersion": "discussion",
    "approvals.Renewal": "discussion",
    "approvals.DecisionVersion": "decision",
    "visits.FormVersion": "form",
}
"""Records that are typed in versions, each sealed as its own; and the field that leads to their child."""
SEALED = (*VERSIONS, "casework.Event")
NOT_COPIED = ("casework.Authority", "casework.Notification", "casework.Reading", "children.BreakGlassAttempt")
"""There once, in every scale: what is the authority's own, or tells who was told and who has read."""

LABELS = {
    "casework.Duty": ("about", "evidence"),
    "placements.Authorisation": ("record",),
    "children.AgreedCeasing": ("record",),
    "meetings.Meeting": ("about",),
}
"""Columns that name a record, "visits.visit:9"."""
WITH_BLOCK = tuple(
    each.model.lower() for each in TABLES if each.copied_with == With.BLOCK and each.model != "casework.CaseFile"
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many children an authority looks after, and how many it ever did."""

    now: int
    ever: int


def multiply(size: Size) -> None:
    """Copy the district that is here until there are as many children."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        people = _people()
        _plan_copies(cursor, size)
        told = {"span": SPAN, **people, "forenames": _forenames(), "surnames": _surnames()}
        with past_triggers(cursor):
            sealing.seal_events(cursor, SPAN, people, WITH_BLOCK)
            for label in VERSIONS:
                sealing.seal_versions(cursor, apps.get_model(label), _children_of(cursor, label), SPAN, people)
            for table in TABLES:
                cursor.execute(_statement(table), told)
        for model in {*(table.model for table in TABLES), *SEALED}:
            _go_on_counting(cursor, apps.get_model(model))
        cursor.execute("ANALYZE")


def _people() -> dict[str, list[int]]:
    """Who is copied with a block, because of a team or of cases of their own, and who with an area."""
    held = Appointment.objects.all()
    of_block = {a.user_id for a in held if a.team_id or a.role in CASES_OF_THEIR_OWN}
    of_area = {a.user_id for a in held if a.area_id} - of_block
    return {"of_block": sorted(of_block), "of_area": sorted(of_area)}


def _forenames() -> list[str]:
    return [name for heritage in names.HERITAGES for name in (*heritage.girls, *heritage.boys)]


def _surnames() -> list[str]:
    """As many as there are in a county: the invented ones, and others built on them."""
    return [f"{name}{ending}" for heritage in names.HERITAGES for name in heritage.surnames for ending in ENDINGS]


def _plan_copies(cursor: Any, size: Size) -> None:
    """Which child is copied under which number, into which block; and the blocks. Originals are number 0."""
    cursor.execute(
        "CREATE TEMP TABLE district ON COMMIT DROP AS SELECT c.id AS child, EXISTS"
        " (SELECT FROM children_careperiod p WHERE p.child_id = c.id AND p.ended_on IS NULL) AS is_now"
        " FROM children_child c"
    )
    cursor.execute("SELECT count(*) FILTER (WHERE is_now), count(*) FILTER (WHERE NOT is_now) FROM district")
    now, left = cursor.fetchone()
    blocks = ceil(size.now / now)
    cursor.execute(
        "CREATE TEMP TABLE copies ON COMMIT DROP AS"
        " SELECT child, n, n %% %(blocks)s AS block, n %% %(blocks)s / %(in_area)s AS area FROM ("
        " (SELECT child, n FROM district, generate_series(0, %(now_times)s) n WHERE is_now"
        " ORDER BY n, child LIMIT %(now)s)"
        " UNION ALL"
        " (SELECT child, n FROM district, generate_series(0, %(left_times)s) n WHERE NOT is_now"
        " ORDER BY n, child LIMIT %(left)s)"
        ") AS copy WHERE n > 0",
        {
            "blocks": blocks,
            "in_area": BLOCKS_IN_AN_AREA,
            "now": size.now,
            "now_times": blocks,
            "left": size.ever - size.now,
            "left_times": ceil((size.ever - size.now) / left),
        },
    )
    cursor.execute("CREATE INDEX ON copies (child)")
    cursor.execute(
        "CREATE TEMP TABLE blocks ON COMMIT DROP AS SELECT block AS n, block, block / %s AS area"
        " FROM generate_series(1, %s) block",
        [BLOCKS_IN_AN_AREA, blocks - 1],
    )
    cursor.execute(
        "CREATE TEMP TABLE areas ON COMMIT DROP AS SELECT DISTINCT area * %s AS block, area FROM blocks WHERE area > 0",
        [BLOCKS_IN_AN_AREA],
    )
    cursor.execute("CREATE TEMP TABLE heads (file bigint PRIMARY KEY, number int, digest text) ON COMMIT DROP")
    cursor.execute("ANALYZE copies, blocks")


def _statement(table: Copied) -> str:
    """The INSERT that copies a table."""
    model = apps.get_model(table.model)
    columns = {each.column: _copied(each, table) for each in model._meta.concrete_fields}
    columns |= _called(table) | dict(table.anew)
    if table.copied_with == With.CHILD:
        source = f"JOIN ({_child_of(table.model)}) whose ON whose.pk = s.id JOIN copies o USING (child)"
    else:
        source = f"CROSS JOIN {'blocks' if table.copied_with == With.BLOCK else 'areas'} o"
    only = f" AND {table.only}" if table.only else ""
    heads = f" JOIN heads ON heads.file = {columns['id']}" if model is CaseFile else ""
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(f'{chr(34)}{name}{chr(34)}' for name in columns)})"
        f" SELECT {', '.join(columns.values())} FROM {model._meta.db_table} s {source}{heads} WHERE s.id < %(span)s{only}"
    )


def _copied(column: models.Field, table: Copied) -> str:
    """What a column of a copy holds."""
    here = f's."{column.column}"'
    if column.primary_key:
        return shifted(here, table.copied_with)
    if isinstance(column, models.ForeignKey):
        return _key(here, column.related_model, table)
    if column.column in LABELS.get(table.model, ()):
        return _label(here)
    if isinstance(column, models.UUIDField) and column.unique:
        return f"md5({here}::text || o.n)::uuid"
    return here


def _key(here: str, to: Any, table: Copied) -> str:
    if to is User:
        return person(here)
    if to is CaseFile:
        return shifted(here, table.copied_with)
    copied_with = next((each.copied_with for each in TABLES if apps.get_model(each.model) is to), None)
    if to._meta.label in SEALED:
        copied_with = With.CHILD
    return shifted(here, copied_with) if copied_with else here


def shifted(here: str, copied_with: With) -> str:
    """A key of the same row in a copy."""
    return f"{here} + o.{copied_with.value} * %(span)s"


def person(here: str) -> str:
    """The person who is in the copy what this one is in the district."""
    return (
        f"{here} + %(span)s * CASE WHEN {here} = ANY(%(of_block)s) THEN o.block"
        f" WHEN {here} = ANY(%(of_area)s) THEN o.area ELSE 0 END"
    )


def _label(here: str) -> str:
    """The name of the same record in a copy."""
    kind, number = f"split_part({here}, ':', 1)", f"split_part({here}, ':', 2)::bigint"
    with_block = ", ".join(f"'{label}'" for label in WITH_BLOCK)
    shift = f"CASE WHEN {kind} IN ({with_block}) THEN o.block ELSE o.n END"
    return f"CASE WHEN {here} = '' THEN '' ELSE {kind} || ':' || ({number} + %(span)s * {shift}) END"


RECORD = r"substring(s.key from '[a-z]+\.[a-z]+:\d+')"
KEY = rf"""CASE
    WHEN {RECORD} IS NOT NULL
    THEN split_part(s.key, {RECORD}, 1) || {{label}} || substr(s.key, strpos(s.key, {RECORD}) + length({RECORD}))
    WHEN s.key ~ '^[^:]+:\d+$'
    THEN split_part(s.key, ':', 1) || ':' || (split_part(s.key, ':', 2)::bigint + o.n * %(span)s)
    ELSE s.key
END"""
"""Of a duty: somewhere in it the record that it is about, or that record's number alone; the rest tells it from others."""


def _called(table: Copied) -> dict[str, str]:
    """Names of their own, so that a search finds as few as it would; and the keys of duties, which name a record."""
    if table.model == "children.Child":
        forename, surname = _one_of("forenames", "s.id * 7919 + o.n * 31"), _one_of("surnames", "s.id * 104729 + o.n")
        return {
            "forename": f"CASE WHEN s.forename = '' THEN '' ELSE {forename} END",
            "surname": f"CASE WHEN s.surname = '' THEN '' ELSE {surname} END",
        }
    if table.model == "children.ChildName":
        present = (
            "SELECT trim(c.forename || ' ' || c.surname) FROM children_child c WHERE c.id = s.child_id + %(span)s * o.n"
        )
        other = f"{_one_of('forenames', 's.id + o.n')} || ' ' || {_one_of('surnames', 's.id * 31 + o.n')}"
        name = f"CASE WHEN s.kind = 'present' THEN ({present}) ELSE {other} END"
        return {"name": name, "folded": f"public.hearth_folded({name})"}
    if table.model == "casework.CaseFile":
        return {"last_number": "heads.number", "last_digest": "heads.digest"}
    if table.model == "casework.Duty":
        return {"key": KEY.format(label=_label(RECORD))}
    return {}


def _one_of(words: str, number: str) -> str:
    return f"(%({words})s::text[])[1 + abs(hashint8({number})::bigint) %% cardinality(%({words})s::text[])]"


def _child_of(label: str) -> str:
    """The rows of a table, each with its child."""
    if label == "children.Child":
        return "SELECT id AS pk, id AS child FROM children_child"
    if label == "casework.CaseFile":
        return "SELECT case_file_id AS pk, id AS child FROM children_child"
    via = VIA[label]
    link: Any = apps.get_model(label)._meta.get_field(via)
    up = _child_of(link.related_model._meta.label)
    return f"SELECT t.id AS pk, up.child FROM {link.model._meta.db_table} t JOIN ({up}) up ON up.pk = t.{link.column}"


def _children_of(cursor: Any, label: str) -> dict[int, int]:
    """The child of each row of a table, by its key."""
    cursor.execute(_child_of(label))
    return dict(cursor.fetchall())


VIA = {table.model: table.via for table in TABLES if table.via} | VERSIONS


@contextmanager
def past_triggers(cursor: Any) -> Iterator[None]:
    """Puts triggers and foreign keys aside inside the block; a login that may not do the latter pays for them."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
        return
    tables = sorted({apps.get_model(label)._meta.db_table for label in (*SEALED, *(table.model for table in TABLES))})
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _go_on_counting(cursor: Any, model: Any) -> None:
    """The next row of the application gets the next key."""
    table = model._meta.db_table
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
