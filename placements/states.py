"""The words for where a child lives and for how that stands with regulator and law. Domain facts: eligibility §1-§4."""

from django.db.models import TextChoices


class Setting(TextChoices):
    """The kind of place in which a child lives."""

    IN_HOUSE_FOSTER = "in_house_foster", "Foster home of the authority"
    IFA_FOSTER = "ifa_foster", "Foster home of an agency"
    CONNECTED_PERSON = "connected_person", "Home of a relative, friend or other connected person"
    PARENT = "parent", "Home of a parent"
    CHILDRENS_HOME = "childrens_home", "Children’s home"
    SECURE_HOME = "secure_home", "Secure children’s home"
    SUPPORTED_ACCOMMODATION = "supported_accommodation", "Supported accommodation"
    RESIDENTIAL_SCHOOL = "residential_school", "Residential school"
    FAMILY_CENTRE = "family_centre", "Residential family centre"
    CARE_HOME = "care_home", "Care home"
    HOSPITAL = "hospital", "Hospital"
    INDEPENDENT_LIVING = "independent_living", "Independent living"
    RESIDENTIAL_EMPLOYMENT = "residential_employment", "Residential employment"
    HOTEL = "hotel", "Hotel or bed and breakfast"
    CUSTODY = "custody", "Custody"
    ADOPTIVE = "adoptive", "Home of the people who plan to adopt"
    TEMPORARY = "temporary", "Away from the usual home for a short time"
    OTHER = "other", "Another kind of place"


FAMILIES = (
    Setting.IN_HOUSE_FOSTER,
    Setting.IFA_FOSTER,
    Setting.CONNECTED_PERSON,
    Setting.PARENT,
    Setting.ADOPTIVE,
)
PLACES = tuple(setting for setting in Setting if setting not in FAMILIES)
NEED_APPROVAL = (Setting.IN_HOUSE_FOSTER, Setting.IFA_FOSTER, Setting.CONNECTED_PERSON)
"""Families that only an approval makes lawful."""


class ListedSetting(TextChoices):
    """A kind of place that no setting names, but that the law lists among the other arrangements it allows."""

    HOLIDAY_SCHEME = "holiday_scheme", "Holiday scheme for disabled children"
    WALES_OR_SCOTLAND = "wales_or_scotland", "Listed place in Wales or Scotland"
    FURTHER_EDUCATION = "further_education", "Further education college (16 and 17 only)"
    ACADEMY_16_TO_19 = "academy_16_to_19", "16 to 19 academy (16 and 17 only)"


class Regulator(TextChoices):
    """Who registers and inspects a home."""

    OFSTED = "ofsted", "Ofsted"
    CQC = "cqc", "Care Quality Commission"
    CIW = "ciw", "Care Inspectorate Wales"
    SCOTLAND = "scotland", "Care Inspectorate (Scotland)"


class RegistrationStatus(TextChoices):
    """Where a home stands with a regulator."""

    REGISTERED = "registered", "Registered"
    APPLIED = "applied", "Applied, not yet registered"
    UNREGISTERED = "unregistered", "Not registered"
    TRANSITIONAL = "transitional", "Applied before registration became compulsory, not yet decided"


class ApprovalKind(TextChoices):
    """On what footing a carer is approved for a child."""

    APPROVED = "approved", "Approved foster carer"
    TEMPORARY = "temporary", "Temporary approval (regulation 24)"
    EXTENDED = "extended", "Temporary approval, extended (regulation 25(2))"
    EXTENDED_FOR_REVIEW = "extended_for_review", "Temporary approval, extended until a review is decided (25(3))"


class FosteringSector(TextChoices):
    """Who approves and supports a family that fosters."""

    IN_HOUSE = "in_house", "The authority"
    AGENCY = "agency", "Independent fostering agency"


