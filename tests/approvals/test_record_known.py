"""What Hearth knows stands in the record with where it comes from, and is sealed as it was when the record was typed."""

from datetime import timedelta

import pytest

from approvals.connected.states import HowEnded, Pathway
from approvals.models import CaseDiscussion, ConnectedPerson, HouseholdMember
from approvals.record.known import BY_NAME, FACTS, facts_of, first_answers, readable
from approvals.record.parts import FIRST, FORMS, PRESENT, RECORD, SECTIONS, in_present_form
from bench.chains import CONTENT
from casework.limits import local_day
from casework.sections.known import WITHHELD
from casework.steps import NotYet, carry_out
from children.access import SIGHTS, Extent
from placements.models import CarerApproval
from placements.states import ApprovalKind
from tests.approvals.recording import content_of, section_url, type_up
from tests.approvals.steps import LATER, convene, page_of, take, text_of
from tests.factories import NOW, chain_at, days_before, visited, with_unapproved_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child, since=days_before(20))


@pytest.fixture
def discussion(world, placement):
    return convene(world, placement)


def known(discussion):
    return {row["name"]: row["says"] for row in facts_of(discussion, NOW)}


def looked_into(placement, **how_it_stands):
    """The carer as a relative who was asked about."""
    about = {
        "child": placement.child,
        "carer": placement.carer,
        "relationship": "Aunt",
        "asked_on": days_before(30).date(),
    }
    ConnectedPerson.objects.create(**about, stands_since=NOW)
    ConnectedPerson.objects.update(state=Pathway.LOOKED_INTO)
    ConnectedPerson.objects.update(**how_it_stands)
    return ConnectedPerson.objects.get()


def test_everything_on_record_about_the_arrangement_is_known(world, placement, discussion):
    visited(placement, days_before(3), by=world.social_worker)
    person = looked_into(placement, state=Pathway.LOOKED_INTO)
    born = local_day(NOW).replace(year=1980)
    HouseholdMember.objects.create(person=person, name="Uncle Bob", is_who="her partner", born_on=born)
    says = known(discussion)
    assert says["child"] == world.own_child.name
    assert says["born"].endswith("years old")
    assert says["carer"] == placement.carer.name
    assert says["relationship"] == placement.relationship
    assert "Uncle Bob, her partner" in says["household"]
    assert "Police check: not back." in says["household"]
    assert says["regulation_24"] == "The carer was never approved"
    assert says["enquiry"].startswith("Asked about on")
    assert f"Social worker: {world.social_worker}" in says["allocated"]
    assert says["visits"].count("\n") == 0
    assert says["reviews"].startswith(("None held so far", "Last held on"))
    assert f"Legal: {world.legal}" in says["met"]


def test_a_fact_that_nothing_is_on_record_about_is_left_out(placement, discussion):
    assert "household" not in known(discussion)
    assert "last_actions" not in known(discussion)


def test_every_fact_has_its_place_and_its_source():
    shown = {name for section in SECTIONS for name in section.facts}
    assert shown <= set(BY_NAME)
    assert all(fact.label and fact.source for fact in FACTS)


def test_the_actions_of_the_last_discussion_are_known(world, placement):
    first = type_up(convene(world, placement), by=world.dhos)
    take(first, "withdraw", by=world.dhos)
    says = known(convene(world, placement))
    assert "Ask the carer again about assessment" in says["last_actions"]
    assert "To be done" in says["last_actions"]


def test_it_is_sealed_with_the_record_and_does_not_change_afterwards(world, placement, discussion):
    version = type_up(discussion, by=world.dhos).version
    visited(placement, days_before(1), by=world.social_worker)
    version.refresh_from_db()
    sealed = {row["name"]: row["says"] for row in version.content["known"]}
    assert sealed["visits"] == "Nobody has visited here yet"
    assert version.is_intact
    version.content["known"][0]["says"] = "Somebody else"
    assert not version.is_intact


