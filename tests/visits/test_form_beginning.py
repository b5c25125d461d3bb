"""A form is begun before the child moves in, or on a look at the home without a visit. K-01, K-11, K-14, K-15."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.approvals.steps import text_of
from tests.factories import NOW, a_home, days_before, in_childrens_home, restricted_to
from tests.visits.filling import complete, content_of, fill, fill_url
from visits.models import ProviderAction, VisitingForm
from visits.states import FormState

pytestmark = pytest.mark.django_db
YESTERDAY = days_before(1)


def before_move(child, kind="purposeful"):
    return reverse("visits:begin_before_move", args=[kind, child.pk])


def at_home(placement, kind="commissioning"):
    return reverse("visits:begin_at_home", args=[kind, placement.pk])


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


@pytest.fixture
def commissioning(world, signed_in):
    return signed_in(world.commissioning)


# Before the move


@pytest.mark.parametrize("kind", ["purposeful", "checklist"])
def test_a_home_is_looked_at_before_the_child_moves_in(world, worker, send, kind):
    home = a_home(registered=None)
    answer = send(worker, before_move(world.own_child, kind), place=f"home:{home.pk}", made_at=YESTERDAY)
    form = VisitingForm.objects.get()
    assert answer.headers["Location"] == fill_url(form)
    assert (form.child, form.home, form.placement, form.visit) == (world.own_child, home, None, None)
    assert (form.role, form.made_at) == (Role.SOCIAL_WORKER, YESTERDAY)
    fill(worker, form)
    assert complete(worker, form).status_code == 302
    assert VisitingForm.objects.get().state == FormState.COMPLETE


def test_what_asks_about_the_child_is_not_asked_of_an_empty_room(world, worker, send):
    home = a_home()
    send(worker, before_move(world.own_child), place=f"home:{home.pk}", made_at=YESTERDAY)
    titles = [row["title"] for row in worker.get(fill_url(VisitingForm.objects.get())).context["sections"]]
    assert "The home" in titles
    assert {"The child", "Does it fit together?"}.isdisjoint(titles)


def test_a_look_that_has_not_been_taken_is_refused(world, worker, send):
    home = a_home()
    answer = send(worker, before_move(world.own_child), place=f"home:{home.pk}", made_at=NOW + timedelta(hours=1))
    assert "You must have been there: begin the form when you have." in text_of(answer)


def test_a_home_that_is_not_on_record_is_refused(world, worker, send):
    answer = send(worker, before_move(world.own_child), place="home:999999", made_at=YESTERDAY)
    assert answer.status_code == 422
    assert "Select one of the answers listed" in text_of(answer)


def test_the_same_look_is_one_form(world, worker, send):
    home = a_home()
    for status in (302, 422):
        answer = send(worker, before_move(world.own_child), place=f"home:{home.pk}", made_at=YESTERDAY)
        assert answer.status_code == status
    assert "You have begun this form for this moment already." in text_of(answer)


@pytest.mark.parametrize("role", [Role.IRO, Role.SERVICE_MANAGER, Role.COMMISSIONING])
def test_only_a_worker_begins_before_the_move(world, signed_in, role):
    answer = signed_in(world.person(role)).get(before_move(world.own_child))
    assert answer.status_code == 403
    assert f"filled in by: {Role.SOCIAL_WORKER.label}, {Role.PERSONAL_ADVISER.label}." in text_of(answer)


def test_commissionings_form_is_none_for_before_the_move(world, worker):
    assert worker.get(before_move(world.own_child, "commissioning")).status_code == 404
    assert worker.get(before_move(world.own_child, "nothing")).status_code == 404


# Commissioning: one look, several children


@pytest.fixture
def brothers(world):
    """Two children of one home, and a third whose record is restricted."""
    home = a_home(registered=None)
    here = [in_childrens_home(child, home=home) for child in (world.own_child, world.teams_child)]
    in_childrens_home(world.restricted_child, home=home)
    return here


def test_one_look_at_a_home_is_typed_once_for_the_children_who_live_there(brothers, commissioning, send):
    own, other = brothers
    ticked = [str(own.pk), str(other.pk)]
    answer = send(commissioning, at_home(own), made_at=YESTERDAY, children=ticked)
    lead, along = VisitingForm.objects.order_by("pk")
    assert answer.headers["Location"] == fill_url(lead)
    assert (lead.placement, along.placement, along.begun_with) == (own, other, lead)
    action = {"what": "Renew the certificate.", "owner": "The owner", "due_on": "2026-04-01"}
    fill(commissioning, lead, actions=[action], purpose="The first look.")
    assert complete(commissioning, lead).status_code == 302
    lead, along = VisitingForm.objects.order_by("pk")
    assert {lead.state, along.state} == {FormState.COMPLETE}
    assert along.version.content["purpose"] == "The first look."
    assert [each.form for each in ProviderAction.objects.all()] == [lead]


def test_put_right_once_it_is_put_right_for_each(brothers, commissioning, send):
    own, other = brothers
    send(commissioning, at_home(own), made_at=YESTERDAY, children=[str(own.pk), str(other.pk)])
    lead = VisitingForm.objects.order_by("pk").first()
    for says in ("First.", "Second."):
        fill(commissioning, lead, purpose=says)
        assert complete(commissioning, lead).status_code == 302
    assert {form.version.content["purpose"] for form in VisitingForm.objects.all()} == {"Second."}
    assert {form.versions.count() for form in VisitingForm.objects.all()} == {2}


def test_the_form_of_one_child_names_no_other(brothers, commissioning, send):
    own, other = brothers
    send(commissioning, at_home(own), made_at=YESTERDAY, children=[str(own.pk), str(other.pk)])
    lead, along = VisitingForm.objects.order_by("pk")
    fill(commissioning, lead)
    complete(commissioning, lead)
    for form, stranger in ((lead, other.child), (along, own.child)):
        page = commissioning.get(reverse("visits:form", args=[form.pk])).content.decode()
        assert stranger.name not in page
        assert stranger.reference not in page


def test_a_child_whose_record_is_restricted_is_neither_named_nor_taken(world, brothers, commissioning, send):
    hidden = world.restricted_child
    page = commissioning.get(at_home(brothers[0]))
    assert hidden.name not in page.content.decode()
    pk = str(hidden.placements.get(ended_at=None).pk)
    assert send(commissioning, at_home(brothers[0]), made_at=YESTERDAY, children=[pk]).status_code == 422
    assert not VisitingForm.objects.exists()


def test_a_child_who_became_restricted_meanwhile_stops_the_form_and_no_half_of_it_is_kept(
    world, brothers, commissioning, send
):
    own, other = brothers
    send(commissioning, at_home(own), made_at=YESTERDAY, children=[str(own.pk), str(other.pk)])
    lead = VisitingForm.objects.order_by("pk").first()
    fill(commissioning, lead)
    restricted_to(other.child, world.colleague, since=days_before(1), by=world.service_manager)
    answer = complete(commissioning, lead)
    assert answer.status_code == 403
    assert {form.state for form in VisitingForm.objects.all()} == {FormState.BEGUN}


def test_what_was_typed_for_several_is_changed_where_it_was_typed(brothers, commissioning, send):
    own, other = brothers
    send(commissioning, at_home(own), made_at=YESTERDAY, children=[str(own.pk), str(other.pk)])
    along = VisitingForm.objects.order_by("pk").last()
    assert commissioning.get(fill_url(along)).status_code == 409


def test_begun_by_mistake_it_is_so_for_each_child(brothers, commissioning, send):
    own, other = brothers
    send(commissioning, at_home(own), made_at=YESTERDAY, children=[str(own.pk), str(other.pk)])
    lead = VisitingForm.objects.order_by("pk").first()
    send(commissioning, reverse("visits:withdraw_form", args=[lead.pk]), because="The wrong home.")
    assert {form.state for form in VisitingForm.objects.all()} == {FormState.WITHDRAWN}


def test_a_child_alone_in_a_home_is_not_asked_about(world, commissioning, send):
    home = in_childrens_home(world.own_child)
    assert "children" not in commissioning.get(at_home(home)).context["form"].fields
    assert send(commissioning, at_home(home), made_at=YESTERDAY).status_code == 302


def test_a_home_was_not_looked_at_before_the_child_lived_there(world, commissioning, send):
    home = in_childrens_home(world.own_child, since=days_before(3))
    answer = send(commissioning, at_home(home), made_at=days_before(4))
    assert "The child has lived here since" in text_of(answer)


def test_a_worker_does_not_fill_in_commissionings_form(world, worker):
    home = in_childrens_home(world.own_child)
    assert worker.get(at_home(home)).status_code == 403
    assert worker.get(at_home(home, "purposeful")).status_code == 404


def test_the_page_of_a_home_leads_commissioning_to_its_form(world, commissioning, worker):
    home = in_childrens_home(world.own_child)
    page = reverse("placements:placement", args=[home.pk])
    assert at_home(home) in commissioning.get(page).content.decode()
    assert at_home(home) not in worker.get(page).content.decode()


def test_a_whole_form_has_an_answer_to_everything_that_is_asked(world, commissioning, send):
    home = in_childrens_home(world.own_child)
    send(commissioning, at_home(home), made_at=YESTERDAY)
    form = VisitingForm.objects.get()
    assert set(content_of(form)) == {part.name for section in form.of_kind.sections for part in section.parts}
