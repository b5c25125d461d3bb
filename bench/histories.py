"""The stories that the invented authority shows: a table of shapes, how often each is told, and how it goes.

Read STORIES from top to bottom: what it shows, for how many children, how many of them are the social worker's who
signs in first. Each function takes a `Teller` and lays out one history with it; who is allocated, reviews and visits
follow by themselves (`Teller.complete`). SETTLED fills the authority up to the number of children asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from accounts.roles import Role
from approvals.states import ApprovedAs, State
from bench import names
from bench.chains import ROUTES
from bench.plan import ApprovalPlan, ChildPlan, PlacementPlan
from bench.rhythm import working_days_before
from bench.telling import Teller
from placements.states import ApprovalKind, FactKind, Setting
from visits.models import WhyNotAlone

SIXTEEN_WEEKS = timedelta(weeks=16)


@dataclass(frozen=True, slots=True)
class Story:
    """One shape of history."""

    shows: str
    tell: Callable[[Teller], object]
    times: int
    for_first_worker: int = 0
    """How many of these are allocated to the sign-in `social-worker`."""
    in_first_area: bool = False
    """Told in the area of the sign-ins, so that somebody there has something to sign."""
    then: Callable[[Teller], None] | None = None
    """What to change when visits and reviews are laid out."""
    children: int = 1
    """How many children one telling has."""
    late: bool = False
    """The last visit is missing."""
    keeps_all_visits: bool = False


# Settled


def settled(tell: Teller) -> ChildPlan:
    """With a foster carer of the authority, for some time."""
    child = tell.child(tell.between(1900, 60), (1, 17))
    stays = _moves_before(tell, child, tell.rng.choice((0, 0, 0, 1, 1, 2)))
    placement = tell.with_foster_carer(child, stays)
    if (tell.today - stays).days > 500 and tell.rng.random() < 0.6:
        placement.facts.append((FactKind.MEANT_TO_LAST_TO_18, stays + timedelta(days=200)))
        if tell.rng.random() < 0.3 and child.born_on < tell.day(11 * 365):
            placement.facts.append((FactKind.FEWER_VISITS_AGREED, stays + timedelta(days=400)))
    return child


def with_an_agency(tell: Teller) -> None:
    """With a foster carer of an agency."""
    child = tell.child(tell.between(1500, 90), (3, 17))
    tell.with_foster_carer(child, _moves_before(tell, child, tell.rng.choice((0, 0, 1, 2))), agency=True)


def in_a_childrens_home(tell: Teller) -> None:
    """In a registered children's home."""
    child = tell.child(tell.between(1500, 120), (10, 17))
    home = tell.rng.choice(names.CHILDRENS_HOMES[:5])
    tell.in_home(child, home, _moves_before(tell, child, tell.rng.choice((1, 1, 2, 3))))


def in_supported_accommodation(tell: Teller) -> None:
    """16 or 17, in registered supported accommodation."""
    child = _nearly_grown_up(tell)
    tell.in_home(child, tell.rng.choice(names.SUPPORTED_ACCOMMODATION[:2]), tell.between(150, 20))


def at_home_under_a_care_order(tell: Teller) -> None:
    """With a parent, under a full care order."""
    child = tell.child(tell.between(1200, 500), (1, 15), legal=((0, "C1"), (180, "C2")))
    tell.with_foster_carer(child, child.care_from)
    tell.with_parent(child, tell.between(250, 40))


def at_home_under_an_interim_order(tell: Teller) -> None:
    """With a parent, under an interim care order."""
    child = tell.child(tell.between(130, 50), (0, 12), legal=((0, "C1"),))
    tell.with_parent(child, child.care_from + timedelta(days=3))
    tell.told[-1].placements.insert(0, _first_days(tell, child))