def test_a_fact_that_changed_alone_makes_no_new_version(world, placement, discussion):
    type_up(discussion, by=world.dhos)
    visited(placement, days_before(1), by=world.social_worker)
    with pytest.raises(NotYet, match="The record reads as version 1 does: there is nothing new in it"):
        type_up(CaseDiscussion.objects.get(), by=world.dhos, at=LATER)


def test_whoever_may_not_know_the_address_does_not_read_who_the_carer_is(discussion):
    rows = facts_of(discussion, NOW)
    blind = next(sight for sight in SIGHTS.values() if sight.address == Extent.NO)
    says = {row["name"]: row["says"] for row in readable(rows, blind)}
    assert says["carer"] == says["relationship"] == WITHHELD
    assert says["child"] != WITHHELD
    strange = [{"name": "a fact of long ago", "label": "x", "says": "secret", "source": ""}]
    assert readable(strange, blind)[0]["says"] == WITHHELD


def test_a_role_that_reads_nothing_written_reads_nothing_of_what_was_sealed(world, discussion, signed_in):
    discussion = type_up(discussion, by=world.dhos)
    page = text_of(signed_in(world.placement_service).get(page_of(discussion)))
    for part in ("I want to stay here", "Amara Okafor", "Mr and Mrs Adeyemi", "Ask the carer again"):
        assert part not in page


WAYS = {
    "refused": ({"state": Pathway.REFUSED, "how_ended": HowEnded.REFUSED}, "refused", "refused_on"),
    "withdrew": ({"state": Pathway.NO_FURTHER, "how_ended": HowEnded.WITHDREW}, "declines", "declined_on"),
    "not viable": ({"state": Pathway.NO_FURTHER, "how_ended": HowEnded.NOT_VIABLE}, "unlikely", "assessed_on"),
}


@pytest.mark.parametrize("way", WAYS)
def test_why_regulation_24_does_not_apply_is_taken_from_how_the_carers_way_ended(placement, discussion, way):
    stands, why_not, day = WAYS[way]
    looked_into(placement, **stands, ended_on=days_before(9).date())
    answers = first_answers(discussion, NOW)
    assert (answers["why_not"], answers[day]) == (why_not, days_before(9).date().isoformat())


def test_a_temporary_approval_that_ran_out_fills_in_its_days(world, placement, discussion, signed_in):
    from_on, to_on = local_day(NOW) - timedelta(days=60), local_day(NOW) - timedelta(days=10)
    told = {"kind": ApprovalKind.TEMPORARY, "from_on": from_on, "to_on": to_on}
    CarerApproval.objects.create(carer=placement.carer, **told)
    answers = first_answers(discussion, NOW)
    last_on = to_on - timedelta(days=1)
    assert answers["why_not"] == "lapsed"
    assert (answers["approved_from"], answers["approved_until"]) == (from_on.isoformat(), last_on.isoformat())
    form = signed_in(world.dhos).get(section_url(discussion, "regulation_24")).context["form"]
    assert form["why_not"].value() == "lapsed"
    assert form["approved_until"].value() == (str(last_on.day), str(last_on.month), str(last_on.year))


def test_an_approval_that_holds_fills_in_nothing(placement, discussion):
    told = {"kind": ApprovalKind.TEMPORARY, "from_on": local_day(NOW) - timedelta(days=10)}
    CarerApproval.objects.create(carer=placement.carer, **told)
    assert "why_not" not in first_answers(discussion, NOW)


# The form in which a record was typed


def test_a_record_reads_for_ever_in_the_form_in_which_it_was_typed(world, placement, discussion):
    old = take(discussion, "record", by=world.dhos, content=CONTENT).version
    assert [part.name for part, _ in old.parts] == [part.name for part in FIRST]
    assert {part.name: answer for part, answer in old.parts} == CONTENT
    new = type_up(CaseDiscussion.objects.get(), by=world.dhos, at=LATER).version
    assert {part.name for part, _ in new.parts} == {part.name for part in RECORD if part.is_asked(new.content)}
    old.refresh_from_db()
    assert old.is_intact
    assert old.content == CONTENT


