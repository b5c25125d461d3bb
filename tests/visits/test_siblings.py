"""One visit to several children of a home: a part for the home, a part for each, and nothing of one told with another. S3."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework.drafts import typist_token
from casework.models import Draft, Event
from children import access
from children.access import SIGHTS, Extent
from tests.factories import (
    NOW,
    allocated_to,
    appointed,
    days_before,
    ended,
    in_childrens_home,
    in_foster_care,
    placed,
    restricted_to,
)
from visits.models import SharedVisit, Visit
from visits.permissions import VISITING

pytestmark = pytest.mark.django_db
ANSWERED = {"seen": "alone", "account": "Canary of the first.", "worries": "no"}
HOUR_AGO = NOW - timedelta(hours=1)
TAKE_AWAY = "Take away the tick, and record that visit from {}’s own page."


@pytest.fixture
def home(world):
    """Where the social worker's own child has lived for a hundred days."""
    return in_childrens_home(world.own_child)


@pytest.fixture
def sibling(world, home):
    """Another child of the same team in the same home."""
    return in_childrens_home(world.teams_child, home=home.home)


@pytest.fixture
def stranger(world, home):
    """A child of another area in the same home."""
    return in_childrens_home(world.other_areas_child, home=home.home)


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


def form_of(home):
    return reverse("visits:record", args=[home.pk])


def of(placement, seen="refused", account="Canary of the second.", worries="yes", concerns="Canary that worries."):
    """What is typed of another child who was seen."""
    told = {"seen": seen, "account": account, "worries": worries, "concerns": concerns}
    return {f"{name}_{placement.pk}": answer for name, answer in told.items()}


@pytest.fixture
def record(send, worker):
    """`record(home, sibling, home="...")` sends one visit to all of them."""

    def recording(home, /, *others, client=worker, key=None, made_at=HOUR_AGO, **answers):
        told = {"also": [str(other.pk) for other in others]}
        for other in others:
            told |= of(other)
        return send(client, form_of(home), key=key, made_at=made_at, **{**ANSWERED, **told, **answers})

    return recording


def visit_of(placement):
    return Visit.objects.get(placement=placement)


def page_of(client, visit):
    return client.get(reverse("visits:visit", args=[visit.pk])).content.decode()


def errors_of(answer):
    assert answer.status_code == 422
    return [str(error) for errors in answer.context["form"].errors.values() for error in errors]


# Who is asked about


def test_who_lives_here_too_is_asked_about_by_name(worker, world, home, sibling):
    page = worker.get(form_of(home)).content.decode()
    assert "Who else did you see here?" in page
    assert f"Did you see {world.teams_child.name}?" in page
    assert f"Did you see {world.own_child.name}?" in page
    assert worker.get(form_of(home)).context["form"].fields["also"].choices == [
        (str(sibling.pk), world.teams_child.name)
    ]


def test_where_nobody_else_lives_nothing_more_is_asked(worker, world, home):
    in_childrens_home(world.teams_child)
    page = worker.get(form_of(home)).content.decode()
    assert "Who else" not in page
    assert "of the home itself" not in page
    assert "Did you see the child?" in page


def test_children_with_the_same_family_are_asked_about(worker, world):
    home = in_foster_care(world.own_child)
    placed(world.teams_child, home.setting, since=days_before(9), carer=home.carer)
    assert f"Did you see {world.teams_child.name}?" in worker.get(form_of(home)).content.decode()


def test_of_a_home_that_nobody_has_named_nobody_else_is_asked_about(worker, world):
    home = placed(world.own_child, "hotel", since=days_before(9))
    placed(world.teams_child, "hotel", since=days_before(9))
    assert "Who else" not in worker.get(form_of(home)).content.decode()


