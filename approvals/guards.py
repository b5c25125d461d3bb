"""What the database itself refuses of a sign-off chain: a step skipped, a signature out of order or under another version,
a record typed anew once it is signed off, oversight that nobody signed.

The rules refuse the same with sentences; these hold against whatever goes past the door.
"""

import pgtrigger
from django.apps import apps

from approvals.states import TO_PUT, TO_RECORD, DecisionState, State
from placements.states import AuthorisationKind

WHILE_UNDER_WAY = """
    IF (SELECT d.state FROM approvals_casediscussion d WHERE d.id = NEW.discussion_id) <> ALL ('{{{states}}}') THEN
        RAISE EXCEPTION 'a record is typed while its chain is under way';
    END IF;
    RETURN NEW;
"""

IN_ORDER = """
    IF NEW.digest IS DISTINCT FROM
        (SELECT v.digest FROM approvals_recordversion v WHERE v.id = NEW.version_id) THEN
        RAISE EXCEPTION 'a signature is bound to the version that it signs';
    END IF;
    IF EXISTS (SELECT FROM approvals_recordversion v
            JOIN approvals_recordversion newer ON newer.discussion_id = v.discussion_id AND newer.number > v.number
            WHERE v.id = NEW.version_id) THEN
        RAISE EXCEPTION 'a version that was typed anew is not signed any more';
    END IF;
    IF EXISTS (SELECT FROM approvals_recordversion v
            JOIN approvals_recordversion any_version ON any_version.discussion_id = v.discussion_id
            JOIN approvals_signature s ON s.version_id = any_version.id AND s.by_id = NEW.by_id AND s.role <> NEW.role
            WHERE v.id = NEW.version_id) THEN
        RAISE EXCEPTION 'nobody signs two steps of one chain';
    END IF;
    IF NEW.act <> 'agree' AND (SELECT count(*) FROM approvals_signature s
            WHERE s.version_id = NEW.version_id AND s.act = 'agree') < 4 THEN
        RAISE EXCEPTION 'four people agree the record before it is approved';
    END IF;
    IF NEW.act = 'sign_off' AND NOT EXISTS (SELECT FROM approvals_signature s
            WHERE s.version_id = NEW.version_id AND s.act = 'approve') THEN
        RAISE EXCEPTION 'the Head of Service approves before final sign-off';
    END IF;
    IF (SELECT d.state FROM approvals_casediscussion d JOIN approvals_recordversion v ON v.discussion_id = d.id
            WHERE v.id = NEW.version_id)
            <> (CASE NEW.act WHEN 'agree' THEN 'to_agree' WHEN 'approve' THEN 'agreed' ELSE 'approved' END) THEN
        RAISE EXCEPTION 'each signs when the chain has come to him or her';
    END IF;
    RETURN NEW;
"""

IS_SIGNED = """
    IF (SELECT count(*) FROM approvals_signature s
            WHERE s.act = CASE NEW.state WHEN 'agreed' THEN 'agree' WHEN 'approved' THEN 'approve' ELSE 'sign_off' END
            AND s.version_id = (SELECT v.id FROM approvals_recordversion v
                WHERE v.discussion_id = NEW.id ORDER BY v.number DESC LIMIT 1))
            < (CASE NEW.state WHEN 'agreed' THEN 4 ELSE 1 END) THEN
        RAISE EXCEPTION 'nothing is agreed, approved or signed off without the signatures';
    END IF;
    RETURN NEW;
"""

ONE_STEP_AT_A_TIME = """
    IF NOT (COALESCE(CASE TG_OP WHEN 'UPDATE' THEN OLD.state END, '{begins}') || ' ' || NEW.state = ANY ('{{{moves}}}')) THEN
        RAISE EXCEPTION 'a chain goes one step at a time';
    END IF;
    RETURN NEW;
"""

IS_SIGNED_OFF = """
    IF NOT EXISTS (SELECT FROM approvals_signature s JOIN approvals_recordversion v ON v.id = s.version_id
            JOIN approvals_casediscussion d ON d.id = v.discussion_id
            WHERE s.act = 'sign_off' AND d.placement_id = NEW.placement_id
            AND NEW.record = 'approvals.casediscussion:' || d.id) THEN
        RAISE EXCEPTION 'there is no oversight without final sign-off';
    END IF;
    RETURN NEW;
"""


WHILE_PUT = """
    IF (SELECT d.state FROM approvals_decision d WHERE d.id = NEW.decision_id) <> ALL ('{{{states}}}') THEN
        RAISE EXCEPTION 'a record is typed until it is decided upon';
    END IF;
    RETURN NEW;
"""

