"""The approvals inbox: what waits for me, what comes to me, what is with others, what I did."""

from datetime import timedelta

import pytest

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals.states import State
from casework import diary, notifications
from casework.models import CaseFile, Duty, OutgoingMail, Reading
from casework.steps import carry_out
from casework.wording import due_on
from tests.approvals.of_decisions import LATER, at_a_parents, begun, decided, put
from tests.approvals.steps import signed_in_with_password, text_of
from tests.factories import NOW, a, appointed, chain_at, days_before, restricted_to, with_unapproved_relative

ADDRESSES = {"waiting": "/approvals/", "coming": "/approvals/coming/"}
ADDRESSES |= {"others": "/approvals/with-others/", "done": "/approvals/done/"}


def look(at=NOW):
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=at)


@pytest.fixture
def inbox_of(signed_in):
    """`inbox_of(person)` gives, by pile, the records that this person finds there; it checks the counts on the way."""

    def read(person, pile=None, **filters):
        client = signed_in(person)
        found = {}
        for name in [pile] if pile else ADDRESSES:
            page = client.get(ADDRESSES[name], filters)
            assert page.status_code == 200, page
            found[name] = [row[0]["url"] for row in page.context["rows"]]
            counted = {tab["label"]: tab["count"] for tab in page.context["piles"]}
            assert filters or dict(zip(ADDRESSES, counted.values(), strict=True))[name] == len(found[name])
        return found[pile] if pile else {name: urls for name, urls in found.items() if urls}

    return read


def url_of(record):
    return (
        f"/approvals/{record.pk}/"
        if record._meta.model_name == "casediscussion"
        else f"/approvals/decisions/{record.pk}/"
    )


# Where a case discussion lies, for whom


CHAIN = [
    (State.CONVENED, {"dhos": "waiting done", "hos": "coming", "service-director": "coming", "legal": "coming"}),
    (State.TO_AGREE, {"dhos": "waiting done", "legal": "waiting", "hos": "coming", "social-worker": "waiting"}),
    (
        State.AGREED,
        {"team-manager": "others done", "legal": "others done", "hos": "waiting", "service-director": "coming"},
    ),
    (State.APPROVED, {"hos": "coming done", "service-director": "waiting", "team-manager": "others done"}),
    (State.DISSENTED, {"hos": "waiting done", "service-director": "coming done"}),
    (State.SIGNED_OFF, {"hos": "waiting done", "service-director": "others done", "social-worker": "coming done"}),
    (State.COMMUNICATED, {"social-worker": "waiting done", "legal": "others done"}),
    (State.FILED, {"service-director": "done", "social-worker": "done", "legal": ""}),
    (State.WITHDRAWN, {"dhos": "done", "hos": ""}),
]


@pytest.mark.parametrize(("state", "piles"), CHAIN, ids=lambda value: str(value) if isinstance(value, str) else "")
def test_a_case_discussion_lies_where_it_waits_comes_or_was_acted_upon(world, inbox_of, state, piles):
    discussion = chain_at(state, with_unapproved_relative(world.own_child))
    look()
    for person in piles:
        found = inbox_of(world.person(Role(person.replace("-", "_"))))
        assert found == {pile: [url_of(discussion)] for pile in piles[person].split()}, person


def test_it_comes_to_nobody_of_another_area_or_team_and_waits_for_none_of_them(world, inbox_of):
    chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    look()
    for person in (world.elsewhere(Role.HOS), world.elsewhere(Role.DHOS), world.second_teams_manager):
        assert inbox_of(person) == {}


def test_a_second_head_of_service_finds_what_the_first_has_not_done_yet(world, inbox_of):
    """A duty has one holder; what somebody else of the role could take as well comes to that person, and is never unseen."""
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    second = a(Role.HOS, area=world.area)
    look()
    assert inbox_of(second) == {"coming": [url_of(discussion)]}


def test_who_typed_it_and_is_head_of_service_now_is_not_told_that_it_comes(world, inbox_of):
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    appointed(world.dhos, Role.HOS, area=world.area)
    look()
    assert inbox_of(world.dhos, "coming") == []
    assert inbox_of(world.dhos, "done") == [url_of(discussion)]


def test_whoever_acts_for_the_head_of_service_has_it_and_not_the_one_who_is_away(world, inbox_of):
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    acting = a(Role.HOS, area=world.area, since=NOW, until=NOW + timedelta(days=3), acting_for=world.hos)
    look()
    assert inbox_of(acting, "waiting") == [url_of(discussion)]
    assert inbox_of(world.hos, "waiting") == []
    assert inbox_of(world.hos, "coming") == [url_of(discussion)]


# Restricted records


