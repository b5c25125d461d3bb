"""Who does what to which child under load: read from the invented authority once, before the faults begin."""

PLACED = """
SELECT placement.id, placement.child_id, worker.username, placement.setting, team.name, team.area_id,
       (SELECT count(*) FROM approvals_casediscussion d WHERE d.placement_id = placement.id)
FROM placements_placement placement
JOIN children_allocation allocation ON allocation.child_id = placement.child_id
    AND allocation.role = 'social_worker' AND allocation.ends_at IS NULL
JOIN accounts_user worker ON worker.id = allocation.person_id AND worker.is_active
JOIN children_teamholding holding ON holding.child_id = placement.child_id AND holding.ends_at IS NULL
JOIN accounts_team team ON team.id = holding.team_id
WHERE placement.ended_at IS NULL AND NOT placement.struck_out
    AND NOT EXISTS (SELECT FROM children_restriction r WHERE r.child_id = placement.child_id)
ORDER BY placement.id
"""
IN_TEAM = """
SELECT person.username FROM accounts_appointment held JOIN accounts_user person ON person.id = held.user_id
JOIN accounts_team team ON team.id = held.team_id
WHERE held.role = %s AND team.name = %s AND held.ends_at IS NULL AND person.is_active ORDER BY person.id LIMIT 1
"""
IN_AREA = """
SELECT person.username FROM accounts_appointment held JOIN accounts_user person ON person.id = held.user_id
WHERE held.role = %s AND held.area_id = %s AND held.ends_at IS NULL AND held.acting_for_id IS NULL ORDER BY person.id
"""
NUMBER_OF = "SELECT id FROM accounts_user WHERE username = %s"

CHAINS, VISITS, DRAFTS, MOVES, READS = "chains", "visits", "drafts", "moves", "reads"
APART = "apart"
"""One arrangement, with its people, that no client touches."""


SHARES = 4
"""Into so many parts are cut the placements that are visited: two clients visit, one saves drafts, one moves children."""


def cast(installation):
    """By client, what it is told. No child is in the hands of two kinds of clients."""
    placed = installation.ask(PLACED)
    free = [row for row in placed if row[3] == "connected_person" and row[6] == 0]
    others = [row for row in placed if row[3] in ("in_house_foster", "ifa_foster", "childrens_home", "parent")]
    first, second, third, fourth = (others[number::SHARES] for number in range(SHARES))
    apart = _people_of(installation, free.pop())
    return {
        APART: [apart],
        f"{CHAINS}-0": [_people_of(installation, row) for row in free[::2][:5]],
        f"{CHAINS}-1": [_people_of(installation, row) for row in free[1::2][:5]],
        f"{VISITS}-0": [_visit(row) for row in first[:12]],
        f"{VISITS}-1": [_visit(row) for row in second[:12]],
        f"{DRAFTS}-0": [_visit(row) for row in third[:3]],
        f"{MOVES}-0": [{"child": row[1], "by": "placement-service"} for row in fourth[:12]],
        f"{READS}-0": [{"child": row[1], "placement": row[0], "by": "assistant-director"} for row in placed],
    }


def _visit(row):
    return {"placement": row[0], "child": row[1], "by": row[2]}


def _people_of(installation, row):
    placement, child, worker, _, team, area, _ = row
    return {
        "placement": placement,
        "child": child,
        "social_worker": worker,
        "team_manager": installation.one(IN_TEAM, "team_manager", team),
        "legal": "legal",
        "legal_number": installation.one(NUMBER_OF, "legal"),
        "dhos": installation.one(IN_AREA, "dhos", area),
        "hos": installation.one(IN_AREA, "hos", area),
        "service_director": "service-director",
    }
