"""Try the rules: a history that somebody makes up, answered by the functions that the diary runs; nothing is kept."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from casework.models import Duty, Event, RuleValue
from casework.procedures import rules_as_declared
from tests.factories import NOW, days_before, in_childrens_home, restricted_to, visited
from tests.visits.placed import day, days, moment, period, placed, seen
from visits.clocks.facts import LegalStatus, Registration, Review, Variation
from visits.clocks.schedule import compared, ledger_of, open_duties, visits_ahead
from visits.models import Visit
from visits.trying.forms import TryForm, as_typed

pytestmark = pytest.mark.django_db
PAGE, COPY = "visits:try_rules", "visits:try_rules_here"
RULES = rules_as_declared()


def boxes(name, on):
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year} if on else {}


def rows_of(answer, caption):
    """The rows of the table of that caption, as text."""
    tables = re.findall(r"<table.*?</table>", answer.content.decode(), re.DOTALL)
    (table,) = [table for table in tables if caption in table]
    rows = re.findall(r"<tr class=\"govuk-table__row\">(.*?)</tr>", table, re.DOTALL)[1:]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def tried(client, caption="and what was", **but):
    history = {
        "setting": "in_house_foster",
        **boxes("started_on", date(2026, 1, 5)),
        "registered": "registered",
        "legal_status": "C2",
        "reviews": "",
        "visits": "9 January 2026\n2026-02-20",
        **boxes("on", date(2026, 3, 9)),
    }
    answer = client.post(reverse(PAGE), history | but)
    found = answer.status_code == 200 and caption in answer.content.decode()
    return answer, rows_of(answer, caption) if found else []


def test_what_would_be_due_stands_with_its_reason_before_what_was(world, signed_in):
    answer, rows = tried(signed_in(world.health))
    assert answer.status_code == 200
    running, second, first = rows
    assert running.startswith("3 April 2026 Social worker, statutory L-02 Visits in the first year of a placement")
    assert "last seen 20 February 2026" in running
    assert running.endswith("Due")
    assert second.endswith("Met On 20 February 2026")
    assert "L-01 First visit within 1 week of the move on 5 January 2026" in first
    assert {model: model.objects.count() for model in (Duty, Visit)} == {Duty: 0, Visit: 0}
    assert not Event.objects.filter(act="record_visit").exists()


def test_who_says_so_stands_once_for_each_rule(world, signed_in):
    _, rows = tried(signed_in(world.health), visits="9 January 2026\n20 February 2026")
    running, second, first = rows
    assert [row.count("Care Planning Regulations, reg 28(2)(b)") for row in (running, second)] == [1, 0]
    assert "Care Planning Regulations, reg 28(2)(a)" in first


def test_who_was_seen_by_whom_counts_as_it_does_for_a_child(world, signed_in):
    client = signed_in(world.health)
    for visits, stands in (
        ("9 January 2026", "Overdue"),
        ("9 January 2026\n20 February 2026 (not seen)", "Overdue"),
        ("9 January 2026\n20 February 2026, IRO", "Overdue"),
        ("9 January 2026\n20 February 2026, adviser", "Due"),
        ("9 January 2026\n20 February 2026 at 14:30, personal adviser", "Due"),
        ("9 January 2026\n21.2.2026", "Due"),
    ):
        _, rows = tried(client, visits=visits)
        assert rows[0].endswith(stands), visits


def test_both_clocks_are_tried_with_every_role(world, signed_in):
    _, rows = tried(
        signed_in(world.health),
        setting="supported_accommodation",
        started_time="10:00",
        registered="unregistered",
        visits="2 January 2026, form\n12 January 2026, IRO, form\n9 January 2026, commissioning, form, not seen",
    )
    open_rows = {row.split(" ", 3)[3] for row in rows if row.endswith(("Due", "Overdue"))}
    assert {row.split(",")[0]: re.search(r"[KL]-\d+", row)[0] for row in open_rows if "purposeful" in row} == {
        "Social worker": "K-12",
        "Independent reviewing officer": "K-17",
        "Service manager": "K-16",
    }
    assert len(open_rows) == 4


def test_the_year_ahead_is_shown_if_each_visit_is_made_on_its_day(world, signed_in):
    _, rows = tried(signed_in(world.health), "Visits from 9 March 2026 to 9 March 2027")
    assert rows[0].startswith("3 April 2026 Social worker, statutory L-02")
    assert rows[1].startswith("15 May 2026")


def test_the_authoritys_own_values_are_tried_too(world, signed_in):
    decided = {"decided_by": world.dcs, "decided_at": NOW - timedelta(days=90), "because": "-"}
    RuleValue.objects.create(code="L-02", count=2, unit="weeks", since=date(2026, 1, 1), **decided)
    _, rows = tried(signed_in(world.health))
    assert rows[0].startswith("6 March 2026 Social worker, statutory L-02")
    assert "this authority’s own, in force since 1 January 2026" in rows[0]


def test_what_cannot_be_read_is_said_and_stays(world, signed_in):
    client = signed_in(world.health)
    for but, says in (
        ({"visits": "soon"}, "“soon” is not a day like 5 March 2026"),
        ({"visits": "31 February 2026"}, "“31 February 2026” must be a real date"),
        ({"visits": "3 March 2026, cook"}, "“cook” is not understood"),
        ({"visits": "29 March 2026 at 01:30"}, "must be a real time: the clocks went forward over it that night"),
        ({"reviews": "1 1 26"}, "must have a year with 4 numbers"),
        ({"visits": "1 March 2026\n" * 401}, "At most 400 lines can be tried at once."),
        ({"setting": "temporary"}, "Select one of the answers listed"),
        ({"started_on_day": ""}, "must include a day"),
        ({"started_time": "noonish"}, "The time must have a time, like 14:30 or 2:30pm"),
        ({"registration": "3 March 2026"}, "Say what changed on 3 March 2026, in one of the words listed"),
        ({"legal": "3 March 2026, Z9"}, "“z9” is not understood"),
        ({"variations": "3 March 2026"}, "must say how many days"),
        ({"reg19": "3 March 2026 to 4 March 2026 to 5 March 2026"}, "is not a day like 5 March 2026"),
    ):
        answer, _ = tried(client, **but)
        assert answer.status_code == 422, says
        assert says in answer.content.decode().replace("&quot;", '"'), says


def test_before_the_child_lived_there_nothing_would_be_due(world, signed_in):
    answer, rows = tried(signed_in(world.health), **boxes("on", date(2026, 1, 4)))
    assert rows == []
    assert "Nothing would be due" in answer.content.decode()


def test_the_page_of_procedures_leads_there(world, signed_in):
    assert reverse(PAGE) in signed_in(world.health).get(reverse("casework:procedures")).content.decode()


# With a copy of a real placement's facts


def copied(client, home, **but):
    """What the page of a placement asks, sent back with something changed."""
    page = client.get(reverse(COPY, args=[home.pk]))
    data = {}
    for box in page.context["form"]:
        value = box.value()
        if isinstance(value, date) or box.name.endswith("_on"):
            data |= boxes(box.name, value)
        elif value not in (None, False):
            data[box.name] = value
    return client.post(reverse(COPY, args=[home.pk]), data | but)


@pytest.fixture
def home(world):
    """A registered home since 60 days, in which the worker has been twice."""
    home = in_childrens_home(world.own_child, since=days_before(60))
    visited(home, days_before(57))
    visited(home, days_before(20))
    return home


def test_the_facts_of_a_placement_unchanged_make_no_difference(world, home, signed_in):
    answer = copied(signed_in(world.social_worker), home)
    assert answer.status_code == 200
    assert "Your changes make no difference" in answer.content.decode()
    assert all(row.endswith("The same") for row in rows_of(answer, "beside what is"))


def test_a_changed_fact_shows_what_would_follow_beside_what_is(world, home, signed_in):
    lost = f"{days_before(10):%-d %B %Y}, not registered"
    answer = copied(signed_in(world.social_worker), home, registration=lost)
    rows = rows_of(answer, "beside what is")
    assert any(row.startswith("CIC Commissioning, purposeful Nothing due") and row.endswith("New") for row in rows)
    assert any(row.startswith("Social worker, statutory") and row.endswith("The same") for row in rows)
    assert "Only with your changes" in answer.content.decode()


def test_trying_writes_nothing(world, home, signed_in):
    client = signed_in(world.social_worker)
    before = [(model, model.objects.count()) for model in (Duty, Visit, Event)]
    copied(client, home, registration=f"{days_before(10):%-d %B %Y}, not registered")
    acts = set(Event.objects.values_list("act", flat=True))
    assert [(model, model.objects.count()) for model in (Duty, Visit, Event)] == before
    assert "try_rules" not in acts


def test_only_who_sees_the_child_tries_with_the_childs_facts(world, home, signed_in):
    page = reverse(COPY, args=[home.pk])
    assert signed_in(world.administrator).get(page).status_code == 404
    restricted_to(home.child, world.dhos, since=NOW)
    assert signed_in(world.social_worker).get(page).status_code == 404


def test_the_page_of_the_placement_leads_there(world, home, signed_in):
    page = reverse("placements:placement", args=[home.pk])
    assert reverse(COPY, args=[home.pk]) in signed_in(world.social_worker).get(page).content.decode()


# Facts to boxes and back; the visits that lie ahead

MUCH = placed(
    "Mon 2026-01-05 10:20",
    "supported_accommodation",
    care_started_on=day("Mon 2025-12-01"),
    born_on=date(2009, 4, 1),
    concern_at_start=True,
    legal=(LegalStatus(day("Mon 2025-12-01"), "V2"), LegalStatus(day("Mon 2026-02-09"), "C2")),
    registration=(
        Registration(day("Wed 2020-01-01"), "registered"),
        Registration(day("Tue 2026-02-10"), "unregistered"),
        Registration(day("Tue 2026-05-12"), "applied"),
    ),
    reviews=(
        Review(day("Fri 2025-12-19"), day("Fri 2025-12-19")),
        Review(day("Mon 2026-02-16"), day("Fri 2026-02-13")),
        Review(day("Mon 2026-06-01")),
    ),
    visits=seen("Fri 2026-01-02 09:15", "Wed 2026-02-11 14:45", form="complete")
    + seen("Thu 2026-02-12 10:00", role="iro", form="draft")
    + seen("Thu 2026-02-12 10:00", role="commissioning", form="complete", seen=False),
    variations=(Variation(day("Mon 2026-03-02"), 14),),
    notices=days("Wed 2026-03-04"),
    meant_to_last_to_18=(period("Mon 2026-01-05", "Mon 2026-03-02"), period("Mon 2026-04-06")),
)


def typed(facts):
    """The form as it comes back when the facts of a placement are sent unchanged."""
    data = {}
    for name, value in as_typed(facts).items():
        data |= boxes(name, value) if name.endswith("_on") else {name: value} if value else {}
    form = TryForm(data | boxes("on", date(2026, 3, 9)))
    assert form.is_valid(), form.errors
    return form.facts(copy_of=facts)


@pytest.mark.parametrize("at", ["Tue 2026-01-06 12:00", "Mon 2026-03-09 12:00", "Mon 2026-07-06 12:00"])
def test_a_copy_of_the_facts_says_what_the_facts_say(at):
    def told(facts):
        entries = ledger_of(facts, RULES, moment(at))
        return [(e.kind, e.role, e.opened_at, e.due_at, e.says, e.closed_at, e.closed_as) for e in entries]

    brought = replace(MUCH, known_from=day("Mon 2026-02-16"))
    assert told(typed(MUCH)) == told(MUCH)
    assert told(typed(brought)) == told(brought)


def test_the_weeks_of_a_home_that_is_not_registered_lie_ahead_and_then_the_months():
    facts = placed("Mon 2026-01-05 10:00", "hotel")
    ahead = list(visits_ahead(facts, RULES, moment("Mon 2026-01-05 12:00"), date(2026, 4, 30)))
    due = [a.entry for a in ahead]
    purposeful = [f"{e.kind} {e.due_on:%d %b}" for e in due if e.role == "social_worker"]
    assert purposeful == [
        "K-11 06 Jan", "K-12 13 Jan", "K-12 20 Jan", "K-12 27 Jan", "K-12 03 Feb", "K-12 10 Feb", "K-12 17 Feb",
        "K-13 17 Mar", "K-13 17 Apr",
    ]  # fmt: skip
    assert [e.kind for e in due if e.role != "social_worker"] == ["K-15", "K-18", "K-16", "K-17"]


def test_what_is_overdue_is_visited_at_once_and_what_is_known_of_the_time_ahead_comes_in():
    facts = placed("Mon 2026-01-05 10:00", ended_on=day("Mon 2026-04-06"))
    ahead = list(visits_ahead(facts, RULES, moment("Mon 2026-02-02 12:00"), date(2026, 12, 31)))
    assert [(a.entry.kind, a.on) for a in ahead] == [("L-01", date(2026, 2, 2)), ("L-02", date(2026, 3, 16))]


def test_a_visit_that_cannot_meet_its_duty_is_not_tried_for_ever():
    """C-49 comes before a first review that is planned late: a visit then is not later than that review (K-05)."""
    facts = placed(
        "Mon 2026-01-05 10:00",
        "ifa_foster",
        registration=(Registration(day("Wed 2020-01-01"), "registered"),),
        reviews=(Review(day("Mon 2025-12-01"), day("Mon 2025-12-01")), Review(day("Mon 2026-08-03"))),
    )
    ahead = list(visits_ahead(facts, RULES, moment("Mon 2026-01-05 12:00"), date(2026, 12, 31)))
    assert [e.kind for e in (a.entry for a in ahead) if e.role == "iro"] == ["K-05"]


def test_two_histories_beside_one_another_say_what_differs():
    at = moment("Mon 2026-03-09 12:00")
    pairs = compared(
        open_duties(MUCH, RULES, at), open_duties(replace(MUCH, registration=MUCH.registration[:1]), RULES, at)
    )
    differences = {(pair.entry.role, pair.entry.kind): pair.difference for pair in pairs}
    assert differences["service_manager", "K-16"] == "Not due any more"
    assert differences["social_worker", "L-08"] == ""
