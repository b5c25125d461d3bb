"""The words for the way of a connected person, from the enquiry to the outcome of the full assessment. S0 2.2."""

from django.db.models import TextChoices


class Pathway(TextChoices):
    """Where the way of one connected person stands."""

    TO_ASK = "to_ask", "To be asked about"
    LOOKED_INTO = "looked_into", "Being looked into"
    APPROVED = "approved", "Approved as a foster carer"
    REFUSED = "refused", "Refused as a foster carer"
    IN_REVIEW = "in_review", "Refused, and an independent review is asked for"
    NO_FURTHER = "no_further", "Taken no further"
    STRUCK_OUT = "struck_out", "Opened by mistake"


RUNNING = (Pathway.LOOKED_INTO, Pathway.IN_REVIEW)
"""States in which something is still to be decided."""


class HowEnded(TextChoices):
    """How the way of somebody ended who did not become a foster carer."""

    REFUSED = "refused", "Refused after the full assessment"
    WITHDREW = "withdrew", "They withdrew"
    NOT_VIABLE = "not_viable", "Not viable"
    ANOTHER_PLAN = "another_plan", "Another plan for the child"


NOT_ASSESSED_TO_THE_END = tuple(how for how in HowEnded if how != HowEnded.REFUSED)


class WhyNot(TextChoices):
    """The main reason for which somebody did not become a foster carer, as the report counts it."""

    THEIR_CHOICE = "their_choice", "They decided against it"
    CHILDS_WISH = "childs_wish", "The child’s wishes"
    BOND = "bond", "The relationship with the child"
    CARE = "care", "Their capacity to care and to protect"
    HEALTH = "health", "Their health"
    CHECKS = "checks", "What the checks showed"
    HOUSEHOLD = "household", "Somebody in the household"
    HOME = "home", "The home, or pets kept there"
    ORDER = "order", "A special guardianship or other order instead"
    BACK_HOME = "back_home", "The child went home, or elsewhere"
    OTHER = "other", "Another reason"


class CheckFound(TextChoices):
    """What a check of somebody in the household came to."""

    NOTHING = "nothing", "Nothing is known"
    SOMETHING = "something", "Something is known"
