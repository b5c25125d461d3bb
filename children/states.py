"""The words for a child's legal position and for who is allocated. Domain facts: eligibility §2, SSDA903 codes."""

from django.db.models import TextChoices

from accounts.roles import Role


class LegalCode(TextChoices):
    """Legal status, by the code of the statutory return."""

    C1 = "C1", "Interim care order"
    C2 = "C2", "Full care order"
    D1 = "D1", "Freeing order"
    E1 = "E1", "Placement order"
    V2 = "V2", "Accommodated under section 20"
    V3 = "V3", "Short breaks, by episode"
    V4 = "V4", "Short breaks, by agreement"
    L1 = "L1", "Police protection"
    L2 = "L2", "Emergency protection order"
    L3 = "L3", "Child assessment order"
    J1 = "J1", "Remanded to the authority"
    J2 = "J2", "Detained, in the authority’s accommodation"
    J3 = "J3", "Youth rehabilitation order with residence"


IN_CARE = (LegalCode.C1, LegalCode.C2)
"""Under a care order, interim or full."""
ACCOMMODATED = (LegalCode.V2, LegalCode.V3, LegalCode.V4)
"""Looked after by agreement, under section 20."""


class Sex(TextChoices):
    """As the statutory return records it."""

    MALE = "M", "Male"
    FEMALE = "F", "Female"
    UNKNOWN = "U", "Not known"


ALLOCATED_ROLES = (
    Role.SOCIAL_WORKER,
    Role.PERSONAL_ADVISER,
    Role.IRO,
    Role.SUPERVISING_SOCIAL_WORKER,
    Role.EXIT_WORKER,
)


class CareEnded(TextChoices):
    """How a period of care ended, by the code of the statutory return."""

    E4A = "E4A", "Returned home, as planned"
    E4B = "E4B", "Returned home, not as planned"
    E13 = "E13", "Went to live with somebody without parental responsibility"
    E41 = "E41", "Child arrangements order"
    E45 = "E45", "Special guardianship order: relative who was the foster carer"
    E46 = "E46", "Special guardianship order: other former foster carer"
    E47 = "E47", "Special guardianship order: relative who was not the foster carer"
    E48 = "E48", "Special guardianship order: other carer"
    E11 = "E11", "Adopted, application unopposed"
    E12 = "E12", "Adopted, consent dispensed with"
    E17 = "E17", "Reached 18 and stayed with the carers"
    E5 = "E5", "Independent living, supported"
    E6 = "E6", "Independent living, not supported"
    E7 = "E7", "Moved to adult social care"
    E14 = "E14", "Remand ended"
    E9 = "E9", "Sentenced to custody"
    E15 = "E15", "Age assessed as 18 or over"
    E3 = "E3", "Another authority took over the care"
    E16 = "E16", "Moved abroad"
    E2 = "E2", "Died"
    E8 = "E8", "Another reason"


class Participation(TextChoices):
    """How the child took part in a review, by the code of the statutory return."""

    PN0 = "PN0", "Was under 4"
    PN1 = "PN1", "Attended and spoke"
    PN2 = "PN2", "Attended, and an advocate spoke"
    PN3 = "PN3", "Attended, and conveyed views by signs or symbols"
    PN4 = "PN4", "Attended, and conveyed no views"
    PN5 = "PN5", "Did not attend, and an advocate spoke"
    PN6 = "PN6", "Did not attend, and conveyed views in another way"
    PN7 = "PN7", "Did not attend, and conveyed no views"


class WhyRestricted(TextChoices):
    """Why only people named see a record."""

    RELATIVE_OF_STAFF = "relative_of_staff", "A relative of staff"
    PUBLIC_INTEREST = "public_interest", "The public or the press takes an interest"
    ADOPTION = "adoption", "Adoption"
    OTHER = "other", "Another reason"


class WhyOpened(TextChoices):
    """Why somebody opens a record that is out of their sight."""

    DANGER = "danger", "The child may be in danger now"
    OUT_OF_HOURS = "out_of_hours", "Nobody of the child’s team can be reached"
    COVER = "cover", "Covering for a colleague"
    COURT = "court", "A court or the police asks, and cannot wait"
    INFORMATION_RIGHTS = "information_rights", "A complaint, or somebody asks for their records"
    REVIEW = "review", "Review of somebody’s use of break-glass"
    OTHER = "other", "Another reason"


class ReviewOutcome(TextChoices):
    """What somebody finds who reviews a use of break-glass."""

    IN_ORDER = "in_order", "In order"
    EXPLAIN = "explain", "The person is asked to explain"
    NOT_IN_ORDER = "not_in_order", "Not in order"