DECIDED_IN_ORDER = """
    IF NEW.digest IS DISTINCT FROM
        (SELECT v.digest FROM approvals_decisionversion v WHERE v.id = NEW.version_id) THEN
        RAISE EXCEPTION 'a signature is bound to the version that it signs';
    END IF;
    IF EXISTS (SELECT FROM approvals_decisionversion v
            JOIN approvals_decisionversion newer ON newer.decision_id = v.decision_id AND newer.number > v.number
            WHERE v.id = NEW.version_id) THEN
        RAISE EXCEPTION 'a version that was typed anew is not signed any more';
    END IF;
    IF EXISTS (SELECT FROM approvals_decisionversion v
            JOIN approvals_decisionversion any_version ON any_version.decision_id = v.decision_id
            LEFT JOIN approvals_decisionsignature s ON s.version_id = any_version.id
            WHERE v.id = NEW.version_id
            AND (any_version.typed_by_id = NEW.by_id OR (s.by_id = NEW.by_id AND s.act <> NEW.act))) THEN
        RAISE EXCEPTION 'nobody checks or decides what they wrote, and nobody signs two steps of one decision';
    END IF;
    IF (SELECT d.state FROM approvals_decision d JOIN approvals_decisionversion v ON v.decision_id = d.id
            WHERE v.id = NEW.version_id) <> (CASE NEW.act WHEN 'confirm' THEN 'to_check' ELSE 'put' END) THEN
        RAISE EXCEPTION 'each signs when the decision has come to him or her';
    END IF;
    RETURN NEW;
"""

IS_DECIDED = """
    IF NOT EXISTS (SELECT FROM approvals_decisionsignature s
            WHERE s.act = 'decide' AND s.version_id = (SELECT v.id FROM approvals_decisionversion v
                WHERE v.decision_id = NEW.id ORDER BY v.number DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'nothing is decided without the signature of whoever decides';
    END IF;
    RETURN NEW;
"""


IS_AUTHORISED = """
    IF NOT EXISTS (SELECT FROM approvals_decisionsignature s JOIN approvals_decisionversion v ON v.id = s.version_id
            JOIN approvals_decision d ON d.id = v.decision_id
            JOIN placements_placement p ON p.child_id = d.child_id
            WHERE s.act = 'decide' AND p.id = NEW.placement_id AND d.kind = '{kind}'
            AND NEW.record = 'approvals.decision:' || d.id) THEN
        RAISE EXCEPTION 'nothing is authorised without the signature of whoever decides';
    END IF;
    RETURN NEW;
"""


class WhileUnderWay(pgtrigger.Trigger):
    """Once a chain is signed off or over, its record stays as it was signed."""

    name = "while_under_way"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model):
        """The states in which the record may be typed are those of the step."""
        return WHILE_UNDER_WAY.format(states=",".join(TO_RECORD))


class InOrder(pgtrigger.Trigger):
    """A signature is of the record as it now reads, comes after those that it needs, and is its person's only part."""

    name = "in_order"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = IN_ORDER


class IsSigned(pgtrigger.Trigger):
    """A chain stands at agreed, or further on, only with the signatures under the record as it now reads."""

    name = "is_signed"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("state")
    condition = pgtrigger.Q(
        new__state__in=[State.AGREED, State.APPROVED, State.SIGNED_OFF, State.COMMUNICATED, State.FILED]
    )
    func = IS_SIGNED


class OneStepAtATime(pgtrigger.Trigger):
    """A chain begins by being convened, and goes on by the steps that its model declares."""

    name = "one_step_at_a_time"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("state")

    def get_func(self, model):
        """The moves are read off the transitions: a new step is allowed here by being declared."""
        declared = apps.get_model(model._meta.label)  # a model of the migrations declares no steps
        field = declared._meta.get_field("state")
        moves = {f'"{state} {state}"' for state, _ in field.choices}
        for step in field.get_all_transitions(declared):
            targets = getattr(step.target, "allowed_states", None) or [step.target]
            moves |= {f'"{step.source} {target}"' for target in targets}
        return ONE_STEP_AT_A_TIME.format(begins=field.default.value, moves=",".join(sorted(moves)))


class IsSignedOff(pgtrigger.Trigger):
    """Oversight of a connected person's home holds by the final signature in a chain about that home."""

    name = "is_signed_off"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__kind=AuthorisationKind.CONNECTED_PERSON)
    func = IS_SIGNED_OFF


class IsAuthorised(pgtrigger.Trigger):
    """What senior managers agree to about an arrangement holds by the signature under a decision of one kind."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def __init__(self, authorisation, kind):
        self.kind_of_decision = kind
        super().__init__(name=f"{authorisation.value}_is_decided", condition=pgtrigger.Q(new__kind=authorisation))

    def get_func(self, model):
        """The kind of decision that authorises this."""
        return IS_AUTHORISED.format(kind=self.kind_of_decision)


class WhilePut(pgtrigger.Trigger):
    """Once it is decided upon or over, what was put stays as it was read."""

    name = "while_put"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model):
        """The states in which it may be typed are those of the step."""
        return WHILE_PUT.format(states=",".join(TO_PUT))


class DecidedInOrder(pgtrigger.Trigger):
    """A check or a decision is of the record as it now reads, by somebody who did not write it, and in its turn."""

    name = "decided_in_order"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = DECIDED_IN_ORDER


class IsDecided(pgtrigger.Trigger):
    """A decision stands as taken only with the signature under the record as it now reads."""

    name = "is_decided"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("state")
    condition = pgtrigger.Q(new__state=DecisionState.GRANTED)
    func = IS_DECIDED
