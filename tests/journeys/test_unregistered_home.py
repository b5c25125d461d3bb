"""A young person moves into a home without registration: from the first day through six weekly visits into monthly ones,
with everybody who has to see it, another interval, and then the registration (K-11 to K-18, K-02, K-05; S3, lines 175 to
231).

The days are argued with a calendar in hand; time is passed in. What is due is read from the duties themselves, from the
start pages of the people who owe it, and from the young person's page. The visits are recorded on their page, the first
form typed on its pages; further forms go through the door.
"""

import uuid
from contextlib import contextmanager
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.ledger import Closed
from casework.limits import LONDON
from casework.models import Duty
from casework.wording import due_day, due_on
from placements.states import RegistrationStatus, Setting
from tests.factories import a_home, in_supported_accommodation, planned, registration, review
from tests.visits.filling import begun, complete, completed, fill
from visits.models import VariationOfVisits, Visit, VisitingForm
from visits.states import FormKind, FormState

pytestmark = pytest.mark.django_db
MOVED_IN = datetime(2026, 3, 9, 10, 0, tzinfo=LONDON)
"""A Monday."""
REVIEW_ON = date(2026, 3, 30)
SW, IRO, SM, COMMISSIONING = Role.SOCIAL_WORKER, Role.IRO, Role.SERVICE_MANAGER, Role.COMMISSIONING


def at(day, hour=12):
    """A moment of 2026, written "03-16"."""
    return datetime.fromisoformat(f"2026-{day}").replace(hour=hour, tzinfo=LONDON)


