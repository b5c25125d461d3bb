"""Plan a visit (S3, line 237): a day, who else goes that week, another day, calling it off, and what meets it by itself."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import Duty, Event
from tests.factories import (
    NOW,
    TODAY,
    a_home,
    days_before,
    ended,
    in_childrens_home,
    planned,
    visited,
    with_unapproved_relative,
)
from visits.models import PlannedVisit
from visits.states import PlanState

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 13)


@pytest.fixture
def home(world):
    """Visited on 6 March 2026: the next visit is due by Friday 13 March."""
    found = with_unapproved_relative(world.own_child, since=days_before(3))
    visited(found, days_before(3, at=NOW + timedelta(minutes=30)))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    return found


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


def form_of(home):
    return reverse("visits:plan", args=[home.pk])


def page_of(plan):
    return reverse("visits:planned_visit", args=[plan.pk])


def step_of(plan, name):
    return reverse(f"visits:{name}", args=[plan.pk])


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_a_visit_is_planned_for_a_day_and_a_time(worker, world, home, send):
    answer = send(worker, form_of(home), planned_on=FRIDAY, planned_time="2.30pm", says="See the new bed.")
    plan = PlannedVisit.objects.get()
    assert answer["Location"] == page_of(plan)
    assert (plan.child, plan.placement, plan.visitor) == (world.own_child, home, world.social_worker)
    assert (plan.role, plan.planned_on, plan.planned_time) == (Role.SOCIAL_WORKER, FRIDAY, time(14, 30))
    event = Event.objects.get(act="plan_visit")
    assert (event.case_file_id, event.by) == (world.own_child.case_file_id, world.social_worker)
    assert event.details == {"planned_on": "13 March 2026 at 14:30"}
    page = text_of(worker.get(answer["Location"]))
    for said in ("The visit is planned.", "13 March 2026 at 14:30", "See the new bed.", "Nobody else that week"):
        assert said in page


def test_a_plan_that_is_sent_twice_is_planned_once(worker, home, send):
    key = "6d0f2c0e-9a2c-4d35-8bb4-6a8f6f3f1d11"
    first, again = (send(worker, form_of(home), key=key, planned_on=FRIDAY) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert PlannedVisit.objects.count() == 1


def test_the_form_says_what_is_due_who_else_goes_and_which_days_are_left(worker, world, home):
    planned(home, date(2026, 3, 12), by=world.iro, role=Role.IRO)
    visited(home, days_before(1), by=world.service_manager, role=Role.SERVICE_MANAGER)
    page = text_of(worker.get(form_of(home)))
    assert "Due in 4 days" in page
    assert f"{world.iro.name}, Independent reviewing officer" in page
    assert f"{world.service_manager.name}, Service manager" in page
    assert "?on=2026-03-10" in page
    assert "?on=2026-03-12" not in page
    assert 'value="13"' in worker.get(form_of(home), {"on": "2026-03-13"}).content.decode()


def test_an_address_with_a_day_that_is_none_is_not_found(worker, home):
    assert worker.get(form_of(home), {"on": "friday"}).status_code == 404


def test_a_day_on_which_somebody_else_goes_is_warned_about_and_can_be_chosen(worker, world, home, send):
    planned(home, FRIDAY, by=world.iro, role=Role.IRO)
    answer = send(worker, form_of(home), planned_on=FRIDAY)
    assert answer.status_code == 422
    page = text_of(answer)
    assert f"{world.iro.name} (Independent reviewing officer) plans to go on the same day." in page
    assert "Plan it for this day all the same" in page
    assert not PlannedVisit.objects.filter(visitor=world.social_worker).exists()
    answer = send(worker, form_of(home), planned_on=FRIDAY, all_the_same="on")
    assert answer.status_code == 302
    page = text_of(worker.get(answer["Location"]))
    assert f"{world.iro.name}, Independent reviewing officer" in page


def test_a_day_after_the_due_day_says_so_at_once(worker, home, send):
    """Due by Friday 13 March 2026."""
    answer = send(worker, form_of(home), planned_on=FRIDAY + timedelta(days=3))
    assert "The visit is due by 13 March 2026: this is 3 days too late." in text_of(answer)
    answer = send(worker, form_of(home), planned_on=FRIDAY + timedelta(days=3), all_the_same="on")
    page = text_of(worker.get(answer["Location"]))
    assert "The visit is due by 13 March 2026: the planned day is too late." in page


def test_the_due_day_itself_is_in_time(worker, home, send):
    assert send(worker, form_of(home), planned_on=FRIDAY).status_code == 302


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (TODAY - timedelta(days=1), "Plan a visit for today or later. A visit that was made is recorded."),
        (TODAY + timedelta(days=401), "Plan a visit within the next 400 days."),
    ],
)
def test_a_day_that_is_gone_or_too_far_ahead_is_refused(worker, home, send, day, says):
    answer = send(worker, form_of(home), planned_on=day)
    assert answer.status_code == 422
    assert says in text_of(answer)


def test_a_time_that_cannot_be_read_is_refused_and_comes_back_as_typed(worker, home, send):
    answer = send(worker, form_of(home), planned_on=FRIDAY, planned_time="half nine")
    assert answer.status_code == 422
    assert "Type the time like 14:30 or 2:30pm, or leave it empty." in text_of(answer)
    assert 'value="half nine"' in answer.content.decode()


def test_the_same_visit_is_not_planned_twice_for_a_day(worker, home, send):
    planned(home, FRIDAY)
    answer = send(worker, form_of(home), planned_on=FRIDAY)
    assert "A visit by this person is planned for that day already." in text_of(answer)


def test_a_visit_to_a_home_that_the_child_has_left_is_not_planned(worker, home, send):
    ended(home, on=days_before(1))
    answer = send(worker, form_of(home), planned_on=FRIDAY)
    assert answer.status_code == 409
    assert "The child has left this home." in text_of(answer)


# Several children of one home


def test_children_of_one_home_are_planned_for_together_each_in_the_own_file(worker, world, send):
    house = a_home()
    homes = [in_childrens_home(child, home=house) for child in (world.own_child, world.teams_child)]
    page = text_of(worker.get(form_of(homes[0])))
    assert "Whom else will you visit there?" in page
    assert world.teams_child.name in page
    answer = send(worker, form_of(homes[0]), planned_on=FRIDAY, others=str(homes[1].pk), all_the_same="on")
    assert answer.status_code == 302
    assert "The visits to 2 children are planned." in text_of(worker.get(answer["Location"]))
    assert {plan.child for plan in PlannedVisit.objects.all()} == {world.own_child, world.teams_child}
    files = {event.case_file_id for event in Event.objects.filter(act="plan_visit")}
    assert files == {world.own_child.case_file_id, world.teams_child.case_file_id}


def test_a_child_of_the_home_whom_one_may_not_see_is_not_named(worker, world):
    house = a_home()
    own, _ = [in_childrens_home(child, home=house) for child in (world.own_child, world.other_areas_child)]
    page = text_of(worker.get(form_of(own)))
    assert world.other_areas_child.name not in page
    assert "Whom else will you visit there?" not in page


def test_a_child_who_lives_elsewhere_is_not_planned_for_along_with_others(worker, world, home, send):
    elsewhere = in_childrens_home(world.teams_child)
    assert send(worker, form_of(home), planned_on=FRIDAY, others=str(elsewhere.pk)).status_code == 302
    assert PlannedVisit.objects.get().child == world.own_child


# What becomes of a plan


def test_a_visit_recorded_for_that_day_meets_the_plan_by_itself(worker, world, home):
    plan = planned(home, TODAY)
    assert list(PlannedVisit.objects.still_to_make()) == [plan]
    visit = visited(home, NOW)
    assert list(PlannedVisit.objects.still_to_make()) == []
    page = text_of(worker.get(page_of(plan)))
    assert "Made, and recorded" in page
    assert reverse("visits:visit", args=[visit.pk]) in page
    assert "Call the visit off" not in page
    assert "Call the visit off" not in page
    assert worker.get(step_of(plan, "call_off")).status_code == 409


@pytest.mark.parametrize("other", ["person", "day", "struck_out"])
def test_a_visit_by_somebody_else_or_on_another_day_does_not_meet_it(world, home, other):
    plan = planned(home, TODAY)
    if other == "person":
        visited(home, NOW, by=world.colleague)
    elif other == "day":
        visited(home, days_before(1))
    else:
        visited(home, NOW, struck_out=True)
    assert list(PlannedVisit.objects.still_to_make()) == [plan]


def test_the_day_of_a_visit_is_the_day_in_london(world, home):
    """Half past midnight in London on 30 March 2026, which is the evening before in universal time."""
    plan = planned(home, date(2026, 3, 30))
    visited(home, NOW.replace(day=29, hour=23, minute=30))
    assert PlannedVisit.objects.with_visits().get(pk=plan.pk).made_as


def test_another_day_is_chosen_and_warned_about_in_the_same_way(worker, world, home, send):
    planned(home, FRIDAY, by=world.iro, role=Role.IRO)
    plan = planned(home, date(2026, 3, 11))
    page = text_of(worker.get(step_of(plan, "rearrange")))
    assert "Planned for 11 March 2026" in page
    assert send(worker, step_of(plan, "rearrange"), planned_on=FRIDAY).status_code == 422
    answer = send(worker, step_of(plan, "rearrange"), planned_on=FRIDAY, planned_time="9:00", all_the_same="on")
    assert answer["Location"] == page_of(plan)
    plan = PlannedVisit.objects.get(pk=plan.pk)
    assert (plan.planned_on, plan.planned_time, plan.times_changed) == (FRIDAY, time(9), 1)
    assert Event.objects.get(act="rearrange").details == {"planned_on": "13 March 2026"}


def test_a_visit_is_called_off_with_a_reason(worker, home, send):
    plan = planned(home, FRIDAY)
    assert send(worker, step_of(plan, "call_off")).status_code == 422
    assert send(worker, step_of(plan, "call_off"), because="The child is on holiday.").status_code == 302
    assert PlannedVisit.objects.get().state == PlanState.CALLED_OFF
    assert Event.objects.get(act="call_off").because == "The child is on holiday."
    assert "Called off" in text_of(worker.get(page_of(plan)))


def test_a_visit_that_was_called_off_can_be_planned_for_that_day_again(worker, home, send):
    send(worker, step_of(planned(home, FRIDAY), "call_off"), because="A mistake.")
    assert send(worker, form_of(home), planned_on=FRIDAY).status_code == 302


def test_a_visit_made_on_another_day_is_said_to_be_the_one(worker, home, send):
    plan = planned(home, date(2026, 3, 5), at=days_before(6))
    visit = home.visits.get()
    page = text_of(worker.get(page_of(plan)))
    assert "Planned, not recorded" in page
    assert "It was made on another day" in page
    assert send(worker, step_of(plan, "was_made"), visit=str(visit.pk)).status_code == 302
    plan = PlannedVisit.objects.with_visits().get(pk=plan.pk)
    assert (plan.state, plan.made_as) == (PlanState.MADE, visit.pk)
    assert "Made, and recorded" in text_of(worker.get(page_of(plan)))


def test_somebody_elses_visit_is_not_the_one_that_was_planned(worker, world, home, send):
    plan = planned(home, date(2026, 3, 5), at=days_before(6))
    other = visited(home, days_before(2), by=world.colleague)
    assert send(worker, step_of(plan, "was_made"), visit=str(other.pk)).status_code == 422


def test_where_no_visit_is_on_record_near_the_day_the_page_says_what_to_do(worker, world, home):
    plan = planned(home, TODAY, by=world.social_worker)
    home.visits.update(visitor=world.colleague)
    answer = worker.get(step_of(plan, "was_made"))
    assert answer.status_code == 409
    assert "Record the visit first." in text_of(answer)


def test_a_plan_that_passed_is_listed_first_and_offered_to_be_recorded(worker, home):
    passed, ahead = planned(home, date(2026, 3, 5), at=days_before(6)), planned(home, FRIDAY)
    page = text_of(worker.get(reverse("visits:planned")))
    assert "1 planned visit passed without a visit on record." in page
    assert page.index(page_of(passed)) < page.index(page_of(ahead))
    assert reverse("visits:record", args=[home.pk]) in text_of(worker.get(page_of(passed)))
    assert reverse("visits:record", args=[home.pk]) not in text_of(worker.get(page_of(ahead)))


def test_the_list_says_what_will_appear_there(worker):
    assert "You plan no visit" in text_of(worker.get(reverse("visits:planned")))


# Where plans are seen


def test_the_duty_in_my_work_says_when_the_visit_is_planned(worker, home):
    planned(home, FRIDAY, planned_time=time(14, 30))
    assert "Planned for 13 March 2026 at 14:30" in text_of(worker.get("/"))


def test_a_duty_in_my_work_leads_to_a_plan_until_there_is_one(worker, world, home, signed_in):
    assert "Plan this visit" in text_of(worker.get("/"))
    assert form_of(home) in text_of(worker.get("/"))
    plan = planned(home, FRIDAY)
    assert "Plan this visit" not in text_of(worker.get("/"))
    assert page_of(plan) in text_of(worker.get("/"))


def test_a_plan_after_the_due_day_and_one_that_passed_say_so_in_my_work(worker, home):
    late = planned(home, FRIDAY + timedelta(days=1))
    assert "Planned for 14 March 2026: after the visit is due" in text_of(worker.get("/"))
    PlannedVisit.objects.filter(pk=late.pk).update(planned_on=date(2026, 3, 8))
    assert "Planned for 8 March 2026: no visit is on record" in text_of(worker.get("/"))


def test_a_visit_due_at_an_hour_is_planned_in_time_until_that_hour(worker, world, home):
    """As the first form in a home without registration (K-11): due at eleven on 10 March 2026."""
    tomorrow = TODAY + timedelta(days=1)
    Duty.objects.filter(source="visits").update(due_at=NOW + timedelta(hours=25))
    plan = planned(home, tomorrow)
    for at, is_late in ((None, False), (time(10, 59), False), (time(11, 0), True)):
        PlannedVisit.objects.filter(pk=plan.pk).update(planned_time=at)
        assert ("after the visit is due" in text_of(worker.get("/"))) is is_late


def test_a_plan_ahead_is_said_before_one_that_passed(worker, home):
    planned(home, date(2026, 3, 8), at=days_before(2))
    planned(home, FRIDAY)
    assert "Planned for 13 March 2026" in text_of(worker.get("/"))
    assert "no visit is on record" not in text_of(worker.get("/"))


def test_what_somebody_else_in_the_same_role_plans_is_said_with_the_name(worker, world, home):
    planned(home, FRIDAY, by=world.colleague)
    assert f"Planned for 13 March 2026 by {world.colleague.name}" in text_of(worker.get("/"))


def test_what_another_role_plans_is_not_said_beside_my_duty(worker, world, home):
    planned(home, FRIDAY, by=world.iro, role=Role.IRO)
    assert "Planned for 13 March 2026" not in text_of(worker.get("/"))


def test_my_work_leads_to_the_calendar(worker):
    assert reverse("visits:calendar") in text_of(worker.get("/"))


def test_the_pages_of_child_and_home_show_who_plans_to_go(worker, world, home):
    plan = planned(home, FRIDAY, by=world.iro, role=Role.IRO)
    for address in (
        reverse("children:child", args=[world.own_child.pk]),
        reverse("placements:placement", args=[home.pk]),
    ):
        page = text_of(worker.get(address))
        assert page_of(plan) in page
        assert f"{world.iro.name}, Independent reviewing officer" in page
        assert form_of(home) in page


def test_whoever_does_not_visit_is_offered_no_plan(world, home, signed_in):
    page = text_of(signed_in(world.hos).get(reverse("children:child", args=[world.own_child.pk])))
    assert form_of(home) not in page
    assert reverse("visits:plan_company", args=[world.own_child.pk]) not in page


def test_what_is_to_be_looked_at_is_for_whoever_reads_what_workers_wrote(world, home, signed_in):
    plan = planned(home, FRIDAY, says="She told me about the cellar.")
    assert "the cellar" in text_of(signed_in(world.team_manager).get(page_of(plan)))
    assert "the cellar" not in text_of(signed_in(world.placement_service).get(page_of(plan)))


# Who may


def test_a_plan_is_kept_by_its_visitor_and_by_the_manager_of_the_team(world, home, signed_in, send):
    plan = planned(home, FRIDAY)
    assert send(signed_in(world.colleague), step_of(plan, "call_off"), because="No.").status_code == 403
    assert send(signed_in(world.second_teams_worker), step_of(plan, "call_off"), because="No.").status_code == 404
    assert send(signed_in(world.team_manager), step_of(plan, "call_off"), because="She is ill.").status_code == 302


def test_a_plan_for_a_child_who_has_gone_to_another_team_is_in_ones_list_no_more(world, home, signed_in):
    planned(home, FRIDAY)
    worker = signed_in(world.social_worker)
    assert world.own_child.name in text_of(worker.get(reverse("visits:planned")))
    world.own_child.allocations.filter(person=world.social_worker).update(ends_at=days_before(1))
    world.own_child.holdings.update(team=world.other_areas_team)
    assert world.own_child.name not in text_of(worker.get(reverse("visits:planned")))


# What the pages ask of the database


def test_the_pages_ask_as_much_for_one_plan_as_for_many(worker, world, home, asked):
    plan = planned(home, TODAY)
    pages = [reverse("visits:planned"), page_of(plan), form_of(home), "/"]
    pages.append(reverse("children:child", args=[world.own_child.pk]))

    def counts():
        found = []
        for address in pages:
            worker.get(address)
            with asked() as queries:
                worker.get(address)
            found.append(len(queries))
        return found

    before = counts()
    for number in range(1, 29):
        planned(home, TODAY + timedelta(days=number))
        planned(home, TODAY + timedelta(days=number), by=world.iro, role=Role.IRO)
    assert counts() == before
    assert max(before) <= 25


def test_planning_for_many_children_asks_once_for_all_notes_of_my_work(world, home, worker, asked):
    worker.get("/")
    with asked() as without:
        worker.get("/")
    planned(home, FRIDAY)
    with asked() as queries:
        worker.get("/")
    assert len(queries) == len(without) <= 10
    assert sum("visits_plannedvisit" in query for query in queries) == 1