def with_an_approved_relative(tell: Teller) -> None:
    """With a connected person, who was temporarily approved at first and is now a foster carer."""
    child = tell.child(tell.between(900, 200), (1, 16))
    approved_on = child.care_from + timedelta(days=100)
    tell.with_relative(
        child,
        child.care_from,
        ApprovalPlan(ApprovalKind.TEMPORARY, child.care_from, approved_on),
        ApprovalPlan(ApprovalKind.APPROVED, approved_on),
    )


def with_temporary_approval(tell: Teller) -> None:
    """With a connected person, temporarily approved for 16 weeks that are still running."""
    child = tell.child(tell.between(85, 12), (1, 15))
    until = child.care_from + SIXTEEN_WEEKS
    tell.with_relative(child, child.care_from, ApprovalPlan(ApprovalKind.TEMPORARY, child.care_from, until))


# Unregulated, and the chain


def approval_ran_out(tell: Teller) -> None:
    """The temporary approval ran out last month, the child still lives there, and nobody has convened anything."""
    child = tell.child(tell.day(112 + tell.rng.randint(24, 32)), (5, 14))
    until = child.care_from + SIXTEEN_WEEKS
    tell.with_relative(child, child.care_from, ApprovalPlan(ApprovalKind.TEMPORARY, child.care_from, until))


def moved_today(tell: Teller) -> None:
    """Moved to an unapproved relative minutes ago."""
    child = tell.child(tell.between(700, 300), (12, 15))
    tell.with_foster_carer(child, child.care_from).why_ended = "The carer gave notice"
    tell.with_relative(child, tell.plan.at - timedelta(minutes=17))


def _unregulated(tell: Teller, days: int) -> PlacementPlan:
    """A child with an unapproved relative for some days, after a foster home."""
    child = tell.child(tell.between(900, 200), (6, 16))
    tell.with_foster_carer(child, child.care_from)
    return tell.with_relative(child, tell.day(days))


def convened(tell: Teller) -> None:
    """The case discussion was held yesterday; its record is to be typed."""
    tell.chain(_unregulated(tell, 9), State.CONVENED, working_days_ago=1)


def two_of_four_have_agreed(tell: Teller) -> None:
    """Typed, and agreed by the Deputy Head and Legal; social worker and team manager have the rest of the 72 hours."""
    placement = _unregulated(tell, 12)
    typed_and_two = (*ROUTES[State.AGREED][:3], replace(ROUTES[State.AGREED][5], after=timedelta(hours=6)))
    held = tell.at(working_days_before(tell.today, 1), 10)
    if tell.plan.at - held > timedelta(hours=60):
        held = tell.plan.at - timedelta(hours=20)
    tell.chain_held(placement, typed_and_two, held, ApprovedAs.INTERIM)


def agreement_is_overdue(tell: Teller) -> None:
    """The record was typed a week ago, and two of the four have still not agreed it."""
    tell.chain(_unregulated(tell, 21), State.AGREED, working_days_ago=6, steps=4)


def waits_for_the_head_of_service(tell: Teller) -> None:
    """All four have agreed; the Head of Service is to decide."""
    tell.chain(_unregulated(tell, 20), State.AGREED, working_days_ago=tell.rng.choice((4, 5)))


def head_of_service_is_late(tell: Teller) -> None:
    """All four agreed two weeks ago; the Head of Service has not decided."""
    tell.chain(_unregulated(tell, 33), State.AGREED, working_days_ago=12)


def waits_for_the_director(tell: Teller) -> None:
    """The Head of Service has approved; the Service Director is to sign."""
    tell.chain(_unregulated(tell, 24), State.APPROVED, working_days_ago=6)


def director_is_late(tell: Teller) -> None:
    """The Head of Service approved long ago; the Service Director has not signed."""
    tell.chain(_unregulated(tell, 40), State.APPROVED, working_days_ago=13, approved_as=ApprovedAs.PERMANENCE)


