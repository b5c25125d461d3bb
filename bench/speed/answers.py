"""What each page must answer, asked of the tables by SQL of its own: no model, no queryset and no rule of Hearth takes part.

Each function gives the rows in the order of the page. `%(person)s` is the user name of whoever asks. `%(now)s` is
the moment of asking, a little later than that of the page.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

NOW = "%(now)s::timestamptz"
TODAY = f"({NOW} AT TIME ZONE 'Europe/London')::date"


def in_force(row: str) -> str:
    """A dated row holds now."""
    return f"{row}.starts_at <= {NOW} AND ({row}.ends_at IS NULL OR {row}.ends_at > {NOW})"


NAMED = f"""
    SELECT e.content_object_id FROM children_childuserobjectpermission e JOIN accounts_user u ON u.id = e.user_id
    JOIN auth_permission x ON x.id = e.permission_id
    WHERE u.username = %(person)s AND x.codename IN ('be_named_on_restriction', 'break_glass')
    AND {in_force("e")}
"""
RESTRICTED = f"""
    SELECT r.child_id FROM children_restriction r
    WHERE {in_force("r")}
"""
IN_MY_AREA = f"""
    SELECT h.child_id FROM children_teamholding h JOIN accounts_team t ON t.id = h.team_id
    JOIN accounts_appointment a ON a.area_id = t.area_id JOIN accounts_user u ON u.id = a.user_id
    WHERE u.username = %(person)s AND {in_force("h")}
    AND {in_force("a")}
"""
NAME = "coalesce(nullif(trim(c.forename || ' ' || c.surname), ''), 'Child ' || c.reference)"
OWNER = "coalesce(nullif(trim(o.first_name || ' ' || o.last_name), ''), o.username)"
OPEN_TO_ALL_WHO_SEE_ALL = f"(c.id NOT IN ({RESTRICTED}) OR c.id IN ({NAMED}))"

MY_WORK = f"""
    SELECT {NAME}, d.says FROM casework_duty d JOIN accounts_user u ON u.id = d.owner_id
    JOIN children_child c ON c.case_file_id = d.case_file_id
    WHERE u.username = %(person)s AND d.closed_at IS NULL ORDER BY d.due_at, d.id LIMIT 50
"""
TEAM = f"""
    SELECT {NAME}, d.says, {OWNER} || ' ' || d.stands_in
    FROM casework_duty d JOIN children_child c ON c.case_file_id = d.case_file_id
    JOIN accounts_user o ON o.id = d.owner_id
    WHERE d.closed_at IS NULL AND d.due_at <= {NOW} AND c.id IN ({IN_MY_AREA})
    AND (c.id NOT IN ({RESTRICTED}) OR c.id IN ({NAMED}))
    ORDER BY d.due_at, d.id LIMIT 150
"""
DUTIES_OF_CHILD = """
    SELECT d.says FROM casework_duty d JOIN children_child c ON c.case_file_id = d.case_file_id
    WHERE c.id = %(child)s AND d.closed_at IS NULL ORDER BY d.due_at, d.id
