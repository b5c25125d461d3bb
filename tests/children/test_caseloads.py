"""Many children are given to other workers or to another team at once: all of them, or none.

Experience: Team; roles, last table; C-45; quality: idempotency, and what two people get who do the same at once.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import CaseFile, Draft, Duty, Event, Reading
from children.caseloads.bulk import Line, split
from children.models import Allocation, TeamHolding
from tests.children.handing_over import CHECK, WHY, choose, confirm, hand_over, lines, typed_into
from tests.factories import NOW, TODAY, a, allocated_to, days_before, restricted_to, settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def leaver(world):
    """A social worker who left six days ago, with four children still allocated."""
    jo = a(Role.SOCIAL_WORKER, name="jo-bell", team=world.team, until=days_before(6), line_manager=world.team_manager)
    for name in ("Ash", "Bay", "Cedar", "Dell"):
        world.a_child(worker=jo, forename=name, surname="Leftbehind")
    return jo


@pytest.fixture
def left_behind(leaver):
    return [row.child for row in Allocation.objects.filter(person=leaver).order_by("child__forename")]


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


def worker_of(child, role=Role.SOCIAL_WORKER, at=NOW):
    row = Allocation.objects.in_force(at).filter(child=child, role=role).first()
    return row.person if row else None


def team_of(child, at=NOW):
    row = TeamHolding.objects.in_force(at).filter(child=child).first()
    return row.team if row else None


def errors(answer):
    assert answer.status_code == 422
    return "\n".join(sentence for sentences in answer.context["form"].errors.values() for sentence in sentences)


# One person takes over


def test_a_leavers_children_go_to_somebody_else_with_one_event_each(world, signed_in, left_behind):
    client = signed_in(world.team_manager)
    answer = hand_over(client, left_behind, [world.colleague], team=world.team.pk)
    assert answer.url == reverse("children:one_team", args=[world.team.pk])
    assert {worker_of(child) for child in left_behind} == {world.colleague}
    events = Event.objects.filter(act="allocate", by=world.team_manager, because=WHY)
    assert sorted(events.values_list("case_file", flat=True)) == sorted(child.case_file_id for child in left_behind)
    assert events[0].details == {
        "role": "Social worker",
        "to": world.colleague.name,
        "before": "Jo Bell",
        "from_on": "9 March 2026",
    }


def test_the_duties_have_their_new_owner_when_the_page_comes_back(world, signed_in, left_behind):
    for child in left_behind:
        settled(child, since=days_before(40))
    look()
    owed = Duty.objects.open().filter(case_file__child__in=left_behind, role=Role.SOCIAL_WORKER)
    assert set(owed.values_list("owner", flat=True)) == {world.team_manager.pk}
    hand_over(signed_in(world.team_manager), left_behind, [world.colleague], team=world.team.pk)
    assert owed.count() >= len(left_behind)
    assert set(owed.values_list("owner", "stands_in")) == {(world.colleague.pk, "")}


def test_nothing_changes_before_the_lines_are_sent(world, signed_in, leaver, left_behind):
    client = signed_in(world.team_manager)
    assert choose(client, left_behind, [world.colleague], team=world.team.pk).url == CHECK
    page = client.get(CHECK)
    assert {row["now"] for row in page.context["form"].rows} == {"Jo Bell"}
    assert "Jo Bell" in page.text
    assert WHY in page.text
    assert {worker_of(child) for child in left_behind} == {leaver}


def test_a_caseload_is_split_evenly_by_name_and_each_line_can_be_changed(world, signed_in, left_behind):
    third = a(Role.SOCIAL_WORKER, team=world.team)
    client = signed_in(world.team_manager)
    choose(client, left_behind, [world.colleague, third], team=world.team.pk)
    form = client.get(CHECK).context["form"]
    proposed = [line.to for line in form.plan.lines]
    assert proposed[0] == proposed[1] != proposed[2] == proposed[3]
    ash, bay = left_behind[:2]
    to_third, left_as_it_is = {f"to-{ash.pk}": str(third.pk)}, {f"to-{bay.pk}": ""}
    client.post(CHECK, typed_into(form, **to_third, **left_as_it_is))
    assert worker_of(ash) == third
    assert worker_of(bay).username == "jo-bell"
    assert Event.objects.filter(act="allocate", because=WHY).count() == 3


def test_the_proposed_parts_differ_by_one_child_at_most():
    for children, people, parts in (
        (4, 2, [2, 2]),
        (5, 2, [3, 2]),
        (1, 3, [1, 0, 0]),
        (7, 3, [3, 2, 2]),
        (0, 2, [0, 0]),
    ):
        lines = [Line(child=None, now=None, later=None) for _ in range(children)]
        split(lines, [str(person) for person in range(people)])
        assert [[line.to for line in lines].count(str(person)) for person in range(people)] == parts
        assert [line.to for line in lines] == sorted(line.to for line in lines)


def test_who_keeps_a_child_gets_no_event(world, signed_in):
    client = signed_in(world.team_manager)
    hand_over(client, [world.own_child, world.teams_child], [world.colleague], team=world.team.pk)
    assert Event.objects.filter(act="allocate").count() == 1
    assert worker_of(world.own_child) == world.colleague


def test_children_without_anybody_are_given_somebody(world, signed_in):
    child = world.a_child()
    client = signed_in(world.team_manager)
    shown = client.get(reverse("children:caseloads"), {"team": world.team.pk, "worker": "none"}).context["rows"]
    assert [row["value"] for row in shown] == [str(child.pk)]
    hand_over(client, [child], [world.colleague], team=world.team.pk)
    assert worker_of(child) == world.colleague


def test_all_shown_are_ticked_by_a_link(world, signed_in, leaver, left_behind):
    query = {"team": world.team.pk, "worker": f"social_worker:{leaver.pk}"}
    client = signed_in(world.team_manager)
    assert not any(row["ticked"] for row in client.get(reverse("children:caseloads"), query).context["rows"])
    ticked = client.get(reverse("children:caseloads"), query | {"all": "yes"}).context["rows"]
    assert [row["value"] for row in ticked if row["ticked"]] == [str(child.pk) for child in left_behind]


def test_what_was_chosen_is_kept_when_something_is_missing(world, signed_in, left_behind):
    answer = choose(signed_in(world.team_manager), left_behind, [world.colleague], team=world.team.pk, because="")
    assert errors(answer) == "Answer “Why?”"
    assert {row["value"] for row in answer.context["rows"] if row["ticked"]} == {str(c.pk) for c in left_behind}
    assert answer.context["form"]["to"].value() == [str(world.colleague.pk)]


def test_nobody_is_chosen_who_does_not_hold_the_role_in_the_team(world, signed_in, left_behind):
    client = signed_in(world.team_manager)
    for person in (
        world.second_teams_worker,
        world.personal_adviser,
        a(Role.SOCIAL_WORKER, team=world.team, until=NOW),
        a(Role.SOCIAL_WORKER, team=world.team, since=NOW + timedelta(days=1)),
    ):
        assert "Select one of the answers listed" in errors(choose(client, left_behind, [person], team=world.team.pk))


# From when


def test_a_hand_over_can_be_dated_ahead_and_the_old_worker_stays_until_then(world, signed_in):
    sam = a(Role.SOCIAL_WORKER, team=world.team, until=NOW + timedelta(days=20))
    child = world.a_child(worker=sam)
    day = TODAY + timedelta(days=10)
    hand_over(signed_in(world.team_manager), [child], [world.colleague], team=world.team.pk, day=day)
    assert worker_of(child) == sam
    assert worker_of(child, at=NOW + timedelta(days=10)) == world.colleague


def test_who_will_have_left_by_then_is_not_chosen(world, signed_in, left_behind):
    sam = a(Role.SOCIAL_WORKER, team=world.team, until=NOW + timedelta(days=5))
    client = signed_in(world.team_manager)
    answer = choose(client, left_behind, [sam], team=world.team.pk, day=TODAY + timedelta(days=10))
    assert f"{sam.name} does not hold the role on 19 March 2026" in errors(answer)


def test_a_gap_before_a_dated_hand_over_is_said(world, signed_in, left_behind):
    client = signed_in(world.team_manager)
    choose(client, left_behind, [world.colleague], team=world.team.pk, day=TODAY + timedelta(days=3))
    assert "Until 12 March 2026 nobody is allocated to 4 children" in client.get(CHECK).text


def test_a_day_before_the_present_allocation_is_refused_with_the_childs_name(world, signed_in):
    child = allocated_to(world.a_child(worker=world.social_worker), world.colleague, since=days_before(5))
    third = a(Role.SOCIAL_WORKER, team=world.team)
    client = signed_in(world.team_manager)
    choose(client, [child], [third], team=world.team.pk, day=TODAY - timedelta(days=9))
    assert f"{child.name}: {world.colleague.name} comes on 4 March 2026 already: choose a later day" in errors(
        confirm(client)
    )


# All or nothing


def test_if_somebody_else_was_quicker_with_one_child_nothing_is_done_and_the_page_says_who(
    world, signed_in, left_behind
):
    client = signed_in(world.team_manager)
    choose(client, left_behind, [world.colleague], team=world.team.pk)
    typed = typed_into(client.get(CHECK).context["form"])
    allocated_to(left_behind[2], world.social_worker, since=NOW - timedelta(hours=1))
    before = Event.objects.count()
    answer = client.post(CHECK, typed)
    name = world.social_worker.name
    assert f"{left_behind[2].name}: this was changed while you looked at it. Now: {name}, since 9 March" in errors(
        answer
    )
    assert Event.objects.count() == before
    assert worker_of(left_behind[0]).username == "jo-bell"
    again = answer.context["form"]
    assert [line.to for line in again.plan.lines] == [str(world.colleague.pk)] * 4
    assert WHY in answer.text
    client.post(CHECK, typed_into(again))
    assert {worker_of(child) for child in left_behind} == {world.colleague}


def test_who_was_quicker_by_a_moment_or_planned_ahead_is_named_with_the_time(world, signed_in, left_behind):
    client = signed_in(world.team_manager)
    choose(client, left_behind, [world.colleague], team=world.team.pk)
    typed = typed_into(client.get(CHECK).context["form"])
    allocated_to(left_behind[0], world.social_worker, since=NOW + timedelta(minutes=1))
    said = errors(client.post(CHECK, typed))
    assert f"Now: Jo Bell, since 13 May 2025 at 11:00; from 9 March 2026 at 10:01: {world.social_worker.name}" in said


def test_if_one_child_has_left_the_team_meanwhile_nothing_is_done(world, signed_in, left_behind):
    client = signed_in(world.team_manager)
    choose(client, left_behind, [world.colleague], team=world.team.pk)
    typed = typed_into(client.get(CHECK).context["form"])
    held = TeamHolding.objects.get(child=left_behind[0])
    TeamHolding.objects.filter(pk=held.pk).update(ends_at=NOW)
    TeamHolding.objects.create(child=left_behind[0], team=world.other_areas_team, starts_at=NOW)
    answer = client.post(CHECK, typed)
    assert "1 child can no longer be changed here" in errors(answer)
    assert left_behind[0].name not in answer.text
    assert not Event.objects.filter(act="allocate").exists()


def test_sent_twice_it_is_done_once(world, signed_in, left_behind):
    client = signed_in(world.team_manager)
    choose(client, left_behind, [world.colleague], team=world.team.pk)
    typed = typed_into(client.get(CHECK).context["form"])
    first, second = client.post(CHECK, typed), client.post(CHECK, typed)
    assert first.url == second.url
    assert Event.objects.filter(act="allocate", because=WHY).count() == 4
    assert not Draft.objects.exists()
    assert "Nothing to check" in client.get(CHECK).text


def test_without_any_change_it_is_refused(world, signed_in):
    client = signed_in(world.team_manager)
    choose(client, [world.own_child], [world.social_worker], team=world.team.pk)
    assert "as it stands, nothing would change" in errors(confirm(client))


def test_each_child_costs_the_same_few_questions_however_many_there_are(world, signed_in, leaver, asked):
    counted = []
    for number in (2, 5):
        many = [world.a_child(worker=leaver) for _ in range(number)]
        client = signed_in(world.team_manager)
        choose(client, many, [world.colleague, world.social_worker], team=world.team.pk)
        with asked() as looking:
            page = client.get(CHECK)
        with asked() as acting:
            assert client.post(CHECK, typed_into(page.context["form"])).status_code == 302
        counted.append((len(looking), len(acting)))
    (looking, acting), (looking_at_more, acting_on_more) = counted
    assert looking == looking_at_more <= 16
    assert (acting_on_more - acting) / 3 <= 13


def test_more_than_can_be_checked_is_refused_with_the_number(world, signed_in):
    client = signed_in(world.team_manager)
    typed = {"child": list(range(1, 202)), "to": [world.colleague.pk], "because": WHY}
    answer = client.post(f"{reverse('children:caseloads')}?team={world.team.pk}", typed)
    assert "Tick at most 200 children" in errors(answer)


# Teams


def test_children_move_from_team_to_team_with_an_event_each(world, signed_in, left_behind):
    client = signed_in(world.service_manager)
    how = {"page": "children:move_caseloads", "team": world.team.pk}
    assert hand_over(client, left_behind, [world.second_team], **how).status_code == 302
    assert {team_of(child) for child in left_behind} == {world.second_team}
    event = Event.objects.filter(act="change_team").first()
    assert event.details == {"to": "Birch team", "before": "Alder team", "from_on": "9 March 2026"}


def test_after_an_import_a_director_gives_children_to_a_team(world, signed_in):
    found = [world.a_child(), world.a_child()]
    TeamHolding.objects.filter(child__in=found).delete()
    client = signed_in(world.service_director)
    assert "No team holds the case of 2 children" in client.get(reverse("children:team")).text
    hand_over(client, found, [world.second_team], page="children:move_caseloads", team="none")
    assert {team_of(child) for child in found} == {world.second_team}
    assert "No team holds" not in client.get(reverse("children:team")).text


def test_moving_opens_on_a_team_also_for_a_director(world, signed_in):
    """No team is a choice for after an import, and not the first."""
    page = signed_in(world.service_director).get(reverse("children:move_caseloads"))
    choices = page.context["filter_form"].fields["team"].choices
    assert page.context["filter_form"].data["team"] == choices[0][0] == str(world.team.pk)
    assert choices[-1] == ("none", "No team")


# Restricted children


def test_a_restricted_child_is_left_alone_and_nothing_betrays_it(world, signed_in, leaver, left_behind):
    hidden = left_behind.pop()
    restricted_to(hidden, world.dhos, by=world.service_manager)
    client = signed_in(world.team_manager)
    team_page = client.get(reverse("children:team"))
    assert "Jo Bell left on 3 March 2026: 3 children to hand over" in team_page.text
    assert hidden.forename not in team_page.text
    query = {"team": world.team.pk, "worker": f"social_worker:{leaver.pk}", "all": "yes"}
    shown = client.get(reverse("children:caseloads"), query)
    assert [row["value"] for row in shown.context["rows"]] == [str(child.pk) for child in left_behind]
    hand_over(client, left_behind, [world.colleague], team=world.team.pk)
    assert worker_of(hidden) == leaver
    after = client.get(reverse("children:team"))
    assert after.context["left"] == []
    assert "Jo Bell" not in after.text


def test_a_forged_tick_of_a_restricted_child_answers_as_one_of_no_child(world, signed_in):
    client = signed_in(world.team_manager)
    told = []
    for number in (world.restricted_child.pk, 987654):
        choose(client, [world.own_child], [world.colleague], team=world.team.pk)
        typed = typed_into(client.get(CHECK).context["form"])
        typed |= {f"to-{number}": str(world.colleague.pk), f"was-{number}": "0-0"}
        told.append(errors(client.post(CHECK, typed)))
    assert told[0] == told[1]
    assert "1 child can no longer be changed here" in told[0]


def test_whoever_is_named_is_reminded_of_the_child_that_was_left(world, signed_in, leaver, left_behind):
    hidden = left_behind.pop()
    settled(hidden, since=days_before(40))
    restricted_to(hidden, world.colleague, by=world.service_manager)
    hand_over(signed_in(world.team_manager), left_behind, [world.social_worker], team=world.team.pk)
    look()
    owed = Duty.objects.open().filter(case_file=hidden.case_file_id, role=Role.SOCIAL_WORKER)
    assert set(owed.values_list("owner", flat=True)) == {world.colleague.pk}


def test_a_leader_who_is_named_hands_it_over(world, signed_in, leaver, left_behind):
    restricted_to(left_behind[0], world.team_manager, world.colleague, by=world.service_manager)
    hand_over(signed_in(world.team_manager), left_behind, [world.colleague], team=world.team.pk)
    assert worker_of(left_behind[0]) == world.colleague


def test_the_read_log_holds_every_child_shown_and_the_address_holds_none(world, signed_in, left_behind):
    client = signed_in(world.team_manager)
    answer = choose(client, left_behind, [world.colleague], team=world.team.pk)
    assert answer.url == CHECK
    assert lines(client).keys() == set(left_behind)
    read = Reading.objects.order_by("pk").last()
    assert set(read.case_files) == {child.case_file_id for child in left_behind}


def test_where_nobody_is_left_the_page_says_so_and_leads_back(world, signed_in):
    client = signed_in(world.team_manager)
    choose(client, [world.own_child], [world.colleague], team=world.team.pk)
    typed = typed_into(client.get(CHECK).context["form"])
    restricted_to(world.own_child, world.dhos, since=NOW, by=world.service_manager)
    answer = client.post(CHECK, typed)
    assert "1 child can no longer be changed here" in errors(answer)
    assert "Nobody is left" in answer.text
    assert world.own_child.name not in answer.text