def sent_back(tell: Teller) -> None:
    """The Head of Service sent the record back."""
    tell.chain(_unregulated(tell, 22), State.SENT_BACK, working_days_ago=5)


def refused(tell: Teller) -> None:
    """The Head of Service refused; the child has not moved yet."""
    tell.chain(_unregulated(tell, 26), State.REFUSED, working_days_ago=6)


def dissented(tell: Teller) -> None:
    """The Service Director dissents."""
    tell.chain(_unregulated(tell, 29), State.DISSENTED, working_days_ago=8)


def signed_off_as_interim(tell: Teller) -> None:
    """Signed off as an interim arrangement; the outcome is to be communicated."""
    tell.chain(_unregulated(tell, 27), State.SIGNED_OFF, working_days_ago=7)


def signed_off_as_permanence(tell: Teller) -> None:
    """Signed off as the child's permanence plan; the outcome is to be communicated."""
    tell.chain(_unregulated(tell, 34), State.SIGNED_OFF, working_days_ago=6, approved_as=ApprovedAs.PERMANENCE)


def communicated(tell: Teller) -> None:
    """The outcome is communicated; the social worker is to file the record."""
    tell.chain(_unregulated(tell, 30), State.COMMUNICATED, working_days_ago=8)


def filed(tell: Teller) -> None:
    """The chain is complete, for an interim arrangement."""
    tell.chain(_unregulated(tell, 44), State.FILED, working_days_ago=16)


def interim_approval_to_renew(tell: Teller) -> None:
    """The chain is complete, and the interim approval has to be looked at again."""
    tell.chain(_unregulated(tell, 80), State.FILED, working_days_ago=30)


def filed_as_permanence(tell: Teller) -> None:
    """The chain is complete: the arrangement is the child's permanence plan."""
    tell.chain(_unregulated(tell, 150), State.FILED, working_days_ago=80, approved_as=ApprovedAs.PERMANENCE)


def withdrawn(tell: Teller) -> None:
    """The case discussion was held in the morning, and that afternoon the relative was approved after all."""
    placement = _unregulated(tell, 60)
    chain = tell.chain(placement, State.WITHDRAWN, working_days_ago=30)
    placement.carer.approvals.append(ApprovalPlan(ApprovalKind.APPROVED, chain.held_at.date()))


# Homes


def home_lost_its_registration(tell: Teller) -> None:
    """The home was registered when the child moved in, and is no longer."""
    child = tell.child(tell.between(900, 300), (11, 16))
    tell.in_home(child, names.CHILDRENS_HOMES[5], _moves_before(tell, child, 1, stays=tell.day(90)))


def home_under_notice(tell: Teller) -> None:
    """The regulator has given notice of a concern about the home."""
    child = tell.child(tell.between(900, 300), (10, 15))
    tell.in_home(child, names.CHILDRENS_HOMES[6], _moves_before(tell, child, 1, stays=tell.day(120)))


def home_has_only_applied(tell: Teller) -> None:
    """16 or 17, in supported accommodation that has applied and is not registered yet."""
    tell.in_home(_nearly_grown_up(tell), names.SUPPORTED_ACCOMMODATION[2], tell.between(30, 10))


def home_is_not_registered(tell: Teller) -> None:
    """17, in supported accommodation that is not registered and has not applied."""
    tell.in_home(_nearly_grown_up(tell), names.SUPPORTED_ACCOMMODATION[3], tell.between(14, 8))


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


# Visits


def first_visit_is_overdue(tell: Teller) -> None:
    """Moved ten days ago, and nobody has been to see the child."""
    child = tell.child(tell.between(500, 200), (5, 15))
    tell.with_foster_carer(child, child.care_from)
    tell.with_foster_carer(child, tell.day(10), agency=True)


