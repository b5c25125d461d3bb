"""Senior decisions of each kind, in every state: written up, checked, waiting, handed back, decided, running out."""

from datetime import timedelta

from bench import names
from bench.decisions import EMERGENCY, Proposed
from bench.plan import ChildPlan, DecisionPlan, HomePlan, PlacementPlan
from bench.telling import Teller
from placements.states import FactKind, RegistrationStatus, Setting

UNREGISTERED = names.SUPPORTED_ACCOMMODATION[3]
PUT = ("prepare", "put", "confirm")
AN_HOUR = timedelta(hours=1)
BOY, GIRL = "M", "F"


def authorised_and_runs_out(tell: Teller) -> None:
    """An unregistered setting, said yes to by telephone in the night of the move, signed, and over in a few days."""
    child = _sixteen(tell)
    home = tell.in_home(child, UNREGISTERED, tell.at(tell.day(9), 23))
    plan = _decision(tell, child, "unregistered_setting", 8, "prepare", "put", "decide", placement=home)
    plan.by_telephone = timedelta(hours=10)


def setting_waits_for_the_director(tell: Teller) -> None:
    """An unregistered setting: checked, and with the Service Director since this morning."""
    child = _sixteen(tell)
    home = tell.in_home(child, UNREGISTERED, tell.day(1))
    _decision(tell, child, "unregistered_setting", 0, *PUT, placement=home)


def kept_for_hours(tell: Teller) -> None:
    """In a secure children’s home since last night, without an order: agreed by telephone, to be signed."""
    child = tell.child(tell.between(900, 300), (14, 15), person=_somebody(tell, GIRL))
    tell.with_foster_carer(child, child.care_from)
    secure = HomePlan(
        name="Stonecrop Lodge",
        provider=names.PROVIDERS[0],
        setting=Setting.SECURE_HOME,
        urn="9970001",
        postcode=names.a_postcode(tell.rng, within=False),
        address=names.an_address(tell.rng),
        registrations=[(tell.day(2000), RegistrationStatus.REGISTERED)],
    )
    tell.plan.homes.append(secure)
    home = tell.lives(child, Setting.SECURE_HOME, tell.plan.at - timedelta(hours=19), home=secure)
    plan = _decision(tell, child, "secure_accommodation", 0, "prepare", "put", placement=home)
    plan.by_telephone = timedelta(hours=15)


def two_contacts_at_once(tell: Teller) -> None:
    """Four days with the mother wait for the Deputy Head; four days with the father were handed back."""
    child = _in_care(tell)
    _decision(tell, child, "contact", 3, *PUT, subject="His mother")
    _decision(tell, child, "contact", 5, *PUT, "hand_back", subject="His father")


def contact_approved(tell: Teller) -> None:
    """Contact with a parent, which the Deputy Head approved; it begins next week."""
    child = _in_care(tell)
    _decision(tell, child, "contact", 6, *PUT, "decide", subject="His mother")


def contact_to_check(tell: Teller) -> None:
    """Contact with a parent: written up, and to be read by the team manager."""
    child = _in_care(tell)
    _decision(tell, child, "contact", 1, "prepare", "put", subject="His father")


def going_home_to_decide(tell: Teller) -> None:
    """To go home to the mother: the IRO has said what she thinks, and it is with the decision maker."""
    child = _in_care(tell)
    _decision(tell, child, "with_parents", 4, "prepare", "say", *PUT[1:], proposed=_mother(tell, child))


def going_home_written_up(tell: Teller) -> None:
    """To go home to the mother: somebody writes it up, and the IRO is asked."""
    child = _in_care(tell)
    _decision(tell, child, "with_parents", 2, "prepare", proposed=_mother(tell, child))


def going_home_agreed(tell: Teller) -> None:
    """To go home to the mother: agreed to, and the child is to move within three months."""
    child = _in_care(tell)
    _decision(tell, child, "with_parents", 9, *PUT, "decide", proposed=_mother(tell, child))


