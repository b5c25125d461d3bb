"""The invented authority in the database: every state of the issue is there, and came about through the door."""

from collections import Counter
from io import StringIO
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from approvals.connected.states import Pathway
from approvals.models import CaseDiscussion, ConnectedPerson, Decision
from approvals.states import ApprovedAs, DecisionState, State
from bench import names
from bench.authority import ACTED, ACTING, JUST_LEFT, PASSWORD, SIGN_INS
from casework.events import faults_in_chains
from casework.meetings.models import Action, Meeting
from casework.models import Authority, Duty, Event
from casework.timeline import title_of
from children.models import Allocation, Child, Restriction
from placements.models import Placement, PlacementFact, PresentStanding
from placements.states import Lawfulness, Regulation, Setting
from tests import factories
from tracking.arrangements import arrangements, counts
from visits.models import Visit


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """What the command printed on an empty database, which then holds the authority until the module's last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        out = StringIO()
        call_command("load_invented_authority", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def now(printed):
    """The present, after the load."""
    return timezone.now()


def test_the_names_to_sign_in_with_are_printed(printed):
    for sign_in in SIGN_INS:
        assert f"  {sign_in.username} " in printed
    assert PASSWORD in printed


def test_everybody_who_has_not_left_signs_in_with_the_one_password(printed):
    assert check_password(PASSWORD, User.objects.get(username="social-worker").password)
    assert not User.objects.filter(is_active=True).exclude(password=User.objects.first().password).exists()
    assert authenticate(username="former-worker", password=PASSWORD) is None


def test_loading_again_changes_nothing_and_prints_the_names_again(printed):
    before = Event.objects.count()
    out = StringIO()
    call_command("load_invented_authority", stdout=out)
    assert Event.objects.count() == before
    assert out.getvalue() in printed


def test_every_event_stands_in_its_chain_in_order_of_time(now):
    assert list(faults_in_chains()) == []
    events = Event.objects.order_by("case_file", "number").values_list("case_file", "at")
    assert all(earlier[1] <= later[1] for earlier, later in pairwise(events) if earlier[0] == later[0])
    assert not Event.objects.filter(at__gt=now).exists()


def test_the_sign_off_chain_is_shown_in_every_state(printed):
    shown = set(CaseDiscussion.objects.values_list("state", flat=True))
    assert shown == {state.value for state in State} - {State.TO_CONVENE}
    assert Duty.objects.open().filter(kind="D-01").exists()
    signed = CaseDiscussion.objects.filter(state=State.SIGNED_OFF)
    assert set(signed.values_list("approved_as", flat=True)) == {ApprovedAs.INTERIM, ApprovedAs.PERMANENCE}


def test_one_record_has_been_agreed_by_two_of_four_within_its_72_hours(now):
    waiting = CaseDiscussion.objects.filter(state=State.TO_AGREE)
    assert [len(discussion.yet_to_agree) for discussion in waiting] == [2, 2]
    assert {(now - discussion.held_at).days < 3 for discussion in waiting} == {True, False}


def test_every_way_in_which_an_arrangement_can_stand_is_shown(printed):
    shown = set(PresentStanding.objects.filter(placement__ended_at=None).values_list("regulation", flat=True))
    assert shown == {regulation.value for regulation in Regulation} - {Regulation.NOT_LOOKED_AFTER}


@pytest.mark.parametrize(
    ("username", "kinds"),
    [
        ("social-worker", {"D-02", "D-05", "L-01"}),
        ("team-manager", {"D-02"}),
        ("legal", {"D-02"}),
        ("dhos", {"D-00", "D-01", "D-02"}),
        ("hos", {"D-00", "D-03", "D-05"}),
        ("service-director", {"D-00", "D-04"}),
        (ACTING.username, {"D-01"}),
    ],
)
def test_something_waits_for_everybody_who_signs(printed, username, kinds):
    assert kinds <= set(Duty.objects.open().filter(owner__username=username).values_list("kind", flat=True))


def test_every_kind_of_duty_is_open_for_somebody(printed):
    shown = set(Duty.objects.open().values_list("kind", flat=True))
    assert shown >= {f"D-0{number}" for number in (0, 1, 2, 3, 4, 5, 8, 9)} | {"C-26", "C-38"}
    assert shown >= {"L-01", "L-02", "L-03", "L-04", "L-05", "L-06", "L-07", "L-08", "L-16", "L-16b", "L-17"}
    assert Duty.objects.open().filter(kind="L-07", says__contains="of the full care order made").exists()


def test_relatives_and_friends_are_shown_at_every_point_of_their_way(printed):
    shown = set(ConnectedPerson.objects.values_list("state", flat=True))
    assert shown == {Pathway.LOOKED_INTO, Pathway.IN_REVIEW, Pathway.NO_FURTHER, Pathway.APPROVED}
    about_people = Decision.objects.filter(connected_person__isnull=False)
    waiting = set(about_people.filter(state=DecisionState.PUT).values_list("kind", flat=True))
    assert waiting == {"viability", "temporary_approval"}
    granted = set(about_people.filter(state=DecisionState.GRANTED).values_list("kind", flat=True))
    assert granted == {"viability", "temporary_approval", "extension", "extension_for_review"}
    assert set(Duty.objects.open().values_list("kind", flat=True)) >= {"A-23", "A-24", "A-26", "A-27", "L-21"}


def test_a_temporary_approval_that_was_decided_here_ran_out_into_the_sign_off_chain(printed):
    ran_out = Placement.objects.filter(
        carer__enquiries__state=Pathway.LOOKED_INTO,
        standing__regulation=Regulation.UNREGULATED_CONNECTED,
        ended_at=None,
    ).get()
    open_now = Duty.objects.open().filter(about=f"placements.placement:{ran_out.pk}")
    assert set(open_now.values_list("kind", flat=True)) >= {"D-00", "D-01", "L-21"}


def test_a_meeting_is_ahead_one_has_left_actions_open_and_one_was_called_off(printed):
    meetings = Meeting.objects.filter(kind="network")
    assert set(meetings.values_list("state", flat=True)) == {"arranged", "circulated", "called_off"}
    assert set(Action.objects.filter(meeting__in=meetings).values_list("state", flat=True)) == {"open", "done"}
    assert Duty.objects.open().filter(kind="M-06").exists(), "asked for in vain, and to be taken higher"


def test_what_is_to_be_found_out_waits_for_the_placement_service_and_for_a_team_manager(printed):
    to_find_out = Duty.objects.open().filter(kind="C-26").values_list("role", flat=True)
    assert set(to_find_out) == {Role.PLACEMENT_SERVICE, Role.TEAM_MANAGER}


def test_emergencies_are_shown_in_time_and_too_long(now):
    for code in ("L-16", "L-16b", "L-17"):
        duties = Duty.objects.open().filter(kind=code)
        assert {duty.is_overdue(now) for duty in duties} == {True, False}


def test_every_lawfulness_stands_beside_a_regulation_that_allows_it(printed):
    live = PresentStanding.objects.filter(placement__ended_at=None)
    shown = set(live.filter(is_alarm=False).values_list("regulation", "lawfulness"))
    assert shown == {
        (Regulation.REGULATED, Lawfulness.LAWFUL),
        (Regulation.REGULATED, Lawfulness.LAWFUL_UNTIL),
        (Regulation.REGULATED, Lawfulness.NOT_LAWFUL),
        (Regulation.REGULATED, Lawfulness.NOT_APPLICABLE),
        (Regulation.NOT_KNOWN, Lawfulness.NOT_KNOWN),
    }
    assert set(live.filter(is_alarm=True).values_list("lawfulness", flat=True)) == {Lawfulness.NOT_LAWFUL}


def test_the_dashboard_of_everybody_who_oversees_counts_an_overdue_visit(now):
    for username, least in (("service-director", 3), ("hos", 2), ("dhos", 2), ("social-worker", 1)):
        seen = arrangements(User.objects.get(username=username), now)
        assert counts(seen)["overdue_visit"] >= least
    own = Duty.objects.overdue(now).filter(source="visits", owner__username="social-worker")
    alarms = Duty.objects.open().filter(kind="D-00").values("about")
    assert own.filter(about__in=alarms).exists()


def test_when_a_worker_has_left_and_nobody_took_over_the_team_manager_owes_the_visit(now):
    child = Allocation.objects.in_force(now).get(person__username="former-worker").child
    (duty,) = Duty.objects.overdue(now).filter(case_file=child.case_file)
    assert duty.owner.username == "team-manager"
    assert "nobody is allocated" in duty.stands_in


def test_a_whole_caseload_waits_to_be_handed_over(now):
    left = Allocation.objects.in_force(now).filter(person__username=JUST_LEFT[0])
    assert left.count() == 8
    owed = Duty.objects.open().filter(case_file__child__in=left.values("child"), role=Role.SOCIAL_WORKER)
    assert set(owed.values_list("owner__username", flat=True)) == {"team-manager"}


def test_a_mistake_was_corrected_and_another_struck_out_each_with_the_reason(printed):
    corrected = Event.objects.get(act="correct_placement")
    assert corrected.details["before"].startswith(Setting.IFA_FOSTER.label)
    assert corrected.details["after"].startswith(Setting.IN_HOUSE_FOSTER.label)
    struck = Event.objects.get(act="strike_out")
    assert PlacementFact._base_manager.get(struck_out=True).placement.case_file_id == struck.case_file_id
    assert corrected.because
    assert struck.because


def test_everything_that_has_happened_has_a_name_on_the_timeline(printed):
    acts = {(record.partition(".")[0], act) for record, act in Event.objects.values_list("record", "act")}
    assert [act for app, act in acts if title_of(app, act).lower() == act.replace("_", " ")] == []


def test_some_visits_are_overdue_and_most_are_not(now):
    overdue = Duty.objects.overdue(now).filter(source="visits").values("case_file").distinct().count()
    assert 0.05 < overdue / Child.objects.count() < 0.2


def test_visits_are_seen_unseen_alone_and_not(printed):
    assert Visit.objects.filter(child_seen=False).count() > 5
    assert Visit.objects.filter(child_seen=True, seen_alone=False).exclude(why_not_alone="").count() > 10
    assert not Visit.objects.filter(child_seen=True, seen_alone=False, why_not_alone="").exists()
    assert Visit.objects.filter(has_concerns=True).exists()


def test_a_restricted_child_is_seen_by_the_people_named_only(now):
    restricted = Restriction.objects.first().child
    allocated = restricted.allocations.get(role=Role.SOCIAL_WORKER).person
    assert Child.objects.visible_to(allocated, at=now).filter(pk=restricted.pk).exists()
    director = User.objects.get(username="service-director")
    assert Child.objects.visible_to(director, at=now).filter(pk=restricted.pk).exists()
    for username in ("hos", "dcs", "iro"):
        user = User.objects.get(username=username)
        assert not Child.objects.visible_to(user, at=now).filter(pk=restricted.pk).exists()


def test_an_acting_appointment_runs_and_another_ended_yesterday(now):
    acting, acted = (User.objects.get(username=each.username) for each in (ACTING, ACTED))
    assert acting.holds(Role.DHOS, at=now)
    assert not acted.holds(Role.SERVICE_MANAGER, at=now)
    assert acted.holds(Role.TEAM_MANAGER, at=now)


def test_moves_are_many_and_few(printed):
    moves = Counter(Placement.objects.values("child").annotate(n=Count("pk")).values_list("n", flat=True))
    assert max(moves) == 12
    assert moves[1] > 30
    shared = Placement.objects.exclude(carer=None).values("carer").annotate(n=Count("child", distinct=True))
    assert shared.filter(n=3).exists()


def test_an_imported_child_has_no_name_and_no_recorded_approval(printed):
    placements = Placement.objects.filter(approval_recorded=False, setting=Setting.CONNECTED_PERSON)
    assert [placement.child.name for placement in placements] == [
        f"Child {placement.child.reference}" for placement in placements
    ]
    assert Duty.objects.open().filter(kind="D-08").count() == placements.count() == 3


def test_most_duties_were_met_in_time_and_some_late(printed):
    met = Duty.objects.filter(closed_as="met", source="visits")
    late = [duty for duty in met if duty.closed_at >= duty.due_at]
    assert 0 < len(late) < met.count() / 10


def test_invented_children_are_not_added_to_real_ones(db):
    Authority.objects.create(code="E06000015", name="Derby", set_at=factories.NOW)
    with pytest.raises(CommandError, match=r"holds the children of Derby.*DEMO=no"):
        call_command("load_invented_authority", stdout=StringIO())
    assert not Child.objects.filter(reference__startswith="40").exists()


def test_a_database_with_children_and_no_authority_is_left_alone(world):
    with pytest.raises(CommandError, match="an authority without a name"):
        call_command("load_invented_authority", stdout=StringIO())
    assert Authority.objects.exclude(code=names.AUTHORITY_CODE).count() == 0


def test_a_name_that_is_taken_is_said(db):
    factories.a_person("legal")
    with pytest.raises(CommandError, match="The name legal is taken"):
        call_command("load_invented_authority", stdout=StringIO())