class FactKind(TextChoices):
    """A dated fact about where a child lives."""

    REG19 = "reg19", "With a parent before the assessment is complete (regulation 19)"
    OUTSIDE_TERMS = "outside_terms", "In an emergency outside the terms of the carers’ approval (regulation 23)"
    MEANT_TO_LAST_TO_18 = "meant_to_last_to_18", "Meant to last until 18"
    FEWER_VISITS_AGREED = "fewer_visits_agreed", "The child agrees to fewer visits"
    WITH_LOOKED_AFTER_PARENT = "with_looked_after_parent", "Lives with a parent of 16 or 17 who is looked after"
    OUTSIDE_AREA = "outside_area", "Outside the authority’s area, in an area next to it (regulation 11)"
    AT_A_DISTANCE = "at_a_distance", "Outside the authority’s area, at a distance (regulation 11)"
    HOST_TOLD = "host_told", "The authority of the area was told (regulation 13)"


OUTSIDE = (FactKind.OUTSIDE_AREA, FactKind.AT_A_DISTANCE)
"""The home does not lie in the authority's own area."""


class AuthorisationKind(TextChoices):
    """What senior managers have agreed to. None of these changes what is lawful (C-00)."""

    CONNECTED_PERSON = "connected_person", "Connected person without approval: final sign-off"
    UNREGISTERED_SETTING = "unregistered_setting", "Unregistered setting: Director’s authorisation (K-10)"
    OUT_OF_AREA = "out_of_area", "Home outside the authority’s area"
    WITH_PARENTS = "with_parents", "Placement with parents"
    SECURE = "secure", "Secure accommodation"


class SecureBasis(TextChoices):
    """What lets a child be kept in secure accommodation. A remand is the child's legal status, and stands there."""

    ORDER = "order", "An order of the court (section 25)"
    SECRETARY_OF_STATE = "secretary_of_state", "The Secretary of State’s approval, for a child younger than 13"


class SecureFinding(TextChoices):
    """What three people find who review the keeping of a child in secure accommodation."""

    KEEP = "keep", "The reasons still hold, and no other kind of home would do"
    LEAVE = "leave", "The child should leave: the reasons hold no longer, or another kind of home would do"


class Regulation(TextChoices):
    """Is the arrangement one that the law provides for? Derived; the words of eligibility §4 (C-26)."""

    REGULATED = "regulated", "Regulated"
    UNREGULATED_CONNECTED = "unregulated_connected", "Unregulated (connected person)"
    UNREGISTERED_SETTING = "unregistered_setting", "Unregistered (setting)"
    UNREGISTERED_APPLIED = "unregistered_applied", "Unregistered: application made"
    NOT_PERMITTED = "not_permitted", "Not permitted"
    NOT_KNOWN = "not_known", "Not known yet"
    NOT_LOOKED_AFTER = "not_looked_after", "Not looked after"


class Lawfulness(TextChoices):
    """Is the arrangement lawful on a day? Derived; no signature ever changes it (C-00)."""

    LAWFUL = "lawful", "Lawful"
    LAWFUL_UNTIL = "lawful_until", "Lawful until a date"
    NOT_LAWFUL = "not_lawful", "Not lawful"
    NOT_KNOWN = "not_known", "Not known yet"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class WhyEnded(TextChoices):
    """Why a placement ended, as the statutory return asks; kept in these words."""

    CARE_PLAN = "The care plan"
    CARER_OR_HOME = "Resignation of the carer or closure of the home"
    ALLEGATION = "Allegation, section 47"
    STANDARDS = "Concern about standards"
    APPROVAL_REMOVED = "Approval removed"
    CARER_ASKED_BEHAVIOUR = "The carer asked, because of the child’s behaviour"
    CARER_ASKED = "The carer asked, for another reason"
    CHILD_ASKED = "The child asked"
    AUTHORITY_ASKED = "The authority asked"
    STATUS_ONLY = "Status of the placement only"
    CUSTODY = "Custody"
    OTHER = "Other"


class BeforeEnding(TextChoices):
    """What came before the end of a placement: the law asks for a review first, but for immediate risk (C-19)."""

    REVIEW = "review", "A review was held first"
    RISK = "risk", "No review: immediate risk of significant harm, or to protect others from serious injury"
    NEITHER = "neither", "Neither"