class Story:
    """One young person in one home, and the people who visit."""

    def __init__(self, world):
        self.world = world
        self.child = world.a_child(worker=world.social_worker, age=16)
        review(self.child, REVIEW_ON)
        self.house = a_home(Setting.SUPPORTED_ACCOMMODATION, registered=RegistrationStatus.APPLIED)
        self.home = in_supported_accommodation(self.child, since=MOVED_IN, home=self.house)

    @contextmanager
    def on(self, moment):
        """The story stands at a moment; what time alone changes has been looked at."""
        with time_machine.travel(moment, tick=False):
            diary.refresh([self.child.case_file_id], at=moment)
            yield
            diary.refresh([self.child.case_file_id], at=moment)

    def client_of(self, role):
        client = Client()
        client.force_login(self.world.person(role), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def due(self, role=None):
        """What is due of visits, by rule: "K-12 16 March 2026"; of one role, or of the statutory clock."""
        duties = Duty.objects.open().filter(case_file=self.child.case_file_id, source="visits").soonest_first()
        of_clock = duties.filter(key__startswith="P:", role=role) if role else duties.filter(key__startswith="S:")
        return [f"{duty.kind} {due_on(duty.due_at)}" for duty in of_clock]

    def assert_due(self, role, *expected):
        """It is due so; the start page of whoever owes it says so, and so does the young person's page."""
        assert self.due(role) == list(expected)
        my_work = self.client_of(role).get("/").content.decode()
        own_page = self.client_of(SW).get(reverse("children:child", args=[self.child.pk])).content.decode()
        for rule, _, day in (each.partition(" ") for each in expected):
            assert f"Rule {rule}" in my_work
            assert day in my_work
            assert f"Rule {rule}" in own_page
            assert day in own_page
        assert self.child.name in my_work or not expected

    def records(self, role, moment):
        """A visit is recorded on its page, by whoever holds the role."""
        client = self.client_of(role)
        here = moment.astimezone(LONDON)
        typed = {"made_at_day": here.day, "made_at_month": here.month, "made_at_year": here.year}
        typed |= {"made_at_time": f"{here:%H:%M}", "seen": "alone", "account": "We cooked.", "worries": "no"}
        answer = client.post(reverse("visits:record", args=[self.home.pk]), {"key": str(uuid.uuid4()), **typed})
        assert answer.status_code == 302, answer.content.decode()
        return Visit.objects.get(placement=self.home, made_at=moment)

    def visits_with_form(self, role, moment):
        """A visit is recorded, and its purposeful form completed."""
        completed(begun(self.records(role, moment), at=moment), at=moment)

    def begins_at_home(self, kind, role, moment):
        """A form is begun on its page, for a look at the home at which the young person need not be seen."""
        here = moment.astimezone(LONDON)
        typed = {"made_at_day": here.day, "made_at_month": here.month, "made_at_year": here.year}
        typed |= {"made_at_time": f"{here:%H:%M}", "key": str(uuid.uuid4())}
        answer = self.client_of(role).post(reverse("visits:begin_at_home", args=[kind.value, self.home.pk]), typed)
        assert answer.status_code == 302, answer.content.decode()
        return VisitingForm.objects.get(kind=kind)

    def closed(self, rule):
        """How the duties of a rule ended, in order."""
        duties = Duty.objects.filter(case_file=self.child.case_file_id, source="visits", kind=rule)
        return [(due_day(d.due_at).isoformat(), d.closed_as) for d in duties.exclude(closed_at=None).soonest_first()]


@pytest.fixture
def story(world):
    return Story(world)


def test_a_young_person_in_a_home_without_registration_is_seen_by_everybody_who_has_to(story):
    with story.on(MOVED_IN):
        story.assert_due(SW, "K-11 10 March 2026 at 10:00")
        story.assert_due(IRO, "K-18 23 March 2026")
        story.assert_due(COMMISSIONING, "K-15 19 March 2026")
        story.assert_due(SM, "K-16 9 April 2026")
        assert story.due() == ["L-01 16 March 2026"]

    the_first_form_is_typed_within_a_day(story)
    the_iro_and_commissioning_go(story)
    six_weekly_visits_are_made_one_of_them_late(story)
    visits_become_monthly_and_then_fortnightly(story)
    the_home_is_registered(story)


def the_first_form_is_typed_within_a_day(story):
    afternoon = at("03-09", 16)
    with story.on(afternoon):
        visit = story.records(SW, afternoon)
        diary.refresh([story.child.case_file_id], at=afternoon)
        assert story.due(SW) == ["K-11 10 March 2026 at 10:00"], "a visit without its form meets nothing"
        assert story.due() == ["L-02 20 April 2026"], "and is a statutory visit all the same"
        form = begun(visit, at=afternoon)
        client = story.client_of(SW)
        fill(client, form)
        diary.refresh([story.child.case_file_id], at=afternoon)
        assert story.due(SW) == ["K-11 10 March 2026 at 10:00"], "a draft meets nothing"
        assert complete(client, form).status_code == 302
        assert VisitingForm.objects.get(pk=form.pk).state == FormState.COMPLETE
    with story.on(at("03-10")):
        story.assert_due(SW, "K-12 16 March 2026")
        assert story.closed("K-11") == [("2026-03-10", Closed.MET)]


def the_iro_and_commissioning_go(story):
    world = story.world
    with story.on(at("03-11")):
        planned(story.home, date(2026, 3, 12), by=world.iro, role=IRO, at=at("03-11"))
        form = story.client_of(SW).get(reverse("visits:plan", args=[story.home.pk])).content.decode()
        assert f"{world.iro.name}, Independent reviewing officer" in form
        assert "Planned for 12 March 2026" in story.client_of(IRO).get("/").content.decode()
    with story.on(at("03-12")):
        story.visits_with_form(IRO, at("03-12"))
    with story.on(at("03-13")):
        story.assert_due(IRO, "K-17 12 June 2026")
        completed(story.begins_at_home(FormKind.COMMISSIONING, COMMISSIONING, at("03-13")), at=at("03-13"))
    with story.on(at("03-14")):
        story.assert_due(COMMISSIONING)
        assert story.closed("K-15") == [("2026-03-19", Closed.MET)]


def six_weekly_visits_are_made_one_of_them_late(story):
    """Due on 30 March, made on 31 March; the week is counted from the visit. The sixth is made on the 43rd day."""
    due = ["16 March", "23 March", "30 March", "7 April", "14 April", "21 April"]
    made = ["03-16", "03-23", "03-31", "04-07", "04-14", "04-21"]
    for due_by, day in zip(due, made, strict=True):
        with story.on(at(day, 9)):
            story.assert_due(SW, f"K-12 {due_by} 2026")
            late = "1 day overdue" in story.client_of(SW).get("/").content.decode()
            assert late is (day == "03-31")
        with story.on(at(day)):
            story.visits_with_form(SW, at(day))
            if day == "03-31":
                story.child.reviews.update(held_on=REVIEW_ON)
            if day == "04-07":
                story.visits_with_form(SM, at(day, 11))
    with story.on(at("04-22")):
        story.assert_due(SW, "K-13 21 May 2026")
        story.assert_due(SM, "K-16 7 April 2027")
        assert len(story.closed("K-12")) == 6
        assert story.due() == ["L-02 2 June 2026"], "42 days after the visit of 21 April"


def visits_become_monthly_and_then_fortnightly(story):
    """What is agreed on 25 May counts from the next visit on."""
    with story.on(at("05-20")):
        story.visits_with_form(SW, at("05-20"))
    with story.on(at("05-25")):
        story.assert_due(SW, "K-13 20 June 2026")
        agreed = {"from_on": date(2026, 5, 25), "days": 14, "because": "He asked to be seen more often."}
        by = {"iro": story.world.iro, "recorded_by": story.world.iro, "recorded_at": at("05-25")}
        VariationOfVisits.objects.create(placement=story.home, **agreed, **by)
    with story.on(at("05-26")):
        story.assert_due(SW, "K-13 20 June 2026")
    with story.on(at("06-03")):
        story.visits_with_form(SW, at("06-03"))
    with story.on(at("06-04")):
        story.assert_due(SW, "K-13 17 June 2026")


def the_home_is_registered(story):
    """On 10 June: Commissioning and the service manager have done; the others go on by the schedule of registered homes."""
    with story.on(at("06-10")):
        registration(story.house, RegistrationStatus.REGISTERED, since=date(2026, 6, 10), by=story.world.commissioning)
    with story.on(at("06-11")):
        story.assert_due(SW, "K-02 26 August 2026")
        story.assert_due(IRO, "K-05 30 June 2026")
        story.assert_due(SM)
        story.assert_due(COMMISSIONING)
        assert story.closed("K-16")[-1] == ("2027-04-07", Closed.NO_LONGER_DUE)
        assert story.due() == ["L-02 15 July 2026"], "the statutory clock asks nobody whether a home is registered"