def test_a_deputy_does_not_inherit_what_is_restricted_to_others(world, inbox_of):
    """Named are the Head of Service and the Deputy. Whoever stands in for the Head of Service finds nothing of it."""
    child = world.own_child
    discussion = chain_at(State.AGREED, with_unapproved_relative(child))
    restricted_to(child, world.hos, world.dhos, by=world.service_manager)
    acting = a(Role.HOS, area=world.area, since=NOW, until=NOW + timedelta(days=3), acting_for=world.hos)
    look()
    assert inbox_of(acting) == {}
    assert inbox_of(world.service_director) == {}
    assert inbox_of(world.hos, "waiting") == [url_of(discussion)]


# Senior decisions


def test_a_decision_goes_from_who_writes_it_to_who_checks_and_who_decides(world, inbox_of):
    decision = begun(world, "with_parents", world.own_child, proposed=at_a_parents(world.own_child))
    look()
    assert inbox_of(world.social_worker) == {"waiting": [url_of(decision)], "done": [url_of(decision)]}
    assert inbox_of(world.team_manager) == {"coming": [url_of(decision)]}
    assert inbox_of(world.decision_maker) == {}


def test_a_decision_goes_on_to_whoever_decides_and_stays_to_be_found(world, inbox_of):
    decision = put(world, "with_parents", world.own_child, proposed=at_a_parents(world.own_child))
    look()
    url = [url_of(decision)]
    assert inbox_of(world.social_worker) == {"others": url, "done": url}
    assert inbox_of(world.team_manager) == {"waiting": url}
    decision = decided(world, decision)
    look(LATER)
    assert inbox_of(world.team_manager) == {"done": url}
    assert inbox_of(world.social_worker) == {"done": url}
    assert inbox_of(world.decision_maker) == {"done": url}, (
        "who sees only what is put finds again what he or she decided"
    )
    assert inbox_of(a(Role.DECISION_MAKER)) == {}


# What one decided, afterwards


@pytest.fixture
def kept(world):
    """A decision that the nominated officer took; nothing else is put to that person."""
    return decided(world, put(world, "with_parents", world.own_child, proposed=at_a_parents(world.own_child)))


def test_who_decided_it_and_sees_only_what_is_put_reads_it_again_and_nothing_else_of_the_child(world, kept, signed_in):
    client = signed_in(world.decision_maker)
    page = client.get(url_of(kept))
    assert page.status_code == 200
    assert "you can read it again" in text_of(page)
    assert "What comes next" not in text_of(page)
    assert f"/children/{world.own_child.pk}/" not in page.content.decode()
    assert client.get(f"{url_of(kept)}record.pdf").status_code == 200
    assert client.get(f"/children/{world.own_child.pk}/").status_code == 404
    assert client.get(f"{url_of(kept)}decline/").status_code == 404
    assert Reading.objects.filter(
        user=world.decision_maker, case_files__contains=[world.own_child.case_file_id]
    ).exists()


def test_another_officer_who_took_no_step_reads_it_no_more(world, kept, signed_in):
    other = a(Role.DECISION_MAKER)
    assert signed_in(other).get(url_of(kept)).status_code == 404


def test_what_is_restricted_since_is_read_by_those_named_only(world, kept, signed_in, inbox_of):
    restricted_to(world.own_child, world.team_manager, since=NOW, by=world.service_manager)
    assert signed_in(world.decision_maker).get(url_of(kept)).status_code == 404
    assert inbox_of(world.decision_maker) == {}


def test_who_holds_the_role_no_longer_reads_it_no_more(world, kept, signed_in):
    Appointment.objects.filter(user=world.decision_maker).update(ends_at=NOW)
    appointed(world.decision_maker, Role.SOCIAL_WORKER, team=world.other_areas_team)
    assert signed_in(world.decision_maker).get(url_of(kept)).status_code == 404


def test_after_deciding_one_comes_to_what_one_has_decided(world, now, send):
    decision = put(world, "with_parents", world.own_child, proposed=at_a_parents(world.own_child), at=days_before(1))
    digest = decision.version.digest
    carry_out(decision.confirm, by=world.team_manager, at=days_before(1), digest=digest)
    client = signed_in_with_password(world.decision_maker)
    answer = send(client, f"{url_of(decision)}decide/", digest=digest)
    assert (answer.status_code, answer["Location"]) == (302, url_of(decision))
    assert "You have decided." in text_of(client.get(url_of(decision)))


# The page


@pytest.fixture
def hundreds(world):
    """Thirty case discussions that the Head of Service is to decide on, some late."""
    for number in range(30):
        child = world.a_child(worker=world.social_worker, forename=f"Ada{number:03}")
        chain_at(State.AGREED, with_unapproved_relative(child), held_at=days_before(30 if number % 2 else 6))
    look()


def row_count(page):
    return len(page.context["rows"])


