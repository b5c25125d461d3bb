"""Places whose registration, or whose kind, is the story, and what a file of the return leaves open."""

from bench import names
from bench.stories.parts import moves_before, nearly_grown_up
from bench.telling import Teller
from placements.states import Setting


def home_lost_its_registration(tell: Teller) -> None:
    """The home was registered when the child moved in, and is no longer."""
    child = tell.child(tell.between(900, 300), (11, 16))
    tell.in_home(child, names.CHILDRENS_HOMES[5], moves_before(tell, child, 1, stays=tell.day(90)))


def home_under_notice(tell: Teller) -> None:
    """The regulator has given notice of a concern about the home."""
    child = tell.child(tell.between(900, 300), (10, 15))
    tell.in_home(child, names.CHILDRENS_HOMES[6], moves_before(tell, child, 1, stays=tell.day(120)))


def home_has_only_applied(tell: Teller) -> None:
    """16 or 17, in supported accommodation that has applied and is not registered yet."""
    tell.in_home(nearly_grown_up(tell), names.SUPPORTED_ACCOMMODATION[2], tell.between(30, 10))


def home_is_not_registered(tell: Teller) -> None:
    """17, in supported accommodation that is not registered and has not applied."""
    tell.in_home(nearly_grown_up(tell), names.SUPPORTED_ACCOMMODATION[3], tell.between(14, 8))


def registration_not_looked_up(tell: Teller) -> None:
    """In a children's home for two days, and nobody has looked up whether it is registered (C-26)."""
    child = tell.child(tell.between(900, 300), (11, 16))
    tell.with_foster_carer(child, child.care_from).why_ended = "The carer gave notice"
    tell.in_home(child, names.CHILDRENS_HOMES[7], tell.day(2))


def kind_of_place_not_known(tell: Teller) -> None:
    """In a holiday let with staff of an agency since last night; nobody has recorded what it counts as (C-26)."""
    child = tell.child(tell.between(900, 300), (13, 15))
    tell.with_foster_carer(child, child.care_from).reason_code = "CREQB"
    tell.lives(child, Setting.OTHER, tell.at(tell.day(1), 20))


def independent_living(tell: Teller) -> None:
    """16 or 17, on their own in a flat: since 2023 not permitted."""
    tell.lives(nearly_grown_up(tell), Setting.INDEPENDENT_LIVING, tell.day(6))


def too_young_for_supported_accommodation(tell: Teller) -> None:
    """15, in supported accommodation: not permitted."""
    child = tell.child(tell.between(600, 300), born_on=tell.birthday(15, 120))
    tell.with_foster_carer(child, child.care_from)
    tell.in_home(child, names.SUPPORTED_ACCOMMODATION[0], tell.day(3))


def in_a_hotel(tell: Teller) -> None:
    """In a hotel since last night: not permitted."""
    child = tell.child(tell.between(500, 250), (16, 16))
    tell.with_foster_carer(child, child.care_from).reason_code = "CREQB"
    tell.lives(child, Setting.HOTEL, tell.at(tell.day(1), 21))


def approval_not_recorded(tell: Teller) -> None:
    """As a file of the return brought it: code U3, no names, and nothing about the carer's approval (D-08)."""
    child = tell.child(tell.between(700, 200), (4, 15), person=names.Person("", "", tell.rng.choice("MF"), "WBRI"))
    tell.lives(child, Setting.CONNECTED_PERSON, child.care_from, approval_recorded=False)
    child.imported_at = tell.at(tell.day(20), 11)