def nobody_was_in(tell: Teller) -> None:
    """Visits at which the child was not there: recorded, and they meet nothing."""
    (child,) = tell.told
    home = child.placements[-1]
    for seen in home.visits[1::2]:
        missed = tell.a_visit(child, working_days_before(seen.at.date(), 2), account="Nobody was in.", why_not_alone="")
        missed.seen = False
        home.visits.append(missed)
    home.visits.sort(key=lambda visit: visit.at)


def nobody_has_been(tell: Teller) -> None:
    """No visit has been made to the present home."""
    tell.told[0].placements[-1].visits = []


def never_alone(tell: Teller) -> None:
    """Seen at every visit, but not alone, with the reason each time."""
    for visit in tell.told[0].placements[-1].visits:
        visit.why_not_alone = WhyNotAlone.NOT_APPROPRIATE


def worried(tell: Teller) -> None:
    """The last visit found something to worry about."""
    for visit in tell.told[0].placements[-1].visits[-1:]:
        visit.concerns = "A window on the ground floor does not lock, and the night staff changed twice this week."


def very_young(tell: Teller) -> None:
    """A small child with a foster carer."""
    tell.with_foster_carer(tell.child(tell.between(700, 250), (2, 4)), tell.told[0].care_from)


# Comings and goings


def many_moves(tell: Teller) -> None:
    """Five moves in a few years, an agency foster home now."""
    child = tell.child(tell.between(1600, 1100), (8, 17))
    tell.with_foster_carer(child, _moves_before(tell, child, 5), agency=True)


def twelve_homes(tell: Teller) -> None:
    """Twelve homes in five years."""
    child = tell.child(tell.day(1800), (15, 15))
    tell.in_home(child, names.CHILDRENS_HOMES[0], _moves_before(tell, child, 11, stays=tell.day(70)))


def turned_eighteen(tell: Teller) -> None:
    """Turned 18 last week, and stays with the carers."""
    child = tell.child(tell.between(1500, 700), born_on=tell.birthday(18, 6))
    tell.with_foster_carer(child, child.care_from)
    tell.leaves_care(child, child.born_on.replace(year=child.born_on.year + 18), "E17")


def left_care(tell: Teller) -> None:
    """Left care: home, or to a special guardian."""
    child = tell.child(tell.between(1300, 500), (2, 16), legal=((0, "V2"),))
    tell.with_foster_carer(child, _moves_before(tell, child, tell.rng.choice((0, 1))))
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
    """Only the people named see the record."""
    child = settled(tell)
    child.restricted_because = "A close relative works in the children’s services department."
    managers = (tell.plan.holder(role, tell.team) for role in (Role.TEAM_MANAGER, Role.SERVICE_DIRECTOR))
    child.people_named = (tell.worker, *managers)


# Parts of histories


def _nearly_grown_up(tell: Teller) -> ChildPlan:
    """Somebody of 16 or 17 who came into care some time ago and lived with foster carers first."""
    child = tell.child(tell.between(1200, 300), born_on=tell.birthday(16, tell.rng.randint(190, 690)))
    tell.with_foster_carer(child, child.care_from)
    return child


def _moves_before(tell: Teller, child: ChildPlan, moves: int, stays=None):
    """Some homes one after another since coming into care; gives back the day on which the present stay began."""
    if not moves:
        return child.care_from
    stays = stays or child.care_from + (tell.today - child.care_from) * tell.rng.uniform(0.35, 0.8)
    each = (stays - child.care_from) / moves
    for number in range(moves):
        since = child.care_from + each * number
        tell.with_foster_carer(child, since, agency=tell.rng.random() < 0.3)
    return stays


def _first_days(tell: Teller, child: ChildPlan) -> PlacementPlan:
    """A few days with a foster carer before the court decided."""
    home = child.placements[0]
    other = tell.carer()
    other.approvals.append(ApprovalPlan(ApprovalKind.APPROVED, child.care_from - timedelta(days=900)))
    return PlacementPlan(
        Setting.IN_HOUSE_FOSTER,
        tell.at(child.care_from, 19),
        home.starts_at,
        carer=other,
        why_ended="Interim order made",
    )


