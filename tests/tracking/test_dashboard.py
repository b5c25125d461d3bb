"""The tracking dashboard: every unregulated and unregistered arrangement, and who oversees it. S0 3.1, C-00, D-00."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.states import ApprovedAs, State
from casework import diary
from casework.models import CaseFile, JobRun
from casework.timetable import JOBS
from children import access
from placements.models import PresentStanding
from placements.states import Lawfulness, RegistrationStatus, Regulation
from tests.factories import (
    NOW,
    appointed,
    chain_at,
    days_before,
    ended,
    in_a_hotel,
    in_childrens_home,
    left_care,
    restricted_to,
    settled,
    visited,
    with_approved_relative,
    with_temporary_approval,
    with_unapproved_relative,
)

pytestmark = pytest.mark.django_db
DASHBOARD = reverse("tracking:dashboard")


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


@pytest.fixture
def open_it(signed_in):
    """`open_it(person, oversight="signed")` looks at every file, opens the dashboard and gives its answer."""

    def opening(person, **choices):
        look()
        answer = signed_in(person).get(DASHBOARD, choices)
        assert answer.status_code == 200
        return answer

    return opening


def names(answer):
    """Whom the list names, in its order."""
    return [row.child for row in answer.context.get("rows", [])]


def row_of(answer, child):
    """What the list says of a child."""
    return next(row for row in answer.context["rows"] if row.child == child.name)


def figures(answer):
    return {figure["label"]: figure["number"] for figure in answer.context["figures"]}


# Which arrangements


def test_only_what_is_not_regulated_is_listed_while_a_child_lives_there(world, open_it):
    listed = {
        with_unapproved_relative(world.own_child).child.name,
        in_a_hotel(world.teams_child).child.name,
        in_childrens_home(world.second_teams_child, registered=RegistrationStatus.UNREGISTERED).child.name,
    }
    applied = in_childrens_home(world.a_child(), registered=RegistrationStatus.APPLIED)
    listed.add(applied.child.name)
    settled(world.a_child())
    in_childrens_home(world.a_child())
    with_approved_relative(world.a_child())
    with_temporary_approval(world.a_child())
    ended(with_unapproved_relative(world.a_child()), on=days_before(1))
    left = world.a_child()
    with_unapproved_relative(left)
    left_care(left, on=days_before(1), by=world.team_manager)
    world.noise()
    answer = open_it(world.dcs)
    assert set(names(answer)) == listed
    assert answer.context["total"] == len(listed)


def test_it_appears_from_the_first_minute_and_goes_with_the_move(world, open_it):
    placement = with_unapproved_relative(world.own_child, since=NOW)
    assert names(open_it(world.dhos)) == [world.own_child.name]
    ended(placement, on=NOW + timedelta(minutes=1))
    diary.refresh([world.own_child.case_file_id], at=NOW + timedelta(minutes=2))
    assert names(open_it(world.dhos)) == [world.own_child.name], "at ten the child still lives there"


# What a row says


def test_a_row_says_child_age_home_days_and_where_the_law_stands(world, open_it):
    placement = with_unapproved_relative(world.own_child, since=days_before(20))
    row = row_of(open_it(world.dhos), world.own_child)
    assert (row.child_url, row.age) == (reverse("children:child", args=[world.own_child.pk]), "Age 9")
    assert row.home == f"{placement.carer.name} (connected person)"
    assert row.home_url == reverse("placements:placement", args=[placement.pk])
    assert row.days == 20
    assert (row.regulation, row.lawfulness) == ("Unregulated (connected person)", "Not lawful")


def test_the_age_of_a_baby_is_said_in_months(world, open_it):
    baby = world.a_child(born=days_before(7 * 31).date(), care_since=days_before(100))
    with_unapproved_relative(baby)
    assert row_of(open_it(world.dhos), baby).age == "Age 7 months"


@pytest.mark.parametrize(
    ("state", "step", "holder"),
    [
        (State.CONVENED, "Case discussion convened", "Dhos Person, Deputy Head of Service"),
        (State.TO_AGREE, "Record to be agreed", "Dhos Person, Deputy Head of Service"),
        (State.AGREED, "Record agreed", "Hos Person, Head of Service"),
        (State.APPROVED, "Approved by the Head of Service", "Service Director, Service Director"),
        (State.SENT_BACK, "Sent back for more work", "Dhos Person, Deputy Head of Service"),
    ],
)
def test_oversight_says_the_step_and_who_holds_it(world, open_it, state, step, holder):
    chain_at(state, with_unapproved_relative(world.own_child))
    row = row_of(open_it(world.dhos), world.own_child)
    assert (row.oversight, row.tone) == ("Not signed off", "alarm")
    assert row.step == f"{step}. Waits for {holder}"


def test_before_anybody_convened_it_waits_for_that(world, open_it):
    with_unapproved_relative(world.own_child)
    assert (
        row_of(open_it(world.dhos), world.own_child).step
        == "To be convened. Waits for Dhos Person, Deputy Head of Service"
    )


def test_an_unregistered_setting_waits_for_the_service_director(world, open_it):
    """K-10."""
    in_childrens_home(world.own_child, registered=RegistrationStatus.UNREGISTERED)
    row = row_of(open_it(world.dhos), world.own_child)
    assert row.step == "To be authorised. Waits for Service Director, Service Director"
    assert row.regulation == "Unregistered (setting)"


@pytest.mark.parametrize("approved_as", ApprovedAs)
def test_signed_off_is_said_with_its_kind_and_lawfulness_does_not_change(world, open_it, approved_as):
    """C-00: two facts side by side."""
    chain_at(
        State.SIGNED_OFF, with_unapproved_relative(world.own_child, since=days_before(20)), approved_as=approved_as
    )
    row = row_of(open_it(world.dhos), world.own_child)
    kind = "permanence plan" if approved_as == ApprovedAs.PERMANENCE else "interim arrangement"
    assert (row.oversight, row.tone) == ("Signed off", "good")
    assert row.step.startswith(f"As {kind} by Service Director")
    assert row.lawfulness == "Not lawful"


def test_where_nobody_holds_the_role_the_row_says_who_stands_in(world, open_it):
    """C-46."""
    with_unapproved_relative(world.own_child)
    world.dhos.appointments.update(ends_at=days_before(5))
    assert row_of(open_it(world.hos), world.own_child).step.endswith("Waits for Hos Person, for Deputy Head of Service")


def test_the_next_duty_is_the_soonest_and_says_who_owes_it(world, open_it):
    """The discussion was to be convened by Tuesday 24 February; so was the first visit, a week after the move."""
    with_unapproved_relative(world.own_child, since=days_before(20))
    row = row_of(open_it(world.dhos), world.own_child)
    assert row.due_note in (
        "13 days overdue. Dhos Person, Deputy Head of Service",
        "13 days overdue. Social Worker, Social worker",
    )
    assert row.overdue_visits == 1


def test_a_visit_in_time_is_not_overdue(world, open_it):
    visited(with_unapproved_relative(world.own_child), days_before(3))
    assert row_of(open_it(world.dhos), world.own_child).overdue_visits == 0


def test_a_restricted_child_is_marked_for_those_who_are_named(world, open_it):
    with_unapproved_relative(world.restricted_child)
    with_unapproved_relative(world.own_child)
    answer = open_it(world.dhos)
    assert row_of(answer, world.restricted_child).is_restricted
    assert not row_of(answer, world.own_child).is_restricted
    assert answer.content.decode().count(", restricted") == 1


# Counts and the lists behind them


@pytest.fixture
def many(world):
    """Three that wait, one that is signed off; one of those that wait was visited in time, the one in a hotel not (K-11)."""
    with_unapproved_relative(world.own_child, since=days_before(20))
    in_a_hotel(world.teams_child, since=days_before(2))
    visited(with_unapproved_relative(world.second_teams_child, since=days_before(12)), days_before(1))
    signed = world.a_child(worker=world.colleague)
    chain_at(State.SIGNED_OFF, with_unapproved_relative(signed, since=days_before(30)))
    return world


def test_every_count_opens_a_list_of_that_length(many, signed_in, open_it):
    answer = open_it(many.dcs)
    assert figures(answer) == {"not signed off": 3, "signed off": 1, "not lawful": 4, "with a visit overdue": 3}
    client = signed_in(many.dcs)
    for figure in answer.context["figures"]:
        listed = client.get(figure["url"])
        assert len(listed.context["rows"]) == listed.context["page"].paginator.count == figure["number"], figure
        assert figures(listed) == figures(answer), "the counts stay as they are"


@pytest.mark.parametrize("who", ["social_worker", "team_manager", "dhos", "dcs", "iro", "placement_service"])
def test_counts_are_of_what_the_person_may_see(many, open_it, who):
    answer = open_it(many.person(Role(who)))
    assert answer.context["total"] == len(names(answer))


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"regulation": "not_permitted"}, {"teams_child"}),
        ({"regulation": "unregulated_connected", "visits": "overdue"}, {"own_child", "signed"}),
        ({"oversight": "signed"}, {"signed"}),
        ({"lawfulness": "not_known"}, set()),
    ],
)
def test_filters_narrow_and_add_up(many, open_it, choices, expected):
    children = {getattr(many, name).name for name in expected if name != "signed"}
    listed = set(names(open_it(many.dcs, **choices)))
    assert children <= listed
    assert len(listed) == len(expected)


def test_one_filters_by_team_and_by_area(many, open_it):
    assert names(open_it(many.dcs, team=f"team-{many.second_team.pk}")) == [many.second_teams_child.name]
    assert len(names(open_it(many.dcs, team=f"area-{many.area.pk}"))) == 4
    assert names(open_it(many.dcs, team=f"area-{many.other_area.pk}")) == []


def test_what_is_chosen_is_shown_in_words_and_can_be_taken_away(many, open_it):
    answer = open_it(many.dcs, oversight="signed", team=f"team-{many.team.pk}", page="2")
    assert [choice["label"] for choice in answer.context["applied"]] == [
        "Oversight: Signed off",
        "Team or service area: Alder team",
    ]
    assert answer.context["applied"][0]["url"] == f"{DASHBOARD}?team=team-{many.team.pk}"


@pytest.mark.parametrize(
    "choices",
    [
        {"oversight": "junk"},
        {"team": "team-0"},
        {"team": "team-x"},
        {"regulation": "\0"},
        {"sort": "password"},
        {"page": "-1"},
        {"page": "zero"},
    ],
)
def test_an_address_typed_by_hand_does_no_harm(many, open_it, choices):
    assert len(names(open_it(many.dcs, **choices))) == 4


def test_what_cannot_be_understood_leaves_the_rest_in_force(many, open_it):
    answer = open_it(many.dcs, oversight="signed", regulation="junk")
    assert len(names(answer)) == answer.context["page"].paginator.count == 1
    assert [choice["label"] for choice in answer.context["applied"]] == ["Oversight: Signed off"]
    assert "Select one of the answers listed" in answer.content.decode()


def test_what_is_most_urgent_stands_first(many, open_it):
    """Nobody has signed it off; then nobody has seen the child in time; then the longest."""
    listed = [(row.oversight, row.overdue_visits, row.days) for row in open_it(many.dcs).context["rows"]]
    assert listed == [
        ("Not signed off", 1, 20),
        ("Not signed off", 1, 2),
        ("Not signed off", 0, 12),
        ("Signed off", 1, 30),
    ]


def test_headings_sort_and_the_usual_order_can_be_had_again(many, open_it, signed_in):
    client = signed_in(many.dcs)

    def days(answer):
        return [row.days for row in answer.context["rows"]]

    usual = open_it(many.dcs, oversight="unsigned")
    assert "most urgent first:" in usual.content.decode()
    column = usual.context["columns"][3]
    assert (column["label"], column["sorted"]) == ("Days", "")
    longest_first = client.get(column["sort_url"])
    assert days(longest_first) == [20, 12, 2]
    assert longest_first.context["columns"][3]["sorted"] == "descending"
    shortest_first = client.get(longest_first.context["columns"][3]["sort_url"])
    assert days(shortest_first) == [2, 12, 20]
    assert shortest_first.context["columns"][3]["sorted"] == "ascending"
    assert shortest_first.context["urgent_url"] == f"{DASHBOARD}?oversight=unsigned"
    by_name = names(open_it(many.dcs, sort="name"))
    assert by_name == sorted(by_name, key=lambda name: (name.split()[1], name.split()[0]))
    assert names(open_it(many.dcs, sort="-name")) == by_name[::-1]


def test_the_list_is_paged_and_keeps_what_was_chosen(world, open_it, signed_in):
    for number in range(27):
        in_a_hotel(world.a_child(), since=days_before(number + 1))
    first = open_it(world.dcs, regulation="not_permitted")
    assert len(names(first)) == 25
    assert "Showing 1 to 25 of 27" in first.content.decode()
    assert "regulation=not_permitted&amp;page=2" in first.content.decode()
    assert len(names(open_it(world.dcs, regulation="not_permitted", page="2"))) == 2
    phone = signed_in(world.dcs).get(DASHBOARD, headers={"accept-encoding": "gzip"})
    assert len(phone.content) < 20_000, "a page as it travels"


def test_sixty_rows_ask_the_database_what_one_row_asks(world, open_it, signed_in, asked):
    with_unapproved_relative(world.own_child)
    client = signed_in(world.dcs)

    def count(**choices):
        open_it(world.dcs)
        client.get(DASHBOARD, choices)
        with asked() as queries:
            client.get(DASHBOARD, choices)
        return len(queries)

    one, one_filtered = count(), count(oversight="unsigned")
    for number in range(59):
        child = world.a_child(worker=world.colleague)
        (in_a_hotel if number % 2 else with_unapproved_relative)(child, since=days_before(10))
    assert count() == one <= 13
    assert count(oversight="unsigned") == one_filtered <= 13


# Who sees what


def test_restricted_children_are_neither_listed_nor_counted_for_others(world, open_it):
    with_unapproved_relative(world.own_child)
    with_unapproved_relative(world.restricted_child)
    for person in (world.team_manager, world.hos, world.dcs, world.performance):
        assert open_it(person).context["total"] == 1
    assert open_it(world.dhos).context["total"] == 2
    assert open_it(world.colleague).context["total"] == 2


def test_a_restriction_acts_on_the_next_request(world, open_it):
    with_unapproved_relative(world.own_child)
    assert open_it(world.dcs).context["total"] == 1
    restricted_to(world.own_child, world.dhos, since=NOW)
    assert open_it(world.dcs).context["total"] == 0


def test_whoever_only_counts_gets_counts_and_nothing_else(many, open_it):
    answer = open_it(many.performance)
    assert figures(answer) == {"not signed off": 3, "signed off": 1, "not lawful": 4, "with a visit overdue": 3}
    page = answer.content.decode()
    assert "<table" not in page
    assert "Filter this list" not in page
    assert "?oversight=unsigned" not in page, "a count without a list behind it is no link"
    for child in many.children:
        assert child.surname not in page


def test_who_counts_and_sees_is_told_of_what_is_seen(many, open_it):
    """Else a count would open a shorter list."""
    appointed(many.second_teams_manager, Role.PERFORMANCE)
    answer = open_it(many.second_teams_manager)
    assert answer.context["total"] == len(names(answer)) == 1


def test_whoever_may_not_know_the_address_sees_the_kind_of_place(world, open_it):
    placement = with_unapproved_relative(world.own_child)
    access.invite(world.lado, world.own_child, at=days_before(1), until=None, because="An allegation.")
    answer = open_it(world.lado)
    assert row_of(answer, world.own_child).home == "Home of a relative, friend or other connected person"
    assert placement.carer.name not in answer.content.decode()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.AUDITOR])
def test_whoever_sees_no_child_is_told_whose_page_it_is(world, signed_in, role):
    answer = signed_in(world.person(role)).get(DASHBOARD)
    assert answer.status_code == 403
    assert "This page is for:" in answer.content.decode()


def test_an_empty_list_says_what_will_appear_there(world, open_it):
    page = open_it(world.dcs).content.decode()
    assert "No arrangement here" in page
    assert "appears here from its first minute" in page


# Jobs that did not run


def ran(*names, at=NOW):
    for name in names:
        JobRun.objects.create(job=name, slot=at, started_at=at, finished_at=at)


def test_where_every_job_ran_nothing_is_said(world, open_it):
    ran(*(job.name for job in JOBS))
    assert "did not run" not in open_it(world.dcs).content.decode()


def test_a_job_that_did_not_run_shows_as_stale(world, open_it):
    ran(*(job.name for job in JOBS if job.name != "look_each_hour"))
    ran("look_each_hour", at=NOW - timedelta(hours=3))
    page = open_it(world.dcs).content.decode()
    assert "This page may be out of date." in page
    assert "the job that looks at limits in hours" in page
    assert "last run on 9 March 2026 at 07:00" in page


def test_a_job_that_never_ran_says_so(world, open_it):
    ran(*(job.name for job in JOBS if job.name != "look_at_night"))
    assert "it has never run" in open_it(world.dcs).content.decode()


def test_mail_that_waits_does_not_make_the_list_old(world, open_it):
    ran(*(job.name for job in JOBS if job.name != "send_mail"))
    page = open_it(world.dcs).content.decode()
    assert "the job that sends the mails that wait" in page
    assert "out of date" not in page


# What the list reads instead of the placements


def test_whose_a_standing_is_is_kept_by_the_database_however_it_is_written(world):
    placement = with_unapproved_relative(world.own_child)
    look()
    PresentStanding.objects.filter(placement=placement).delete()
    kept = PresentStanding.objects.create(
        placement=placement, regulation=Regulation.REGULATED, lawfulness=Lawfulness.LAWFUL, since_on=NOW.date()
    )
    PresentStanding.objects.filter(pk=kept.pk).update(child=None)
    assert PresentStanding.objects.get(pk=kept.pk).child_id == world.own_child.pk


def test_an_arrangement_that_is_over_is_an_alarm_no_more(world, open_it):
    placement = with_unapproved_relative(world.own_child)
    look()
    assert PresentStanding.objects.get(placement=placement).is_alarm
    ended(placement, on=days_before(1))
    assert names(open_it(world.service_director)) == []
    assert not PresentStanding.objects.get(placement=placement).is_alarm


@pytest.mark.parametrize(("minutes", "is_alarm"), [(1, True), (-1, False)])
def test_one_that_ends_later_today_is_an_alarm_until_that_very_moment(world, minutes, is_alarm):
    placement = with_unapproved_relative(world.own_child)
    ends_at = NOW + timedelta(hours=1)
    ended(placement, on=ends_at)
    look()
    assert PresentStanding.objects.get(placement=placement).is_alarm
    assert CaseFile.objects.get(pk=world.own_child.case_file_id).look_again_at <= ends_at
    diary.refresh_due(at=ends_at - timedelta(minutes=minutes))
    assert PresentStanding.objects.get(placement=placement).is_alarm is is_alarm
