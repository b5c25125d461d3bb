"""A form is typed in sections that can be left and taken up again; nothing that is known is asked. S3 L115."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import Draft, Event
from tests.approvals.steps import text_of
from tests.factories import NOW, days_before, in_childrens_home, settled, visited
from tests.visits.filling import (
    THEME,
    begun,
    begun_on_a_visit,
    boxes_of,
    complete,
    completed,
    content_of,
    fill,
    fill_url,
    looked_at,
    section_url,
)
from visits.models import VisitingForm
from visits.states import FormKind, FormState
from visits.visiting_forms.purposeful import SECTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(world):
    return in_childrens_home(world.own_child)


@pytest.fixture
def visit(home):
    return visited(home, NOW - timedelta(hours=2))


@pytest.fixture
def form(visit):
    return begun(visit)


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


def begin_url(visit, kind=FormKind.PURPOSEFUL):
    return reverse("visits:begin_from_visit", args=[kind.value, visit.pk])


def stands(client, form):
    """How each section stands, by its title."""
    return {row["title"]: row["stands"][0] for row in client.get(fill_url(form)).context["sections"]}


# Beginning


def test_from_the_visit_just_recorded_one_goes_on_with_the_form(worker, visit, send):
    page = worker.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert "Go on with the purposeful visiting form" in page
    assert begin_url(visit) in page
    answer = send(worker, begin_url(visit))
    form = VisitingForm.objects.get()
    assert answer.headers["Location"] == fill_url(form)
    assert (form.visit, form.placement, form.child) == (visit, visit.placement, visit.placement.child)
    assert (form.author, form.role, form.made_at) == (visit.visitor, visit.role, visit.made_at)
    assert Event.objects.get(act="begin_form").details["form"] == "Purposeful visiting form"


def test_begun_already_it_is_gone_on_with(worker, form):
    assert worker.get(begin_url(form.visit)).headers["Location"] == fill_url(form)
    assert fill_url(form) in worker.get(reverse("visits:visit", args=[form.visit_id])).content.decode()


def test_begun_twice_at_one_moment_it_is_one_form(worker, visit, send):
    key = uuid4()
    first, again = send(worker, begin_url(visit), key=key), send(worker, begin_url(visit), key=key)
    assert first.headers["Location"] == again.headers["Location"]
    other = send(worker, begin_url(visit))
    assert other.status_code == 422
    assert "This form has been begun for this visit already." in text_of(other)
    assert VisitingForm.objects.count() == 1


def test_a_colleague_in_the_same_role_can_begin_it_and_it_stays_the_visitors(world, visit, signed_in, send):
    assert send(signed_in(world.colleague), begin_url(visit)).status_code == 302
    assert VisitingForm.objects.get().author == visit.visitor


@pytest.mark.parametrize("role", [Role.IRO, Role.DHOS, Role.PLACEMENT_SERVICE])
def test_whoever_is_in_another_role_is_told_whose_it_is(world, visit, signed_in, send, role):
    answer = send(signed_in(world.person(role)), begin_url(visit))
    assert answer.status_code == 403
    assert "filled in by whoever made the visit" in text_of(answer)


def test_a_stranger_finds_no_such_visit(world, visit, signed_in, send):
    assert send(signed_in(world.second_teams_worker), begin_url(visit)).status_code == 404


def test_whoever_comes_from_my_work_is_led_to_the_form_that_is_missing(world, worker, visit):
    page = worker.get(reverse("visits:record", args=[visit.placement_id])).content.decode()
    assert "the form of that visit is not complete" in page
    assert begin_url(visit) in page
    completed(begun(visit))
    page = worker.get(reverse("visits:record", args=[visit.placement_id])).content.decode()
    assert "the form of that visit is not complete" not in page


def test_no_form_is_asked_for_after_a_visit_to_a_foster_home_of_the_authority(world, worker):
    """C-27."""
    settled(world.own_child)
    visit = visited(world.own_child.placements.get(), NOW - timedelta(hours=2))
    assert "Go on with" not in worker.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    page = worker.get(reverse("visits:record", args=[visit.placement_id])).content.decode()
    assert "is not complete" not in page


def test_the_checklist_is_offered_in_a_home_without_registration_only(world, worker, visit):
    """K-11."""
    label = "Go on with the caseworker’s checklist"
    assert label not in worker.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    other = in_childrens_home(world.own_child, since=days_before(1), registered=None)
    diary.refresh([world.own_child.case_file_id], at=NOW)
    visit = visited(other, NOW - timedelta(hours=1))
    assert label in worker.get(reverse("visits:visit", args=[visit.pk])).content.decode()


# Typing


def test_the_list_says_of_every_section_how_far_it_is(worker, form):
    assert set(stands(worker, form).values()) == {"Not begun"}
    worker.post(section_url(form, "home"), {"bedroom": "Warm.", "leave": "yes"})
    worker.post(section_url(form, "child"), boxes_of(form, "child"))
    found = stands(worker, form)
    assert (found["The home"], found["The child"], found["Staff"]) == ("Begun", "Done", "Not begun")


def test_what_the_visit_says_is_shown_and_never_asked(worker, form):
    page = worker.get(section_url(form, "child"))
    assert "Seen alone" in text_of(page)
    asked = {name for section in form.of_kind.sections_of(form) for part in section.parts for name in [part.name]}
    assert asked.isdisjoint({"seen", "alone", "made_at", "role"})


def test_what_is_left_half_done_is_found_again_with_every_word(worker, form):
    left = worker.post(section_url(form, "home"), {"bedroom": "Damp in one corner.", "leave": "yes"})
    assert left.headers["Location"] == fill_url(form)
    assert "Damp in one corner." in text_of(worker.get(section_url(form, "home")))


def test_from_the_first_section_to_the_sealed_form(worker, form):
    fill(worker, form)
    assert set(stands(worker, form).values()) == {"Done"}
    answer = complete(worker, form)
    assert answer.headers["Location"] == reverse("visits:form", args=[form.pk])
    form = VisitingForm.objects.get()
    assert (form.state, form.completed_at) == (FormState.COMPLETE, NOW)
    sealed = {name: said for name, said in form.version.content.items() if name not in {"known", "form"}}
    assert sealed == content_of(form)
    assert not Draft.objects.exists()
    assert Event.objects.get(act="complete").details["version"] == 1


def test_completed_twice_it_is_one_version(worker, form):
    fill(worker, form)
    key = uuid4()
    first, again = complete(worker, form, key=key, digest=""), complete(worker, form, key=key, digest="")
    assert (first.status_code, again.status_code) == (302, 302)
    assert form.versions.count() == 1


def test_what_is_not_done_is_named_and_nothing_is_completed(worker, form):
    fill(worker, form, without=("plan", "staff"))
    answer = complete(worker, form)
    assert answer.status_code == 422
    assert "The care plan: not begun yet" in text_of(answer)
    assert "Staff: not begun yet" in text_of(answer)
    assert VisitingForm.objects.get().state == FormState.BEGUN


def test_nothing_of_the_records_has_to_be_looked_at_and_that_is_said(worker, form):
    fill(worker, form)
    complete(worker, form)
    page = text_of(worker.get(reverse("visits:form", args=[form.pk])))
    assert "Not looked at: The home’s care plan for the child; Risk assessment and safe care plan" in page


def test_a_record_that_is_seen_without_a_date_is_fine(worker, form):
    part = next(part for section in SECTIONS for part in section.parts if part.name == "home_records")
    rows = looked_at(part, insurance={"stands": "undated"})
    fill(worker, form, home_records=rows)
    assert complete(worker, form).status_code == 302
    assert VisitingForm.objects.get().version.content["home_records"] == rows


def test_what_does_not_fit_together_says_what(worker, form):
    rows = [{**THEME, "fits": "no", "what_not": ""}]
    answer = worker.post(section_url(form, "triangulation"), boxes_of(form, "triangulation", said=rows))
    assert answer.status_code == 422
    assert "Theme 1: answer “What does not fit?”" in text_of(answer)


def test_a_form_without_any_theme_is_not_done(worker, form):
    answer = worker.post(section_url(form, "triangulation"), {"said_1_theme": ""})
    assert answer.status_code == 422
    assert "Write something under “What the child says, what the logs say, what the staff say”" in text_of(answer)


def test_a_theme_takes_the_visitors_own_words_and_offers_some(worker, form):
    page = worker.get(section_url(form, "triangulation")).content.decode()
    assert '<option value="Contact with the family">' in page
    rows = [{**THEME, "theme": "The dog next door", "what_not": ""}]
    fill(worker, form, said=rows)
    assert complete(worker, form).status_code == 302
    assert VisitingForm.objects.get().version.content["said"] == rows


def test_an_action_cannot_be_due_before_the_visit(worker, form):
    rows = [{"what": "Mend it.", "owner": "Mr Hill", "due_on": "2026-03-01"}]
    answer = worker.post(section_url(form, "conclusion"), boxes_of(form, "conclusion", actions=rows))
    assert "By when cannot lie before the visit, which was on 9 March 2026" in text_of(answer)


def test_where_the_child_was_not_seen_nothing_of_the_child_is_asked(worker, home):
    form = begun_on_a_visit(home, seen=False)
    assert "The child" not in stands(worker, form)
    assert worker.get(section_url(form, "triangulation")).status_code == 404
    fill(worker, form)
    assert complete(worker, form).status_code == 302


def test_a_section_that_no_form_has_is_not_found(worker, form):
    assert worker.get(section_url(form, "weather")).status_code == 404


# Amending and mistakes


def test_a_complete_form_is_put_right_by_a_further_version(worker, form):
    completed(form)
    assert set(stands(worker, form).values()) == {"Done"}
    worker.post(section_url(form, "home"), boxes_of(form, "home", bedroom="Cold."))
    assert complete(worker, form).status_code == 302
    first, second = VisitingForm.objects.get().versions.all()
    assert (first.content["bedroom"], second.content["bedroom"]) == ("Said about bedroom.", "Cold.")
    page = worker.get(reverse("visits:compare_form", args=[form.pk]))
    assert next(part.name for part in page.context["changed"]) == "bedroom"
    assert "Cold." in text_of(page)


def test_when_it_counts_from_is_not_moved_by_a_further_version(form):
    completed(form, at=NOW - timedelta(hours=1))
    completed(VisitingForm.objects.get(), at=NOW, bedroom="Cold.")
    assert VisitingForm.objects.get().completed_at == NOW - timedelta(hours=1)


def test_a_form_begun_by_mistake_is_kept_as_that_and_another_can_be_begun(worker, form, send):
    worker.post(section_url(form, "home"), {"bedroom": "Warm.", "leave": "yes"})
    answer = send(worker, reverse("visits:withdraw_form", args=[form.pk]), because="The wrong child.")
    assert answer.status_code == 302
    assert VisitingForm.objects.get().state == FormState.WITHDRAWN
    assert not Draft.objects.exists()
    assert worker.get(fill_url(form)).status_code == 409
    assert send(worker, begin_url(form.visit)).status_code == 302


def test_a_complete_form_was_not_begun_by_mistake(worker, form):
    completed(form)
    assert worker.get(reverse("visits:withdraw_form", args=[form.pk])).status_code == 409


# Two people


def test_what_a_colleague_completed_meanwhile_is_shown_and_no_word_is_lost(world, form, signed_in):
    mine, theirs = signed_in(world.social_worker), signed_in(world.colleague)
    fill(mine, form, bedroom="My own words.")
    assert "is typing into this form too" in text_of(theirs.get(fill_url(form)))
    fill(theirs, form, bedroom="Their words.")
    assert complete(theirs, form).status_code == 302
    answer = complete(mine, form, digest="")
    assert answer.status_code == 422
    assert "The home: somebody typed a newer version" in text_of(answer)
    assert set(stands(mine, form).values()) == {"To be looked at again"}
    page = text_of(mine.get(section_url(form, "home")))
    assert "My own words." in page
    assert "Their words." in page
    fill(mine, form, bedroom="Both.")
    assert complete(mine, form).status_code == 302
    assert VisitingForm.objects.get().version.content["bedroom"] == "Both."


# What it costs


@pytest.mark.parametrize("name", ["fill", "form"])
def test_a_form_asks_the_same_however_much_is_on_record(world, worker, form, asked, name):
    url = reverse(f"visits:{name}", args=[form.pk])
    completed(form)
    worker.get(url)
    with asked() as before:
        worker.get(url)
    for number in range(3):
        done = begun_on_a_visit(form.placement, on=NOW - timedelta(days=10 + number))
        row = {"what": f"Mend {number}.", "owner": "Mr Hill", "due_on": "2026-04-01"}
        completed(done, actions=[row])
        completed(VisitingForm.objects.get(pk=form.pk), bedroom=f"Cold {number}.")
    with asked() as after:
        worker.get(url)
    assert len(after) <= len(before)
    assert len(after) <= 36
