"""The stories that the invented authority shows: a table of shapes, how often each is told, and how it goes.

Read STORIES from top to bottom: what it shows, for how many children, how many of them are the social worker's who
signs in first. Each function, in `bench.stories`, takes a `Teller` and lays out one history with it; who is allocated,
reviews and visits follow by themselves (`Teller.complete`). SETTLED fills the authority up to the number asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bench.stories import coming_and_going, decisions, homes, meetings, relatives, settled, unregulated, visits
from bench.telling import Teller


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


STORIES = (
    # Unregulated, and where the chain stands
    Story(
        "temporary approval ran out last month; nothing convened",
        unregulated.approval_ran_out,
        2,
        1,
        in_first_area=True,
    ),
    Story("with an unapproved relative since minutes ago", unregulated.moved_today, 1, 1),
    Story("case discussion convened, record to be typed", unregulated.convened, 1, in_first_area=True),
    Story("two of four have agreed, 72 hours running", unregulated.two_of_four_have_agreed, 1, 1),
    Story("agreement overdue", unregulated.agreement_is_overdue, 1, in_first_area=True),
    Story("agreed, waits for the Head of Service", unregulated.waits_for_the_head_of_service, 2, 1, in_first_area=True),
    Story("agreed, the Head of Service is late", unregulated.head_of_service_is_late, 1, in_first_area=True),
    Story("approved, waits for the Service Director", unregulated.waits_for_the_director, 2, 1),
    Story("approved as permanence, the Service Director is late", unregulated.director_is_late, 1),
    Story(
        "agreed, and no visit for weeks", unregulated.nobody_has_visited_for_weeks, 2, 1, in_first_area=True, late=True
    ),
    Story(
        "approved, the chain is to be withdrawn",
        unregulated.approved_while_the_record_waits,
        1,
        in_first_area=True,
    ),
    Story("moved on, the chain is to be withdrawn", unregulated.moved_before_the_record_was_typed, 1),
    Story("sent back", unregulated.sent_back, 2, in_first_area=True),
    Story("refused", unregulated.refused, 1),
    Story("the Service Director dissents", unregulated.dissented, 1, in_first_area=True),
    Story("signed off as interim", unregulated.signed_off_as_interim, 1, in_first_area=True),
    Story("signed off as permanence", unregulated.signed_off_as_permanence, 1, in_first_area=True),
    Story("communicated, to be filed", unregulated.communicated, 1, 1),
    Story("filed, interim", unregulated.filed, 1),
    Story("filed, interim approval to renew", unregulated.interim_approval_to_renew, 1, in_first_area=True),
    Story("filed, interim approval renewed", unregulated.interim_approval_renewed, 1, in_first_area=True),
    Story("filed, interim approval lapsed", unregulated.interim_approval_lapsed, 1, in_first_area=True),
    Story("filed as permanence", unregulated.filed_as_permanence, 1),
    Story("withdrawn, the relative was approved", unregulated.withdrawn, 1),
    # Homes
    Story("the home lost its registration", homes.home_lost_its_registration, 2, 1),
    Story("the regulator gave notice about the home", homes.home_under_notice, 2),
    Story("supported accommodation, applied and not registered", homes.home_has_only_applied, 2, in_first_area=True),
    Story("supported accommodation, not registered", homes.home_is_not_registered, 1),
    Story(
        "not registered, and nobody has been",
        homes.home_is_not_registered,
        1,
        then=visits.nobody_has_been,
    ),
    Story("the home’s registration was not looked up", homes.registration_not_looked_up, 1),
    Story("kind of place not known", homes.kind_of_place_not_known, 1, in_first_area=True),
    Story("independent living", homes.independent_living, 1),
    Story("under 16 in supported accommodation", homes.too_young_for_supported_accommodation, 1),
    Story("in a hotel", homes.in_a_hotel, 1),
    Story("approval not recorded, as imported", homes.approval_not_recorded, 3),
    # Visits
    Story("first visit overdue", visits.first_visit_is_overdue, 2, 1, then=visits.nobody_has_been),
    Story("child not seen at some visits", settled.settled, 3, then=visits.nobody_was_in),
    Story("seen, not alone, with the reason", visits.very_young, 3, then=visits.never_alone),
    Story("the worker left, nobody took over", settled.in_one_foster_home, 1, then=visits.nobody_took_over),
    Story("agrees to fewer visits", visits.fewer_visits, 1),
    Story("a visit raised concerns", settled.in_a_childrens_home, 1, then=visits.worried),
    # Comings and goings
    Story("five moves", coming_and_going.many_moves, 2),
    Story("twelve homes", coming_and_going.twelve_homes, 1, keeps_all_visits=True),
    Story("away for a few days", coming_and_going.away_for_a_few_days, 1),
    Story("in hospital", coming_and_going.in_hospital, 1),
    Story("in custody", coming_and_going.in_custody, 1),
    Story("placed for adoption", coming_and_going.placed_for_adoption, 1),
    Story("recorded wrongly, put right", coming_and_going.recorded_wrongly, 2),
    Story("turned 18 last week", coming_and_going.turned_eighteen, 1),
    Story("left care", coming_and_going.left_care, 5, 1),
    Story("brothers and sisters in one home", coming_and_going.brothers_and_sisters, 1, children=3),
    Story("a name that breaks lists", coming_and_going.long_name, 4),
    Story("restricted", coming_and_going.restricted, 2),
    # With relatives and parents, and emergencies
    Story("connected person, temporary approval running", settled.with_temporary_approval, 2),
    Story("connected person, temporary approval extended", settled.temporary_approval_extended, 2),
    Story("connected person, approved", settled.with_an_approved_relative, 3),
    Story("with a parent under a full care order", settled.at_home_under_a_care_order, 3),
    Story("with a parent under an interim care order", settled.at_home_under_an_interim_order, 3),
    Story("with a parent, care order made last week", settled.order_made_at_home, 1, then=visits.seen_before_the_order),
    Story("with a parent before the assessment", settled.before_the_assessment, 3, in_first_area=True),
    Story("with carers outside their terms, in an emergency", settled.outside_the_terms, 2),
    # A caseload that waits
    Story("the worker left last week", settled.in_one_foster_home, 8, in_first_area=True, then=visits.left_last_week),
    # Relatives and friends who were asked about
    Story("a relative was asked about", relatives.just_asked_about, 1, in_first_area=True),
    Story("viability assessment to be confirmed", relatives.viability_to_confirm, 1, 1),
    Story("the nominated officer is to decide", relatives.waits_for_the_nominated_officer, 1, in_first_area=True),
    Story("temporary approval runs out soon", relatives.approval_runs_out_soon, 2, 1, in_first_area=True),
    Story("temporary approval extended by decision", relatives.approval_was_extended, 1, in_first_area=True),
    Story("temporary approval ran out last week", relatives.approval_ran_out, 1, in_first_area=True),
    Story("refused, and in independent review", relatives.refused_and_in_review, 1, in_first_area=True),
    Story("did not become a foster carer", relatives.did_not_become_a_carer, 2, in_first_area=True),
    Story("became a foster carer", relatives.became_a_foster_carer, 1, in_first_area=True),
    # Meetings
    Story("a network meeting is ahead", meetings.meeting_ahead, 1, 1),
    Story("a network meeting with open actions", meetings.meeting_with_open_actions, 1, 1),
    Story("a network meeting was called off", meetings.meeting_called_off, 1, in_first_area=True),
    # Other senior decisions
    Story(
        "unregistered setting, authorised and runs out soon", decisions.authorised_and_runs_out, 1, in_first_area=True
    ),
    Story(
        "unregistered setting, with the Service Director",
        decisions.setting_waits_for_the_director,
        1,
        in_first_area=True,
    ),
    Story("in secure accommodation, said yes by telephone", decisions.kept_for_hours, 1, in_first_area=True),
    Story("contact with two parents at once", decisions.two_contacts_at_once, 1, in_first_area=True),
    Story("contact approved", decisions.contact_approved, 1, in_first_area=True),
    Story("contact to be checked", decisions.contact_to_check, 1, in_first_area=True),
    Story("to go home to a parent, with the decision maker", decisions.going_home_to_decide, 1, in_first_area=True),
    Story("to go home to a parent, written up; the IRO is asked", decisions.going_home_written_up, 1, 1),
    Story("to go home to a parent, agreed to", decisions.going_home_agreed, 1, in_first_area=True),
    Story("with a parent at once, decided", decisions.at_home_before_the_assessment, 1, in_first_area=True),
    Story("a home at a distance, with the Director", decisions.far_away_to_decide, 1, in_first_area=True),
    Story("outside the area in an emergency", decisions.outside_the_area_in_an_emergency, 1, in_first_area=True),
    Story("the end of care, with the nominated officer", decisions.end_of_care_to_decide, 1, in_first_area=True),
    Story("the end of care at 16, declined", decisions.end_of_care_declined, 1, in_first_area=True),
)

SETTLED = (
    Story("foster home of the authority", settled.settled, 5),
    Story("foster home of the authority, last visit missing", settled.settled, 2, 1, late=True),
    Story("foster home of an agency", settled.with_an_agency, 3),
    Story("foster home of an agency, last visit missing", settled.with_an_agency, 1, late=True),
    Story("registered children’s home", settled.in_a_childrens_home, 2),
    Story("registered children’s home, last visit missing", settled.in_a_childrens_home, 1, late=True),
    Story("registered supported accommodation", settled.in_supported_accommodation, 2),
)
"""Told again and again, in these proportions, until there are as many children as asked for."""