def test_the_fields_of_the_source_are_all_asked():
    """records.md, first row: attendees, why not regulation 24, alternatives, risks with pets, checks, views, legal advice."""
    asked = {part.name for part in FORMS[PRESENT]}
    assert asked >= {
        *("others", "discussion", "why_not", "approved_from", "approved_until", "refused_on", "declined_on"),
        *("alternatives", "alternatives_says", "risks", "pets", "pet_risks", "checks", "legal_advice"),
        *("views_child", "views_parents", "views_carer", "views_iro", "support", "finance", "visiting_plan"),
        *("care_plan", "actions", "proposed", "proposed_says", "review_on", "contingency", "known"),
    }


def test_no_word_of_the_first_form_is_lost_when_it_is_typed_anew(world, placement):
    content = chain_at("to_agree", placement).version.content
    carried = str(in_present_form(content))
    assert all(text in carried for text in content.values())


# Two versions side by side


def test_two_versions_are_held_against_each_other_word_by_word(world, discussion, signed_in):
    first = type_up(discussion, by=world.dhos)
    first = take(first, "agree", by=world.legal)
    fewer = content_of(first)["actions"][:1]
    type_up(first, by=world.dhos, at=LATER, risks="A small dog, kept downstairs at night.", actions=fewer)
    url = f"{page_of(discussion)}compare/"
    answer = signed_in(world.dhos).get(url)
    page = text_of(answer)
    assert "[taken out: assessed,]" in page.replace(" ]", "]")
    assert "Version 1 (void)" in page
    assert f"Legal: {world.legal}, 9 March 2026 at 10:00 (void)" in page
    assert "Nobody has signed it yet" in page
    assert "Taken out" in page
    html = answer.content.decode()
    assert '<del class="hearth-taken-out">' in html
    assert 'class="govuk-visually-hidden">[taken out:' in html


def test_any_two_versions_can_be_chosen(world, discussion, signed_in):
    for number in range(3):
        discussion = type_up(CaseDiscussion.objects.get(), by=world.dhos, risks=f"Risk {number}.")
    url = f"{page_of(discussion)}compare/"
    shown = signed_in(world.dhos).get(f"{url}?before=3&after=1").context
    assert shown["chosen"] == ["1", "3"]
    assert [part.before for part in shown["changed"]] == ["Risk 0."]
    assert signed_in(world.dhos).get(f"{url}?before=x&after=99").context["chosen"] == ["2", "3"]


def test_what_one_may_not_read_is_not_compared_for_one(world, discussion, signed_in):
    type_up(discussion, by=world.dhos)
    type_up(CaseDiscussion.objects.get(), by=world.dhos, legal_advice="Quite another advice.", risks="Another risk.")
    page = text_of(signed_in(world.iro).get(f"{page_of(discussion)}compare/"))
    assert "Another risk." in page.replace("[added: ", "").replace("]", "") or "Another" in page
    assert "Quite another" not in page
    assert "Withheld: only those entitled to legal advice see it." in page
    page = text_of(signed_in(world.placement_service).get(f"{page_of(discussion)}compare/"))
    assert "Another" not in page


def test_steps_are_taken_with_the_present_form_from_typing_to_filing(world, placement):
    discussion = type_up(convene(world, placement), by=world.dhos)
    for person in (world.dhos, world.legal, world.team_manager, world.social_worker):
        discussion = carry_out(discussion.agree, by=person, at=LATER, digest=discussion.version.digest)
    discussion = take(discussion, "approve", by=world.hos, at=LATER)
    discussion = take(discussion, "sign_off", by=world.service_director, at=LATER)
    assert discussion.signatures_now.count() == 6


def test_comparing_asks_the_same_however_many_versions_there_are(world, discussion, signed_in, asked):
    def queries():
        with asked() as found:
            assert signed_in(world.dhos).get(f"{page_of(discussion)}compare/").status_code == 200
        return len(found)

    for number in range(2):
        type_up(CaseDiscussion.objects.get(), by=world.dhos, risks=f"Risk {number}.")
    few = queries()
    for number in range(2, 5):
        type_up(CaseDiscussion.objects.get(), by=world.dhos, risks=f"Risk {number}.")
    assert queries() == few
