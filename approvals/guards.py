"""What the database itself refuses of a sign-off chain: a step skipped, a signature out of order or under another version.

The rules refuse the same with sentences; these hold against whatever goes past the door.
"""

import pgtrigger

from approvals.states import State

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
    RETURN NEW;
"""

IS_SIGNED = """
    IF NOT EXISTS (SELECT FROM approvals_signature s
            WHERE s.act = CASE NEW.state WHEN 'approved' THEN 'approve' ELSE 'sign_off' END
            AND s.version_id = (SELECT v.id FROM approvals_recordversion v
                WHERE v.discussion_id = NEW.id ORDER BY v.number DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'nothing is approved or signed off without the signature';
    END IF;
    RETURN NEW;
"""


class InOrder(pgtrigger.Trigger):
    """A signature is of the record as it now reads, comes after those that it needs, and is its person's only part."""

    name = "in_order"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = IN_ORDER


class IsSigned(pgtrigger.Trigger):
    """A chain stands at approved, or further on, only with the signature under the record as it now reads."""

    name = "is_signed"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("state")
    condition = pgtrigger.Q(new__state__in=[State.APPROVED, State.SIGNED_OFF, State.COMMUNICATED, State.FILED])
    func = IS_SIGNED
