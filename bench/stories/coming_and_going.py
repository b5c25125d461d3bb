"""Moves, stays elsewhere, leaving care, names, and what was recorded wrongly."""

from accounts.roles import Role
from bench import names
from bench.plan import MistakePlan
from bench.stories.parts import moves_before
from bench.stories.settled import in_one_foster_home, settled
from bench.telling import Teller
from placements.states import FactKind, Setting


def away_for_a_few_days(tell: Teller) -> None:
    """Away from the usual foster home for some days."""
    child = settled(tell)
    child.home_now.why_ended = "Away for a few days"
    tell.lives(child, Setting.TEMPORARY, tell.day(2))


def in_hospital(tell: Teller) -> None:
    """In hospital for some days, after a foster home."""
    child = in_one_foster_home(tell)
    tell.lives(child, Setting.HOSPITAL, tell.day(4))


def in_custody(tell: Teller) -> None:
    """Sentenced, and in custody."""
    child = tell.child(tell.between(900, 300), (15, 16))
    tell.with_foster_carer(child, child.care_from).reason_code = "CUSTOD"
    tell.lives(child, Setting.CUSTODY, tell.day(20))


def placed_for_adoption(tell: Teller) -> None:
    """A small child with the family that plans to adopt."""
    child = tell.child(tell.between(700, 450), (0, 3), legal=((0, "C1"), (150, "C2"), (330, "E1")))
    tell.with_foster_carer(child, child.care_from)
    tell.lives(child, Setting.ADOPTIVE, tell.between(60, 20), carer=tell.carer())


def recorded_wrongly(tell: Teller) -> None:
    """A mistake that was put right: the kind of home corrected; for the second child, a fact struck out."""
    child = in_one_foster_home(tell)
    placement = tell.with_foster_carer(child, tell.day(60))
    placement.mistake = (
        MistakePlan(
            Setting.IFA_FOSTER,
            tell.day(60),
            tell.day(57),
            "The carers foster for the authority, not for an agency: their supervising social worker rang.",
        ),
        MistakePlan(
            FactKind.MEANT_TO_LAST_TO_18,
            tell.day(50),
            tell.day(45),
            "That was decided for another child with the same carers.",
        ),
    )[tell.time % 2]


def many_moves(tell: Teller) -> None:
    """Five moves in a few years, an agency foster home now."""
    child = tell.child(tell.between(1600, 1100), (8, 17))
    tell.with_foster_carer(child, moves_before(tell, child, 5), agency=True)


def twelve_homes(tell: Teller) -> None:
    """Twelve homes in five years."""
    child = tell.child(tell.day(1800), (15, 15))
    tell.in_home(child, names.CHILDRENS_HOMES[0], moves_before(tell, child, 11, stays=tell.day(70)))


def turned_eighteen(tell: Teller) -> None:
    """Turned 18 last week, and stays with the carers."""
    child = tell.child(tell.between(1500, 700), born_on=tell.birthday(18, 6))
    tell.with_foster_carer(child, child.care_from)
    tell.leaves_care(child, child.born_on.replace(year=child.born_on.year + 18), "E17")


def left_care(tell: Teller) -> None:
    """Left care: home, or to a special guardian."""
    child = tell.child(tell.between(1300, 500), (2, 16), legal=((0, "V2"),))
    tell.with_foster_carer(child, moves_before(tell, child, tell.rng.choice((0, 1))))
    tell.leaves_care(child, tell.between(330, 20), tell.rng.choice(("E4A", "E4A", "E4B", "E41", "E48")))


def brothers_and_sisters(tell: Teller) -> None:
    """Three brothers and sisters in one foster home."""
    since = tell.day(420)
    first = tell.child(since, (12, 13), legal=((0, "C1"), (190, "C2")))
    home = tell.with_foster_carer(first, since)
    for ages in ((8, 9), (4, 5)):
        child = tell.child(since, ages, legal=((0, "C1"), (190, "C2")), person=names.a_child(tell.rng, first.surname))
        child.home_postcode = first.home_postcode
        tell.lives(child, home.setting, home.starts_at, carer=home.carer)


def long_name(tell: Teller) -> None:
    """A name that breaks lists; known by another name before."""
    forename, surname, ethnicity = names.LONG_AND_ACCENTED[tell.time % len(names.LONG_AND_ACCENTED)]
    person = names.Person(forename, surname, tell.rng.choice("MF"), ethnicity)
    child = tell.child(tell.between(1000, 200), (3, 16), person=person)
    child.former_name = f"{forename.split()[0]} {tell.rng.choice(names.HERITAGES[0].surnames)}"
    tell.with_foster_carer(child, child.care_from)


def restricted(tell: Teller) -> None:
    """Only the people named see the record: nobody else visits, as a personal adviser would from 16 on."""
    child = settled(tell, (1, 14))
    child.restricted_because = "A close relative works in the children’s services department."
    managers = (tell.plan.holder(role, tell.team) for role in (Role.TEAM_MANAGER, Role.SERVICE_DIRECTOR))
    child.people_named = (tell.worker, *managers)