def test_whom_one_may_not_see_is_only_counted(worker, world, home, sibling, stranger):
    page = worker.get(form_of(home)).content.decode()
    assert world.other_areas_child.name not in page
    assert str(stranger.pk) not in [
        value for value, _ in worker.get(form_of(home)).context["form"].fields["also"].choices
    ]
    assert "1 more child lives here whom you do not see in Hearth." in page


def test_an_iro_is_told_of_the_others_as_a_number(world, home, sibling, stranger, signed_in):
    """Roles, last table: children at the same home only as counts."""
    other = in_childrens_home(world.second_teams_child, home=home.home)
    other.child.allocations.filter(role=Role.IRO).update(ends_at=days_before(1))
    page = signed_in(world.iro).get(form_of(home)).content.decode()
    assert "2 more children live here whom you do not see in Hearth." in page
    for child in (other.child, stranger.child):
        assert child.name not in page


def test_a_restricted_child_is_not_even_counted(worker, world, home):
    in_childrens_home(world.restricted_child, home=home.home)
    page = worker.get(form_of(home)).content.decode()
    assert world.restricted_child.name not in page
    assert "whom you do not see" not in page
    assert "Who else" not in page


def test_whoever_is_named_on_the_restriction_is_asked_about_the_restricted_child(world, home, signed_in):
    here = in_childrens_home(world.restricted_child, home=home.home)
    page = signed_in(world.colleague).get(form_of(home)).content.decode()
    assert world.restricted_child.name in page
    assert f'name="seen_{here.pk}"' in page


def test_who_left_a_few_days_ago_may_have_been_seen(worker, world, home, sibling):
    ended(sibling, on=days_before(3))
    assert "Left this home on 6 March 2026 at 10:00" in worker.get(form_of(home)).content.decode()
    gone = in_childrens_home(world.a_child(worker=world.colleague), since=days_before(90), home=home.home)
    ended(gone, on=days_before(15))
    assert gone.child.name not in worker.get(form_of(home)).content.decode()


def test_every_role_that_visits_knows_the_address():
    """So a name in the same home tells nobody where another child lives who may not know it."""
    assert {SIGHTS[role].address for role in VISITING} == {Extent.YES}


# What is recorded


def test_each_child_has_a_visit_of_its_own_and_one_event(record, world, home, sibling):
    answer = record(home, sibling, home="The kitchen was warm.")
    own, other = visit_of(home), visit_of(sibling)
    assert answer["Location"] == reverse("visits:visit", args=[own.pk])
    assert (own.child_seen, own.seen_alone, own.account, own.has_concerns) == (
        True,
        True,
        "Canary of the first.",
        False,
    )
    assert (other.child_seen, other.seen_alone, other.why_not_alone) == (True, False, "refused")
    assert (other.account, other.has_concerns, other.concerns) == (
        "Canary of the second.",
        True,
        "Canary that worries.",
    )
    assert {own.made_at, other.made_at} == {HOUR_AGO}
    assert own.shared == other.shared == SharedVisit.objects.get(account="The kitchen was warm.")
    events = Event.objects.filter(act="record_visit")
    assert {event.case_file_id for event in events} == {home.case_file_id, sibling.case_file_id}
    assert len(events) == 2


def test_a_visit_to_one_child_shares_nothing(record, home, sibling):
    record(home, home="Typed and then not needed.")
    assert visit_of(home).shared is None
    assert not SharedVisit.objects.exists()
    assert not Visit.objects.filter(placement=sibling).exists()


def test_what_was_typed_of_a_child_and_unticked_is_dropped(record, home, sibling):
    record(home, **of(sibling))
    assert Visit.objects.get().placement == home


def test_a_child_who_was_not_seen_is_a_part_too(record, home, sibling):
    record(home, sibling, **of(sibling, seen="not_seen"))
    assert not visit_of(sibling).child_seen
    assert visit_of(home).child_seen


def test_the_part_of_a_child_who_came_within_the_minute_begins_with_the_stay(record, world, home):
    since = HOUR_AGO.replace(second=40)
    late = in_childrens_home(world.teams_child, since=since, home=home.home)
    assert record(home, late).status_code == 302
    assert visit_of(late).made_at == since