def at_home_before_the_assessment(tell: Teller) -> None:
    """With the father at once: agreed to as the child went there, and the ten working days run."""
    child = _in_care(tell)
    father = tell.carer()
    home = tell.lives(child, Setting.PARENT, tell.at(tell.day(3), 10), carer=father, relationship="Father")
    _decision(tell, child, "with_parents_at_once", 3, *PUT, "decide", placement=home)


def far_away_to_decide(tell: Teller) -> None:
    """A home at a distance: the authority there was consulted, and it is with the Director of Children’s Services."""
    child = _in_care(tell, GIRL)
    proposed = Proposed(Setting.CHILDRENS_HOME, "Whinfell School House", address="1 Fell Road, Invented Dale")
    _decision(tell, child, "out_of_area", 3, *PUT, proposed=proposed)


def outside_the_area_in_an_emergency(tell: Teller) -> None:
    """A home in the area next to ours, approved in an emergency: the rest is due in five working days."""
    child = _in_care(tell, GIRL)
    home = tell.in_home(child, names.CHILDRENS_HOMES[4], tell.at(tell.day(2), 9))
    home.facts.append((FactKind.OUTSIDE_AREA, tell.day(2)))
    plan = _decision(tell, child, "out_of_area", 2, *PUT, "decide", placement=home)
    plan.content = EMERGENCY


def end_of_care_to_decide(tell: Teller) -> None:
    """The end of being looked after: checked, and with the nominated officer."""
    _decision(tell, _accommodated(tell, (7, 13)), "ceasing", 3, *PUT)


def end_of_care_declined(tell: Teller) -> None:
    """The end of being looked after at 16: the Director of Children’s Services said no."""
    _decision(tell, _accommodated(tell, (16, 16)), "ceasing", 8, *PUT, "decline")


def _decision(
    tell: Teller,
    child: ChildPlan,
    kind: str,
    days_ago: int,
    *steps: str,
    placement: PlacementPlan | None = None,
    proposed: Proposed | None = None,
    subject: str = "",
) -> DecisionPlan:
    """A decision begun a number of days ago; its steps follow each other over the days since, the last one yesterday."""
    first = tell.at(tell.day(days_ago), 10) if days_ago else tell.plan.at - (len(steps) + 1) * AN_HOUR
    last = first if days_ago < 2 else tell.at(tell.day(1), 15)
    apart = max((last - first) / max(len(steps), 1), AN_HOUR)
    if first + apart * len(steps) > tell.plan.at:
        apart = (tell.plan.at - first) / (len(steps) + 1)
    taken = [(step, first + apart * number) for number, step in enumerate(steps)]
    plan = DecisionPlan(kind, taken, placement=placement, proposed=proposed, subject=subject)
    child.decisions.append(plan)
    return plan


def _somebody(tell: Teller, sex: str) -> names.Person:
    """A boy or a girl: the records speak of him or her."""
    while True:
        person = names.a_child(tell.rng)
        if person.sex == sex:
            return person


def _sixteen(tell: Teller) -> ChildPlan:
    born_on = tell.birthday(16, tell.rng.randint(60, 300))
    child = tell.child(tell.between(900, 300), born_on=born_on, person=_somebody(tell, GIRL))
    tell.with_foster_carer(child, child.care_from)
    return child


def _in_care(tell: Teller, sex: str = BOY) -> ChildPlan:
    """A child of school age under a full care order, with foster carers."""
    order = [(0, "C1"), (200, "C2")]
    child = tell.child(tell.between(1100, 500), (6, 14), legal=order, person=_somebody(tell, sex))
    tell.with_foster_carer(child, child.care_from)
    return child


def _accommodated(tell: Teller, ages: tuple[int, int]) -> ChildPlan:
    child = tell.child(tell.between(500, 250), ages, legal=[(0, "V2")], person=_somebody(tell, BOY))
    tell.with_foster_carer(child, child.care_from)
    return child


def _mother(tell: Teller, child: ChildPlan) -> Proposed:
    name = f"{_somebody(tell, GIRL).forename} {child.surname}"
    return Proposed(Setting.PARENT, name, relationship="Mother", address=names.an_address(tell.rng))