"""
VISITS_OF_CHILD = f"""
    SELECT to_char(v.made_at AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY "at" HH24:MI'), {OWNER}
    FROM visits_visit v JOIN placements_placement p ON p.id = v.placement_id JOIN accounts_user o ON o.id = v.visitor_id
    WHERE p.child_id = %(child)s ORDER BY v.made_at DESC LIMIT 5
"""
EVENTS_OF_CHILD = f"""
    SELECT to_char(e.at AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY "at" HH24:MI'), {OWNER}
    FROM casework_event e JOIN children_child c ON c.case_file_id = e.case_file_id JOIN accounts_user o ON o.id = e.by_id
    WHERE c.id = %(child)s ORDER BY e.number DESC LIMIT 8
"""
ARRANGEMENTS = f"""
    SELECT {NAME} AS child, {TODAY} - s.since_on AS days, s.lawfulness, s.since_on, s.id,
        EXISTS (SELECT FROM casework_duty d WHERE d.closed_at IS NULL AND d.kind = 'D-00'
            AND d.about = 'placements.placement:' || p.id) AS unsigned,
        (SELECT count(*) FROM casework_duty d WHERE d.closed_at IS NULL AND d.source = 'visits' AND d.due_at <= {NOW}
            AND d.about = 'placements.placement:' || p.id) AS overdue
    FROM placements_presentstanding s JOIN placements_placement p ON p.id = s.placement_id
    JOIN children_child c ON c.id = p.child_id
    WHERE s.is_alarm AND p.started_at <= {NOW} AND (p.ended_at IS NULL OR p.ended_at > {NOW})
    AND {OPEN_TO_ALL_WHO_SEE_ALL}
"""
DASHBOARD = f"""
    SELECT child, days::text, overdue::text FROM ({ARRANGEMENTS}) a
    ORDER BY unsigned DESC, overdue > 0 DESC, since_on, id LIMIT 25
"""
FIGURES = f"""
    SELECT count(*) FILTER (WHERE unsigned), count(*) FILTER (WHERE NOT unsigned),
        count(*) FILTER (WHERE lawfulness = 'not_lawful'), count(*) FILTER (WHERE overdue > 0)
    FROM ({ARRANGEMENTS}) a
"""

MINE_IN_AREA = (
    f"SELECT id FROM children_child WHERE id IN ({IN_MY_AREA}) AND (id NOT IN ({RESTRICTED}) OR id IN ({NAMED}))"
)
THIS_MONTH = f"date_trunc('month', {NOW} AT TIME ZONE 'Europe/London') AT TIME ZONE 'Europe/London'"
VISITS_OWED = f"""
    SELECT d.* FROM casework_duty d JOIN children_child c ON c.case_file_id = d.case_file_id
    WHERE d.kind ~ '^(L-0[1-8]|L-08-request|C-38|K-0[1256]|K-1[1235678])$' AND d.about LIKE 'placements.placement:%%'
    AND c.id IN ({MINE_IN_AREA})
"""
FIGURES_OF_VISITS = f"""
    SELECT (SELECT count(*) FROM children_child c WHERE c.id IN ({MINE_IN_AREA}) AND EXISTS (
            SELECT FROM children_careperiod p WHERE p.child_id = c.id AND p.started_on <= {TODAY}
            AND (p.ended_on IS NULL OR p.ended_on > {TODAY}))),
        count(*) FILTER (WHERE d.closed_at IS NULL AND d.due_at <= {NOW}),
        count(*) FILTER (WHERE d.closed_at IS NULL AND d.due_at > {NOW} AND d.due_at <= {NOW} + interval '7 days'),
        count(*) FILTER (WHERE d.closed_at IS NULL AND d.due_at > {NOW}),
        count(*) FILTER (WHERE d.closed_as = 'met' AND d.closed_at >= {THIS_MONTH} AND d.closed_at < d.due_at),
        count(*) FILTER (WHERE d.closed_as = 'met' AND d.closed_at >= {THIS_MONTH} AND d.closed_at >= d.due_at),
        count(*) FILTER (WHERE d.closed_as = 'missed' AND d.closed_at >= {THIS_MONTH})
    FROM ({VISITS_OWED}) d
"""
FIGURES_OF_VISITS_MADE = f"""
    SELECT count(*) FILTER (WHERE v.child_seen), count(*) FILTER (WHERE v.seen_alone),
        count(*) FILTER (WHERE v.child_seen AND NOT v.seen_alone), count(*) FILTER (WHERE NOT v.child_seen)
    FROM visits_visit v JOIN placements_placement p ON p.id = v.placement_id
    WHERE v.made_at >= {THIS_MONTH} AND NOT v.struck_out AND p.child_id IN ({MINE_IN_AREA})
"""


def folded(text: str) -> str:
    """A name as search reads it: without accents and apostrophes, a hyphen being a space."""
    return f"upper(translate(unaccent({text}), '-''’', ' '))"


WORD, A_NAME = folded("%(word)s"), folded("n.name")

FOUND = f"""
    SELECT {NAME}, c.reference FROM children_child c
    WHERE EXISTS (SELECT FROM children_childname n WHERE n.child_id = c.id AND strpos({A_NAME}, {WORD}) > 0)
    AND {OPEN_TO_ALL_WHO_SEE_ALL}
"""
NEARLY_FOUND = f"""
    SELECT {NAME}, c.reference FROM children_child c
    WHERE EXISTS (SELECT FROM children_childname n WHERE n.child_id = c.id
        AND word_similarity({WORD}, {A_NAME}) >= 0.5)
    AND {OPEN_TO_ALL_WHO_SEE_ALL}
"""


def ask(query: str, **told: Any) -> list[tuple[Any, ...]]:
    """The rows that the tables hold."""
    with connection.cursor() as cursor:
        cursor.execute(query, {"now": timezone.now(), **told})
        return [tuple(row) for row in cursor.fetchall()]


def one(query: str, **told: Any) -> Any:
    """The only value of the first row."""
    return ask(query, **told)[0][0]


def column(query: str, **told: Any) -> list[Any]:
    """The first value of each row."""
    return [row[0] for row in ask(query, **told)]


def as_said(rows: Iterable[Iterable[Any]]) -> list[tuple[str, ...]]:
    """Rows of the tables as a page says them: white space is one space."""
    return [tuple(" ".join(str(value).split()) for value in row) for row in rows]
