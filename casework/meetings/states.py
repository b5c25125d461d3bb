"""Where a meeting and what was agreed in it stand, in the field's words."""

from django.db.models import TextChoices


class MeetingState(TextChoices):
    """The life of one meeting, from its invitations to its minutes."""

    TO_ARRANGE = "to_arrange", "To be arranged"
    ARRANGED = "arranged", "Arranged"
    HELD = "held", "Held"
    MINUTED = "minuted", "Minutes typed"
    CIRCULATED = "circulated", "Minutes sent round"
    CALLED_OFF = "called_off", "Called off"


WAS_HELD = (MeetingState.HELD, MeetingState.MINUTED, MeetingState.CIRCULATED)
"""States of a meeting that took place."""


class Came(TextChoices):
    """Whether somebody who was invited came."""

    YES = "yes", "Came"
    APOLOGIES = "apologies", "Sent apologies"
    NO = "no", "Did not come"


class ActionState(TextChoices):
    """The life of one thing that was agreed to be done."""

    TO_AGREE = "to_agree", "To be agreed"
    OPEN = "open", "To be done"
    DONE = "done", "Done"
    DROPPED = "dropped", "Need not be done any more"


class Kept(TextChoices):
    """What of a meeting not everybody may read who may see the case."""

    WRITTEN = "written", "what was said and written"
    LEGAL_ADVICE = "legal_advice", "legal advice"
    NAMES = "names", "who the people from outside are"
