"""The pages of procedures: everybody reads the rules; a value is asked for, looked at and decided, each by its person."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from casework import errands
from casework.models import Reading, RuleProposal, RuleValue
from casework.not_kept import NOT_KEPT
from casework.procedures import declared
from casework.rule_values import A_SWITCH
from children import access
from tests.approvals.steps import give_password
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
SINCE = TODAY + timedelta(days=3)
RULES, AMENDMENTS = "casework:procedures", "casework:amendments"


def own_value(world, code, since=SINCE, **value):
    said = value or {"count": 2, "unit": "days"}
    decided = {"decided_by": world.dcs, "decided_as": "dcs", "decided_at": NOW, "because": "The children cannot wait."}
    return RuleValue.objects.create(code=code, since=since, **said, **decided)


def text_of(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rule_page(code):
    return reverse("casework:procedure", args=[code])


# Reading


def test_the_rules_of_a_day_are_grouped_with_number_source_and_own_value(world, signed_in):
    own_value(world, "D-03")
    own_value(world, "C-41", **A_SWITCH, is_on=False)
    client = signed_in(world.health)
    today = text_of(client.get(reverse(RULES)))
    assert "In force today, 9 March 2026" in today
    for group in ("Visits to the child", "Sign-off of unregulated arrangements", "Emergencies"):
        assert group in today
    assert "6 weeks Care Planning Regulations, reg 28(2)(b)" in today
    assert re.search(r"D-03 The Head of Service decides: .* 5 working days .* Local default, no source", today)
    then = text_of(client.get(reverse(RULES), {"on_day": 12, "on_month": 3, "on_year": 2026}))
    assert re.search(r"2 days Our own since 12 March 2026 [^.]*2\.5a; Decision C-30 Local default, no source", then)
    assert "Adviser’s visit counts as the social worker’s No Our own since 12 March 2026 Decision C-41" in then
    before = text_of(client.get(reverse(RULES), {"on_day": 1, "on_month": 5, "on_year": 2020}))
    assert "24 weeks" in before
    assert "E-08" not in before, "not in force in 2020"


ALL_LIMITS = {
    "K": [*range(1, 7), *range(10, 29), 30, 31, *range(33, 38)],
    "D": range(9),
    "R": range(1, 9),
    "P": range(1, 7),
    "L": range(1, 39),
}
"""Every limit of the sources, by its number; besides them L-08b and L-08c."""


def test_every_limit_of_the_sources_is_a_rule_in_force_or_said_not_to_be_kept_yet(world, signed_in):
    limits = {f"{letter}-{number:02}" for letter, numbers in ALL_LIMITS.items() for number in numbers}
    not_kept = [each.code for some in NOT_KEPT.values() for each in some]
    assert len(not_kept) == len(set(not_kept))
    assert set(not_kept).isdisjoint(declared()), "what is declared is kept: take its row away"
    assert {*declared(), *not_kept} >= limits | {"L-08b", "L-08c"}
    page = signed_in(world.social_worker).get("/procedures/").content.decode()
    assert "What Hearth does not keep yet" in page
    assert [code for code in not_kept if f"<li>{code}: " not in page] == []


def test_a_day_that_is_none_shows_today_and_says_so(world, signed_in):
    page = text_of(signed_in(world.health).get(reverse(RULES), {"on_day": 31, "on_month": 2, "on_year": 2026}))
    assert "must be a real date" in page
    assert "In force today" in page


def test_a_rule_says_where_it_acts_who_owes_it_and_what_ever_held(world, signed_in):
    own_value(world, "D-08")
    page = text_of(signed_in(world.social_worker).get(rule_page("D-08")))
    for says in (
        "From the day on which the arrangement begins, or on which an import brings it.",
        "Team manager",
        "12 March 2026 To come 2 days",
        "Director of Children’s Services Decided on 9 March 2026",
        "The children cannot wait.",
        "Always 5 working days",
    ):
        assert says in page, says
    law = text_of(signed_in(world.administrator).get(rule_page("L-18")))
    assert "what is lawful no authority can change" in law
    assert "26 September 2020 16 weeks" in law
    assert "Ask for a value" not in law


def test_a_rule_counts_what_the_reader_may_count_and_names_nobody(owed, signed_in):
    def counted(person):
        page = text_of(signed_in(person).get(rule_page("D-08")))
        assert "Testchild" not in page
        return re.search(r"Now open: (\d+) dut", page)[1]

    people = (owed.social_worker, owed.colleague, owed.hos, owed.administrator, owed.legal)
    assert [counted(person) for person in people] == ["1", "2", "2", "2", "0"]


def test_a_rule_that_nobody_declared_is_not_there(world, signed_in):
    client = signed_in(world.administrator)
    for address in (rule_page("X-99"), reverse("casework:ask_value", args=["X-99"])):
        assert client.get(address).status_code == 404
    assert client.get(reverse("casework:ask_value", args=["L-18"])).status_code == 409


def test_what_changed_stands_latest_first_with_who_decided_it(world, signed_in):
    own_value(world, "D-03")
    page = text_of(signed_in(world.health).get(reverse(AMENDMENTS)))
    assert page.index("12 March 2026") < page.index("28 October 2023") < page.index("26 September 2020")
    assert "2 days instead of 5 working days" in page
    assert "6 working days instead of 24 weeks" in page
    assert "Why: The children cannot wait." in page


def test_the_pages_ask_the_database_as_much_however_many_values_there_are(world, signed_in, asked):
    client = signed_in(world.administrator)
    pages = [reverse(RULES), reverse(AMENDMENTS), rule_page("D-03"), reverse("casework:proposals")]

    def queries():
        found = []
        for page in pages:
            client.get(page)
            with asked() as said:
                client.get(page)
            found.append(len(said))
        return found

    own_value(world, "D-03")
    before = queries()
    for day in range(4, 10):
        own_value(world, "D-03", since=TODAY + timedelta(days=day), count=day, unit="days")
        own_value(world, "D-01", since=TODAY + timedelta(days=day), count=day, unit="days")
    assert queries() == before
    assert max(before) <= 10


def test_why_this_date_leads_to_the_rule(owed, signed_in):
    page = signed_in(owed.team_manager).get(reverse("children:child", args=[owed.own_child.pk]))
    assert f'href="{rule_page("D-08")}"' in page.content.decode()


# Asking and deciding


def ask(client, send, world, **but):
    answers = {
        "count": "1",
        "unit": "working_days",
        "since": SINCE,
        "because": "Five days are too long.",
        "decider": str(world.service_director.pk),
    }
    return send(client, reverse("casework:ask_value", args=["D-08"]), **answers | but)


def test_from_asking_to_deciding(owed, signed_in, send):
    """The administrator asks; the director reads whom it concerns, gives the password, and takes what runs along."""
    administrator = signed_in(owed.administrator)
    answer = ask(administrator, send, owed)
    proposal = RuleProposal.objects.select_related("preview").get()
    page = proposal.get_absolute_url()
    assert answer["Location"] == page
    waiting = text_of(administrator.get(page))
    assert "Whom it concerns is still being worked out." in waiting
    assert "Decide" not in re.findall(r"[A-Z]\w+", waiting.replace("Decided", ""))
    errands.do(proposal.preview_id)
    assert "2 due earlier 2" in text_of(administrator.get(page)), "an administrator sees counts"
    moved = reverse("casework:moved", args=[proposal.pk])
    assert moved not in administrator.get(page).content.decode()

    director = signed_in(owed.service_director)
    assert moved in director.get(page).content.decode()
    seen = text_of(director.get(moved, {"variant": "take_along", "how": "earlier"}))
    assert owed.own_child.name in seen
    assert owed.restricted_child.name not in seen
    assert "Deadlines that run are taken along, due earlier 2 duties." in seen
    manager = text_of(signed_in(owed.hos).get(moved, {"variant": "take_along", "overdue": "yes"}))
    assert "2 duties, of which 1 about children whom you may not see" in manager
    assert owed.other_areas_child.name not in manager

    decide = reverse("casework:decide_value", args=[proposal.pk])
    assert "Deadlines that run are taken along" in text_of(director.get(decide))
    assert signed_in(owed.dcs).get(decide).status_code == 403
    asks = send(director, decide, answer="take_along", because="The children cannot wait.")
    assert reverse("account_reauthenticate") in asks["Location"]
    assert not RuleValue.objects.exists()
    give_password(director, next=decide)
    value = RuleValue.objects.get()
    assert (value.takes_running_along, value.decided_by) == (True, owed.service_director)
    kept = text_of(administrator.get(page))
    assert "As it was shown when it was decided" in kept
    assert "2 due earlier" in kept


REFUSED = (
    ({"count": "5"}, "That is what D-08 says already, on 12 March 2026."),
    ({"since": TODAY}, "It holds from the day after the decision at the earliest."),
    ({"count": "0"}, "New limit must be 1 or more"),
    ({"unit": "hours"}, "Select one of the answers listed"),
    ({"decider": "0"}, "Select one of the answers listed"),
    ({"because": ""}, "Answer “Why?”"),
)


def test_what_cannot_stand_is_said_at_its_field_and_nothing_is_lost(world, signed_in, send):
    client = signed_in(world.administrator)
    for but, says in REFUSED:
        answer = ask(client, send, world, **but)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert not RuleProposal.objects.exists()


def test_a_switch_is_asked_with_yes_or_no(world, signed_in, send):
    client = signed_in(world.administrator)
    address = reverse("casework:ask_value", args=["C-41"])
    page = client.get(address).content.decode()
    assert "Does this rule hold?" in page
    assert "New limit" not in page
    answers = {"is_on": "no", "since": SINCE, "because": "We want the social worker.", "decider": str(world.dcs.pk)}
    send(client, address, **answers)
    proposal = RuleProposal.objects.get()
    assert (proposal.is_on, proposal.says) == (False, "No")
    errands.do(proposal.preview_id)
    decide = text_of(signed_in(world.dcs).get(reverse("casework:decide_value", args=[proposal.pk])))
    assert "taken along" not in decide


def test_a_proposal_is_taken_back_and_worked_out_again_by_a_form_of_its_own(world, signed_in, send):
    client = signed_in(world.administrator)
    ask(client, send, world)
    proposal = RuleProposal.objects.get()
    errands.do(proposal.preview_id)
    send(client, reverse("casework:look_again", args=[proposal.pk]))
    assert RuleProposal.objects.get().preview_id != proposal.preview_id
    send(client, reverse("casework:withdraw_value", args=[proposal.pk]), because="A slip of the pen.")
    assert "Withdrawn" in text_of(client.get(reverse("casework:proposals")))
    assert client.get(reverse("casework:decide_value", args=[proposal.pk])).status_code == 403


def test_what_an_address_asks_for_that_is_nothing_is_no_error(owed, signed_in, send):
    ask(signed_in(owed.administrator), send, owed)
    proposal = RuleProposal.objects.get()
    errands.do(proposal.preview_id)
    client = signed_in(owed.dcs)
    moved = reverse("casework:moved", args=[proposal.pk])
    for name, value in (("team", "x"), ("team", "9" * 40), ("kind", "\0"), ("role", "nobody"), ("page", "x")):
        assert client.get(moved, {name: value}).status_code == 200
    assert Reading.objects.exists(), "a list with names is in the read log"


def test_who_is_named_on_a_restriction_meanwhile_sees_it_in_the_list(owed, signed_in, send):
    ask(signed_in(owed.administrator), send, owed)
    proposal = RuleProposal.objects.get()
    errands.do(proposal.preview_id)
    moved = reverse("casework:moved", args=[proposal.pk])
    client = signed_in(owed.dcs)
    assert owed.restricted_child.name not in text_of(client.get(moved))
    access.name_on_restriction(owed.dcs, owed.restricted_child, at=NOW, because="She oversees it.")
    assert owed.restricted_child.name in text_of(client.get(moved))
