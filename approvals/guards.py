"""What the database itself refuses of a sign-off chain: a step skipped, a signature out of order or under another version,
a record typed anew once it is signed off, oversight that nobody signed.

The rules refuse the same with sentences; these hold against whatever goes past the door.
"""

import pgtrigger
from django.apps import apps

from accounts.roles import Role
from approvals.rulebook import FOUR
from approvals.states import SIGNED, TO_PUT, TO_RECORD, ApprovedAs, DecisionState, State
from placements.states import AuthorisationKind

INTERIM_DAYS = 28
"""How long an interim approval holds whose row says no end: the limit of C-30 as it is declared."""

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
    IF NOT EXISTS (SELECT FROM approvals_recordversion v JOIN approvals_casediscussion d ON d.id = v.discussion_id
            JOIN accounts_appointment a ON a.user_id = NEW.by_id AND a.role = NEW.role
                AND a.starts_at <= NEW.at AND (a.ends_at IS NULL OR a.ends_at > NEW.at)
            WHERE v.id = NEW.version_id AND (NEW.act <> 'agree' OR {named} IN (NEW.by_id, a.acting_for_id))) THEN
        RAISE EXCEPTION 'each signs in a role that he or she holds, or acts in, and agrees as one of the four';
    END IF;
    IF NEW.act <> 'agree' AND EXISTS (SELECT FROM approvals_recordversion v
            JOIN approvals_casediscussion d ON d.id = v.discussion_id
            JOIN approvals_recordversion any_version ON any_version.discussion_id = d.id
            WHERE v.id = NEW.version_id AND NEW.by_id IN (any_version.typed_by_id, {four})) THEN
        RAISE EXCEPTION 'nobody decides on what they discussed or typed';
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
            AND NEW.as_permanence = (d.approved_as = '{permanence}')
            AND NEW.record = 'approvals.casediscussion:' || d.id) THEN
        RAISE EXCEPTION 'there is no oversight without final sign-off';
    END IF;
    IF NEW.as_permanence AND NEW.ends_at IS NOT NULL THEN
        RAISE EXCEPTION 'what is approved as permanence has no end';
    END IF;
    IF NOT NEW.as_permanence AND NEW.ends_at IS NULL THEN -- as the release before this one wrote it: {days} days
        NEW.ends_at = (date_trunc('day', NEW.starts_at AT TIME ZONE 'Europe/London') + interval '{days} days' +
            interval '1 day') AT TIME ZONE 'Europe/London';
    END IF;
    IF EXISTS (SELECT FROM placements_authorisation a WHERE a.record = NEW.record AND a.kind = NEW.kind)
            AND NOT EXISTS (SELECT FROM approvals_renewal r WHERE NEW.record = 'approvals.casediscussion:' || r.discussion_id
                AND r.typed_at = NEW.starts_at AND r.holds_until = NEW.ends_at) THEN
        RAISE EXCEPTION 'an interim approval goes on only by being renewed';
    END IF;
    RETURN NEW;
"""

NEVER_LONGER = """
    IF OLD.ends_at IS NOT NULL AND (NEW.ends_at IS NULL OR NEW.ends_at > OLD.ends_at) THEN
        RAISE EXCEPTION 'oversight is never made longer: it is renewed';
    END IF;
    RETURN NEW;