def test_one_role_is_asked_for_all_of_them(world, home, sibling, signed_in, record):
    appointed(world.social_worker, Role.IRO)
    record(home, sibling, client=signed_in(world.social_worker), role=Role.SOCIAL_WORKER)
    assert {visit.role for visit in Visit.objects.all()} == {Role.SOCIAL_WORKER}


# Nothing of one is told with another


def test_what_was_written_of_one_child_stands_with_no_other(record, worker, home, sibling):
    record(home, sibling, home="The kitchen was warm.")
    own, other = page_of(worker, visit_of(home)), page_of(worker, visit_of(sibling))
    assert "Canary of the first." in own
    assert "Canary of the second." in other
    assert "Canary that worries." in other
    for page, foreign in ((own, "second"), (own, "worries"), (other, "first")):
        assert f"Canary of the {foreign}." not in page
        assert f"Canary that {foreign}." not in page
    assert "The kitchen was warm." in own
    assert "The kitchen was warm." in other


def test_the_event_of_one_child_tells_nothing_of_another(record, home, sibling):
    record(home, sibling)
    for event, foreign in ((visit_of(home), sibling), (visit_of(sibling), home)):
        told = str(Event.objects.get(record=f"visits.visit:{event.pk}").details)
        assert foreign.child.name not in told
        assert "Canary" not in told


def test_each_page_says_with_whom_by_names_that_the_reader_may_see(record, worker, world, home, sibling, signed_in):
    record(home, sibling)
    assert world.teams_child.name in page_of(worker, visit_of(home))
    assert world.own_child.name in page_of(worker, visit_of(sibling))
    sibling.child.allocations.filter(role=Role.IRO).update(ends_at=days_before(1))
    page = page_of(signed_in(world.iro), visit_of(home))
    assert world.teams_child.name not in page
    assert "1 more child whom you do not see in Hearth" in page


def test_a_child_restricted_since_is_neither_named_nor_counted(record, worker, world, home, sibling):
    record(home, sibling)
    restricted_to(world.teams_child, world.dhos, since=NOW, by=world.service_manager)
    page = page_of(worker, visit_of(home))
    assert world.teams_child.name not in page
    assert "Visited together with" not in page


def test_whoever_does_not_read_accounts_reads_nothing_of_the_home_either(record, world, home, sibling, signed_in):
    record(home, sibling, home="The kitchen was warm.")
    page = page_of(signed_in(world.placement_service), visit_of(home))
    assert "The kitchen was warm." not in page
    assert "Seen alone" in page


# What is refused


def test_nothing_is_recorded_where_one_part_is_missing(record, home, sibling):
    answer = record(home, sibling, **of(sibling, seen="", account="", worries=""))
    name = sibling.child.name
    assert errors_of(answer) == [
        f"Answer “Did you see {name}?”",
        f"Answer “What did you see and hear of {name}?”",
        f"Answer “Does anything about {name} worry you?”",
    ]
    assert not Visit.objects.exists()
    assert answer.context["form"]["account"].value() == ANSWERED["account"]


def test_a_child_who_moved_out_before_the_visit_is_named_and_everything_comes_back(record, home, sibling):
    ended(sibling, on=HOUR_AGO - timedelta(minutes=1))
    answer = record(home, sibling, home="The kitchen was warm.")
    name = sibling.child.name
    says = f"{name} left this home on 9 March 2026 at 08:59. {TAKE_AWAY.format(name)}"
    assert errors_of(answer) == [says]
    page = answer.content.decode()
    for typed in ("Canary of the first.", "Canary of the second.", "Canary that worries.", "The kitchen was warm."):
        assert typed in page
    assert not Visit.objects.exists()
    assert not SharedVisit.objects.exists()


