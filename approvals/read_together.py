"""Everything that goes up to senior managers about the children of a batch, by one statement: records and their steps."""

from typing import Final

from approvals.kinds import KINDS
from approvals.models import CaseDiscussion, Decision, DecisionVersion
from casework.diary import Batch
from casework.models import Event
from casework.together import Found, Rows, Together
from children.models import Child
from placements.models import Placement, ProposedHome

RECORDS: Final = Together(
    Rows(Child, "r.case_file_id = ANY(%(files)s)"),
    Rows(Placement, "r.child_id IN (SELECT id FROM child)"),
    Rows(CaseDiscussion, "r.placement_id IN (SELECT id FROM placement)"),
    Rows(Decision, "r.child_id IN (SELECT id FROM child)"),
    Rows(DecisionVersion, "r.decision_id IN (SELECT id FROM decision WHERE kind = ANY(%(needed_by_a_day)s))"),
    Rows(ProposedHome, "r.id IN (SELECT proposed_id FROM decision)"),
    Rows(
        Event,
        """r.case_file_id = ANY(%(files)s) AND r.at <= %(at)s AND r.to_state <> ''
        AND r.record IN (SELECT 'approvals.casediscussion:' || id FROM casediscussion
            UNION ALL SELECT 'approvals.decision:' || id FROM decision)""",
        ("case_file_id", "number"),
    ),
)


def records(batch: Batch) -> Found:
    """The case discussions and decisions of a batch with their children, arrangements, and the steps taken by now."""
    needed_by_a_day = [code for code, kind in KINDS.items() if kind.needed_by]
    found = RECORDS.read(files=list(batch.files), at=batch.at, needed_by_a_day=needed_by_a_day)
    children, placements = found.one_by_one(Child), found.one_by_one(Placement)
    proposed = found.one_by_one(ProposedHome)
    for placement in placements.values():
        placement.child = children[placement.child_id]
    for discussion in found.all(CaseDiscussion):
        discussion.placement = placements[discussion.placement_id]
    for decision in found.all(Decision):
        decision.child = children[decision.child_id]
        decision.placement = placements.get(decision.placement_id)
        decision.proposed = proposed.get(decision.proposed_id)
    return found