"""

RENEWED_IN_TURN = """
    IF NOT EXISTS (SELECT FROM approvals_casediscussion d WHERE d.id = NEW.discussion_id
            AND d.state = ANY ('{{{states}}}') AND d.approved_as = '{interim}') THEN
        RAISE EXCEPTION 'only an interim approval that was signed off is renewed';
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM approvals_renewal r WHERE r.discussion_id = NEW.discussion_id) THEN
        RAISE EXCEPTION 'renewals are counted';
    END IF;
    IF NEW.holds_until <= NEW.typed_at THEN
        RAISE EXCEPTION 'a renewal lets an approval hold on';
    END IF;
    IF EXISTS (SELECT FROM approvals_recordversion v LEFT JOIN approvals_signature s ON s.version_id = v.id
            WHERE v.discussion_id = NEW.discussion_id
            AND (v.typed_by_id = NEW.typed_by_id OR (s.by_id = NEW.typed_by_id AND s.role <> '{role}'))) THEN
        RAISE EXCEPTION 'nobody renews what they wrote, or signed in another role';
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
    IF NOT EXISTS (SELECT FROM accounts_appointment a WHERE a.user_id = NEW.by_id AND a.role = NEW.role
            AND a.starts_at <= NEW.at AND (a.ends_at IS NULL OR a.ends_at > NEW.at)) THEN
        RAISE EXCEPTION 'each signs in a role that he or she holds';
    END IF;
    IF EXISTS (SELECT FROM approvals_decisionversion v
            JOIN approvals_decision d ON d.id = v.decision_id
            JOIN casework_event e ON e.record = 'approvals.decision:' || d.id AND e.by_id = NEW.by_id
            WHERE v.id = NEW.version_id AND (e.act IN ('prepare', 'say')
                OR e.act = 'hand_back' AND e.from_state <> (CASE NEW.act WHEN 'confirm' THEN 'to_check' ELSE 'put' END))) THEN
        RAISE EXCEPTION 'nobody has two parts in one decision';
    END IF;
    IF NEW.act = 'decide' AND EXISTS (SELECT FROM approvals_decisionversion v
            JOIN approvals_decision d ON d.id = v.decision_id
            WHERE v.id = NEW.version_id AND (d.decides <> '' AND d.decides <> NEW.role
                OR NOT EXISTS (SELECT FROM approvals_decisionsignature s WHERE s.version_id = v.id AND s.act = 'confirm')
                AND NOT EXISTS (SELECT FROM casework_event e WHERE e.record = 'approvals.decision:' || d.id
                    AND e.act = 'put' AND e.to_state = 'put' AND (e.details->>'version')::int = v.number))) THEN
        RAISE EXCEPTION 'it is checked first or put without a check, and decided in the role to which it was put';
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

    def get_func(self, model):
        """Who is named as one of the four says the case discussion, in a column for each role."""
        columns = {role: f"d.{role.value}_id" for role in FOUR}
        named = " ".join(f"WHEN '{role.value}' THEN {column}" for role, column in columns.items())
        return IN_ORDER.format(named=f"(CASE NEW.role {named} END)", four=", ".join(columns.values()))


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
            targets = getattr(step.target, "allowed_states", None) or [step.target or step.source]
            moves |= {f'"{step.source} {target}"' for target in targets}
        return ONE_STEP_AT_A_TIME.format(begins=field.default.value, moves=",".join(sorted(moves)))


class IsSignedOff(pgtrigger.Trigger):
    """Oversight of a connected person's home holds by the final signature in a chain about that home."""

    name = "is_signed_off"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    condition = pgtrigger.Q(new__kind=AuthorisationKind.CONNECTED_PERSON)

    def get_func(self, model):
        """Permanence has no end; an interim approval has one, and goes on by its renewals alone."""
        return IS_SIGNED_OFF.format(permanence=ApprovedAs.PERMANENCE.value, days=INTERIM_DAYS)


class NeverLonger(pgtrigger.Trigger):
    """Oversight that has an end keeps it, or ends sooner."""

    name = "never_longer"
    when = pgtrigger.Before
    operation = pgtrigger.UpdateOf("ends_at")
    condition = pgtrigger.Q(new__kind=AuthorisationKind.CONNECTED_PERSON)
    func = NEVER_LONGER


class RenewedInTurn(pgtrigger.Trigger):
    """An interim approval is renewed once it is signed off, one time after the other, by nobody with another part in it."""

    name = "renewed_in_turn"
    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def get_func(self, model):
        """The states in which it may be renewed are those of the step."""
        told = {"states": ",".join(SIGNED), "interim": ApprovedAs.INTERIM.value, "role": Role.HOS.value}
        return RENEWED_IN_TURN.format(**told)


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