def test_a_child_who_came_after_the_visit_was_not_seen_on_it(record, world, home):
    late = in_childrens_home(world.teams_child, since=HOUR_AGO + timedelta(minutes=1), home=home.home)
    name = late.child.name
    says = f"{name} has lived here since 9 March 2026 at 09:01. {TAKE_AWAY.format(name)}"
    assert errors_of(record(home, late)) == [says]


def test_a_child_who_left_after_the_visit_is_a_part_of_it(record, home, sibling):
    ended(sibling, on=NOW - timedelta(minutes=30))
    assert record(home, sibling).status_code == 302


@pytest.mark.parametrize("whom", ["stranger", "elsewhere", "nobody", "words"])
def test_whom_one_may_not_see_here_is_refused_in_the_same_words(record, worker, world, home, stranger, whom):
    """A number that was guessed tells nothing: not that there is such a child, nor where."""
    elsewhere = in_childrens_home(world.teams_child)
    ticked = {"stranger": stranger.pk, "elsewhere": elsewhere.pk, "nobody": 987654321, "words": "robin"}[whom]
    account = "Canary of the first, and long enough to be worth keeping."
    typist = typist_token(world.social_worker, form_of(home))
    answer = record(home, also=[str(ticked)], account=account, typist=typist)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "is not a child whom you may see in this home. Nothing is recorded." in page
    assert account in page, "what was typed is shown to its author"
    assert stranger.child.name not in page
    assert elsewhere.child.name not in page
    assert not Visit.objects.exists()


def test_a_right_that_was_lost_meanwhile_stops_all_of_it(record, worker, world, home, sibling):
    worker.get(form_of(home))
    restricted_to(world.teams_child, world.dhos, since=NOW, by=world.service_manager)
    answer = record(home, sibling)
    assert answer.status_code == 403
    assert world.teams_child.name not in answer.content.decode()
    assert not Visit.objects.exists()


# Sent again


def test_a_repeat_gets_the_first_answer(record, home, sibling):
    key = uuid.uuid4()
    first, again = record(home, sibling, key=key), record(home, sibling, key=key)
    assert first["Location"] == again["Location"]
    assert Visit.objects.count() == 2
    assert SharedVisit.objects.count() == 1


def test_each_part_has_a_key_made_of_the_forms(record, home, sibling):
    key = uuid.uuid4()
    record(home, sibling, key=key)
    assert visit_of(home).key == key
    assert visit_of(sibling).key == uuid.uuid5(key, str(sibling.pk))


def test_a_draft_comes_back_with_what_was_typed_of_the_others(world, worker, home, sibling):
    typed = {"account": ["Half a sentence"], "also": [str(sibling.pk)], f"account_{sibling.pk}": ["Another half"]}
    Draft.objects.create(user=world.social_worker, form=form_of(home), content=typed, saved_at=HOUR_AGO)
    form = worker.get(form_of(home)).context["form"]
    assert form["also"].value() == [str(sibling.pk)]
    assert form[f"account_{sibling.pk}"].value() == "Another half"


# What it costs


def test_the_form_asks_the_same_for_two_children_and_for_many(world, worker, home, sibling, asked):
    def count():
        with asked() as queries:
            worker.get(form_of(home))
        return len(queries)

    count()
    few = count()
    for _ in range(6):
        in_childrens_home(world.a_child(worker=world.colleague), home=home.home)
    assert count() == few <= 12


def test_whoever_is_invited_to_one_child_records_for_that_one_alone(world, home, sibling, signed_in, record):
    adviser = world.elsewhere(Role.SOCIAL_WORKER)
    access.invite(adviser, world.own_child, at=days_before(1), until=None, because="Covers for a week.")
    allocated_to(world.own_child, adviser, since=days_before(1))
    answer = record(home, sibling, client=signed_in(adviser))
    assert answer.status_code == 403
    assert record(home, client=signed_in(adviser)).status_code == 302