def test_there_are_25_to_a_page_the_soonest_due_first_and_the_filters_narrow_them(world, hundreds, signed_in):
    client = signed_in(world.hos)
    first = client.get("/approvals/")
    assert (row_count(first), first.context["page"].paginator.count) == (25, 30)
    assert row_count(client.get("/approvals/?page=2")) == 5
    dues = Duty.objects.open().filter(kind="D-03").order_by("due_at", "pk")
    assert [row[4]["note"] for row in first.context["rows"]] == [said_by_when(duty) for duty in dues[:25]]
    late = client.get("/approvals/?late=yes")
    assert late.context["page"].paginator.count == dues.filter(due_at__lte=NOW).count()
    assert {tab["count"] for tab in late.context["piles"] if tab["label"] == "Waiting for me"} == {30}
    assert row_count(client.get("/approvals/?kind=discussion&state=discussion-agreed")) == 25
    for nothing in (
        "kind=contact",
        "state=discussion-approved",
        "state=decision-put",
        f"team=team-{world.second_team.pk}",
    ):
        page = client.get(f"/approvals/?{nothing}")
        assert row_count(page) == 0
        assert "Take a filter away to see more." in text_of(page)
    assert row_count(client.get(f"/approvals/?team=team-{world.team.pk}")) == 25
    assert row_count(client.get(f"/approvals/?team=area-{world.area.pk}&page=2")) == 5


def said_by_when(duty):
    return f"{'Was due' if duty.due_at <= NOW else 'By'} {due_on(duty.due_at)}"


@pytest.mark.parametrize("pile", ADDRESSES)
def test_it_asks_the_same_of_the_database_for_one_row_and_for_many(world, signed_in, asked, pile):
    person = {"waiting": world.hos, "coming": world.service_director, "others": world.dhos, "done": world.dhos}[pile]
    client = signed_in(person)

    def asks():
        client.get(ADDRESSES[pile])
        with asked() as queries:
            page = client.get(ADDRESSES[pile])
        return len(queries), row_count(page)

    chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    put(world, "with_parents", world.own_child, proposed=at_a_parents(world.own_child))
    look()
    few, some = asks()
    for _ in range(4):
        child = world.a_child(worker=world.social_worker)
        chain_at(State.AGREED, with_unapproved_relative(child))
        put(world, "with_parents", child, proposed=at_a_parents(child))
    look()
    many, more = asks()
    assert more > some
    assert many == few <= 22


def test_what_a_filter_does_not_know_narrows_nothing(world, signed_in):
    for nonsense in ("kind=%00", "team=area-99999999999999999999", "team=team-x", "state=x", "page=0", "late=no"):
        assert signed_in(world.hos).get(f"/approvals/?{nonsense}").status_code == 200


@pytest.mark.parametrize("pile", ADDRESSES)
def test_an_empty_pile_says_what_will_appear_there(world, signed_in, pile):
    page = signed_in(world.assistant_director).get(ADDRESSES[pile])
    assert "will appear here" in text_of(page) or "can be found here" in text_of(page)


def test_the_navigation_leads_there_and_what_fell_through_is_found_again(world, signed_in, inbox_of):
    chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    chain_at(State.AGREED, with_unapproved_relative(world.teams_child))
    fell_through = chain_at(State.REFUSED, with_unapproved_relative(world.second_teams_child))
    look()
    page = signed_in(world.hos).get("/")
    assert ("Approvals", "/approvals/") in [(place["label"], place["url"]) for place in page.context["navigation"]]
    assert len(inbox_of(world.hos, "waiting")) == 2
    assert url_of(fell_through) in inbox_of(world.hos, "done")


def test_nobody_without_a_part_in_what_goes_up_finds_the_page(world, signed_in):
    for role in (Role.ADMINISTRATOR, Role.PERFORMANCE, Role.COMMISSIONING, Role.AUDITOR):
        client = signed_in(world.person(role))
        assert client.get("/approvals/").status_code == 403
        assert "Approvals" not in [place["label"] for place in client.get("/").context["navigation"]]


# Who is told


def test_whoever_has_the_next_step_gets_a_mail_that_names_nobody(world):
    User.objects.update(email="somebody@example.org")
    chain_at(State.AGREED, with_unapproved_relative(world.own_child), held_at=days_before(6))
    put(world, "with_parents", world.own_child, proposed=at_a_parents(world.own_child))
    look(NOW + timedelta(days=12))
    notifications.tell_of([world.own_child.case_file_id], at=NOW + timedelta(days=12))
    mails = OutgoingMail.objects.all()
    assert {world.hos, world.team_manager} <= {mail.to for mail in mails}
    said = " ".join(f"{mail.subject} {mail.body}" for mail in mails)
    about = world.own_child
    names = [about.forename, about.surname, about.reference, *(p.last_name for p in (world.hos, world.social_worker))]
    assert [name for name in names if name in said] == []