STORIES = (
    # Unregulated, and where the chain stands
    Story("temporary approval ran out last month; nothing convened", approval_ran_out, 2, 1, in_first_area=True),
    Story("with an unapproved relative since minutes ago", moved_today, 1, 1),
    Story("case discussion convened, record to be typed", convened, 1, in_first_area=True),
    Story("two of four have agreed, 72 hours running", two_of_four_have_agreed, 1, 1),
    Story("agreement overdue", agreement_is_overdue, 1, in_first_area=True),
    Story("agreed, waits for the Head of Service", waits_for_the_head_of_service, 2, 1, in_first_area=True),
    Story("agreed, the Head of Service is late", head_of_service_is_late, 1, in_first_area=True),
    Story("approved, waits for the Service Director", waits_for_the_director, 2, 1),
    Story("approved as permanence, the Service Director is late", director_is_late, 1),
    Story("sent back", sent_back, 1, in_first_area=True),
    Story("refused", refused, 1),
    Story("the Service Director dissents", dissented, 1, in_first_area=True),
    Story("signed off as interim", signed_off_as_interim, 1, in_first_area=True),
    Story("signed off as permanence", signed_off_as_permanence, 1, in_first_area=True),
    Story("communicated, to be filed", communicated, 1, 1),
    Story("filed, interim", filed, 1),
    Story("filed, interim approval to renew", interim_approval_to_renew, 1, in_first_area=True),
    Story("filed as permanence", filed_as_permanence, 1),
    Story("withdrawn, the relative was approved", withdrawn, 1),
    # Homes
    Story("the home lost its registration", home_lost_its_registration, 2, 1),
    Story("the regulator gave notice about the home", home_under_notice, 2),
    Story("supported accommodation, applied and not registered", home_has_only_applied, 2, in_first_area=True),
    Story("supported accommodation, not registered", home_is_not_registered, 1),
    Story("under 16 in supported accommodation", too_young_for_supported_accommodation, 1),
    Story("in a hotel", in_a_hotel, 1),
    Story("approval not recorded, as imported", approval_not_recorded, 3),
    # Visits
    Story("first visit overdue", first_visit_is_overdue, 2, 1, then=nobody_has_been),
    Story("child not seen at some visits", settled, 3, 1, then=nobody_was_in),
    Story("seen, not alone, with the reason", very_young, 3, 1, then=never_alone),
    Story("a visit raised concerns", in_a_childrens_home, 1, then=worried),
    # Comings and goings
    Story("five moves", many_moves, 5),
    Story("twelve homes", twelve_homes, 1, keeps_all_visits=True),
    Story("turned 18 last week", turned_eighteen, 1),
    Story("left care", left_care, 8, 1),
    Story("brothers and sisters in one home", brothers_and_sisters, 1, children=3),
    Story("a name that breaks lists", long_name, 4),
    Story("restricted", restricted, 2),
    # With relatives and parents, as it should be
    Story("connected person, temporary approval running", with_temporary_approval, 5, 1),
    Story("connected person, approved", with_an_approved_relative, 8, 1),
    Story("with a parent under a full care order", at_home_under_a_care_order, 5),
    Story("with a parent under an interim care order", at_home_under_an_interim_order, 3),
)

SETTLED = (
    Story("foster home of the authority", settled, 10, 2),
    Story("foster home of the authority, last visit missing", settled, 2, 1, late=True),
    Story("foster home of an agency", with_an_agency, 5),
    Story("foster home of an agency, last visit missing", with_an_agency, 1, late=True),
    Story("registered children’s home", in_a_childrens_home, 3),
    Story("registered children’s home, last visit missing", in_a_childrens_home, 1, late=True),
    Story("registered supported accommodation", in_supported_accommodation, 3),
)
"""Told again and again, in these proportions, until there are as many children as asked for."""
