"""The words for visits: the forms that are filled in on them, what comes of those, and who asks for a visit."""

from django.db.models import TextChoices


class FormKind(TextChoices):
    """The forms that are filled in on a visit; `visits.visiting_forms.kinds` says what each asks."""

    PURPOSEFUL = "purposeful", "Purposeful visiting form"
    CHECKLIST = "checklist", "Caseworker’s checklist for a home without registration"
    COMMISSIONING = "commissioning", "Commissioning’s visit to the home"
    HEALTH = "health", "Placement assurance tool"


class FormState(TextChoices):
    """How far a form is. Only a complete one counts for a visit clock."""

    BEGUN = "begun", "Begun"
    COMPLETE = "complete", "Complete"
    WITHDRAWN = "withdrawn", "Begun by mistake"


class Reading(TextChoices):
    """What a reader of a complete form concludes (S3, L384 to L388)."""

    SAFE = "safe", "The child is safe and well cared for"
    EARLY_REVIEW = "early_review", "The review is brought forward"
    FORMAL_ESCALATION = "formal_escalation", "It is escalated formally"
    SEEN = "seen", "Read, and spoken about with the author"


class ActionState(TextChoices):
    """How an action of the provider stands."""

    OPEN = "open", "To be done"
    DONE = "done", "Done"
    NOT_NEEDED = "not_needed", "Not needed any more"


class AskedBy(TextChoices):
    """Who asks for a visit."""

    CHILD = "child", "The child"
    PARENT = "parent", "A parent"
    CARER = "carer", "The carer or the home"
    IRO = "iro", "The independent reviewing officer"


class PlanState(TextChoices):
    """How a planned visit stands."""

    PLANNED = "planned", "Planned"
    MADE = "made", "Made"
    CALLED_OFF = "called_off", "Called off"


class HowSpoken(TextChoices):
    """How the IRO spoke with the child before a review (L-38)."""

    IN_PERSON = "in_person", "In person, alone"
    BY_TELEPHONE = "by_telephone", "By telephone or video, alone"
    DECLINED = "declined", "The child did not want to"
    NOT_POSSIBLE = "not_possible", "It was not possible"


class HowRaised(TextChoices):
    """What the IRO does about a form that is missing, or about what a form shows."""

    INFORMALLY = "informally", "Raised with the team manager"
    FORMALLY = "formally", "Raised formally, through the stages of escalation"
    AWAITED = "awaited", "The form is awaited until a day"
