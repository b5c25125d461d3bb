"""Where a sign-off chain or another senior decision stands, in the field's words. S0 2.3-2.7."""

from django.db.models import TextChoices


class State(TextChoices):
    """The life of one case discussion, from convening to filing."""

    TO_CONVENE = "to_convene", "To be convened"
    CONVENED = "convened", "Case discussion convened"
    TO_AGREE = "to_agree", "Record to be agreed"
    AGREED = "agreed", "Record agreed"
    APPROVED = "approved", "Approved by the Head of Service"
    SIGNED_OFF = "signed_off", "Signed off by the Service Director"
    COMMUNICATED = "communicated", "Outcome communicated"
    FILED = "filed", "Filed"
    SENT_BACK = "sent_back", "Sent back for more work"
    DISSENTED = "dissented", "Service Director dissents"
    REFUSED = "refused", "Refused by the Head of Service"
    WITHDRAWN = "withdrawn", "Withdrawn"


ENDED = (State.FILED, State.REFUSED, State.WITHDRAWN)
"""States in which a chain is over, so that another may start for the same arrangement."""

TO_RECORD = (State.CONVENED, State.TO_AGREE, State.AGREED, State.APPROVED, State.SENT_BACK)
"""States in which the record may be typed; after a dissent the Head of Service says first what was agreed (S0 2.7)."""

FELL_THROUGH = (State.REFUSED, State.WITHDRAWN)
SIGNED = (State.SIGNED_OFF, State.COMMUNICATED, State.FILED)
SETTLED = (*SIGNED, *FELL_THROUGH)
"""States in which it is decided one way or the other."""


class ApprovedAs(TextChoices):
    """What the Head of Service approves the arrangement as. S0 2.5a."""

    PERMANENCE = "permanence", "The child’s permanence plan"
    INTERIM = "interim", "An interim arrangement, while a regulated home is found"


class Act(TextChoices):
    """What a signature says."""

    AGREE = "agree", "Agrees that the record is accurate"
    APPROVE = "approve", "Approves"
    SIGN_OFF = "sign_off", "Gives final sign-off"
    CONFIRM = "confirm", "Confirms that it is complete"
    DECIDE = "decide", "Decides"


class DecisionState(TextChoices):
    """The life of one senior decision, from preparing to its end."""

    TO_PREPARE = "to_prepare", "To be prepared"
    PREPARED = "prepared", "Being written up"
    TO_CHECK = "to_check", "To be checked"
    PUT = "put", "Waits for the decision"
    HANDED_BACK = "handed_back", "Handed back for more work"
    GRANTED = "granted", "Agreed to"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"


TO_PUT = (DecisionState.PREPARED, DecisionState.TO_CHECK, DecisionState.PUT, DecisionState.HANDED_BACK)
"""States in which what is put may be typed: it is under way."""
