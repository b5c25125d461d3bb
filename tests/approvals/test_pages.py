"""The pages of the chain: who opens them, what they ask, what bad input gets, and that nothing typed is lost."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.states import State
from approvals.views import STEPS
from bench.chains import CONTENT
from casework import diary
from casework.models import Draft, Event, Reading
from children.models import Allocation
from tests.approvals.recording import fill, section_url, send_whole
from tests.approvals.steps import agree_all, convene, give_password, page_of, take, text_of
from tests.factories import NOW, PASSWORD, a, chain_at, ended, restricted_to, with_unapproved_relative


@pytest.fixture
def placement(world):
    placement = with_unapproved_relative(world.own_child)
    diary.refresh([placement.case_file_id], at=NOW)
    return placement


def key():
    return str(uuid4())


def buttons_of(answer):
    """What can be done from here: the words of buttons and of links that look like buttons."""
    html = answer.content.decode().partition("<main")[2]
    found = re.findall(r'<(?:button|a)[^>]*class="govuk-button[^"]*"[^>]*>\s*([^<]+?)\s*</(?:button|a)>', html)
    return [words.replace("&#x27;", "'") for words in found]


MOMENT = {"held_at_day": "9", "held_at_month": "3", "held_at_year": "2026", "held_at_time": "9:30"}

ACTION = {"what_1": "Ask the aunt again.", "owner_1": "social_worker"}
ACTION |= {"due_on_1_day": "30", "due_on_1_month": "3", "due_on_1_year": "2026"}


def said_of(world, discussion, step):
    """What a person sends for a step."""
    digest = discussion.version.digest if discussion.pk and discussion.version else ""
    people = {name: getattr(world, name).pk for name in ("social_worker", "team_manager", "legal")}
    return {
        "key": key(),
        **{
            "convene": {**MOMENT, **people},
            "record": {"digest": digest},
            "agree": {"digest": digest},
            "approve": {"digest": digest, "approved_as": "interim"},
            "send_back": {"digest": digest, "because": "Describe the alternatives."},
            "refuse": {"digest": digest, "because": "The risk is too high."},
            "sign_off": {"digest": digest},
            "dissent": {"digest": digest, "because": "Not without a plan."},
            "feed_back": {"because": "Assessment by 30 March.", "record_changes": "yes", **ACTION},
            "communicate": {},
            "file": {"reference": "LL-77"},
            "note": {"because": "We met. The child stays for now."},
            "know": {},
            "renew": {"digest": digest, "search": "Three agencies were asked again.", "why": "None is near."},
            "withdraw": {"because": "The child moved."},
        }[step],
    }


# The whole chain, as its people walk it


def test_from_convening_to_filing_through_the_pages(world, placement, signed_in):
    def go(person, step, **more):
        discussion = CaseDiscussion.objects.filter(placement=placement).first()
        url = page_of(discussion, step) if discussion else f"/approvals/convene/{placement.pk}/"
        client = signed_in(person)
        assert client.get(url).status_code == 200
        if step == "record":
            fill(client, discussion, **more)
            more = {}
        sent = {**said_of(world, discussion or CaseDiscussion(placement=placement), step), **more}
        answer = client.post(url, sent)
        if answer.headers.get("Location", "").startswith("/accounts/reauthenticate/"):
            answer = give_password(client, next=url)
        assert answer.status_code == 302, text_of(answer)
        return client.get(answer.headers["Location"])

    assert "Convened: the record can be typed up now." in text_of(go(world.dhos, "convene"))
    assert "The record is typed." in text_of(go(world.dhos, "record"))
    assert "We met. The child stays for now." in text_of(go(world.dhos, "note"))
    for role in ("social_worker", "team_manager", "legal", "dhos"):
        assert "You have agreed the record." in text_of(go(world.person(Role(role)), "agree"))
    assert "Sent back to the Deputy Head" in text_of(go(world.hos, "send_back"))
    go(world.dhos, "record", discussion="We described the alternatives.")
    for role in ("social_worker", "team_manager", "legal", "dhos"):
        go(world.person(Role(role)), "agree")
    assert "You have approved it." in text_of(go(world.hos, "approve"))
    assert "Your dissent is recorded" in text_of(go(world.service_director, "dissent"))
    fed_back = text_of(go(world.hos, "feed_back", record_changes="no"))
    assert "Agreed after the dissent" in fed_back
    assert "Ask the aunt again." in fed_back
    assert "You have confirmed that you know." in text_of(go(world.team_manager, "know"))
    assert "You have given final sign-off." in text_of(go(world.service_director, "sign_off"))
    assert "The three are told, and each is asked to confirm." in text_of(go(world.hos, "communicate"))
    go(world.team_manager, "know")
    go(world.dhos, "know")
    final = text_of(go(world.social_worker, "file"))
    assert "Filed as LL-77" in final
    assert "It holds until 6 April 2026. Renewed 0 of 3 times." in final
    renewed = text_of(go(world.hos, "renew"))
    assert "Renewed. The Service Director is told." in renewed
    assert "Three agencies were asked again." in renewed


def test_everything_that_there_is_to_read_is_on_one_page(world, placement, signed_in):
    discussion = take(
        chain_at(State.APPROVED, placement), "record", by=world.dhos, content={**CONTENT, "risks": "Two."}
    )
    discussion = take(discussion, "agree", by=world.legal)
    page = text_of(signed_in(world.dhos).get(page_of(discussion)))
    for part in (*CONTENT.values(), "Two."):
        assert part in page
    assert "The record, version 2" in page
    assert "Changed since version 1 ( compare them ): Risks, and what is done about them What was discussed" in page
    assert "what is new, and what was taken out , Risks, and what is done about them" in page
    assert "Version 1, void: typed on 27 February 2026 at 14:00" in page
    assert f"Head of Service: {world.hos}, 2 March 2026 at 10:00 (void)" in page
    assert discussion.version.digest_in_groups in page
    assert "Not lawful . " in page.replace("</strong>", "")
    assert "Sign-off does not change this." in page


STEPS_OFFERED = {
    (State.CONVENED, "dhos"): ["Type up the record", "Write the case note", "Withdraw the case discussion"],
    (State.TO_AGREE, "legal"): ["Agree that the record is accurate"],
    (State.TO_AGREE, "dhos"): [
        "Agree that the record is accurate",
        "Type up the record",
        "Withdraw the case discussion",
    ],
    (State.TO_AGREE, "iro"): [],
    (State.AGREED, "hos"): [
        "Approve as the child’s permanence plan",
        "Approve as an interim arrangement",
        "Send the record back for more work",
        "Refuse the arrangement",
    ],
    (State.AGREED, "service_director"): [],
    (State.APPROVED, "service_director"): ["Give final sign-off", "Dissent from the approval"],
    (State.APPROVED, "hos"): [],
    (State.DISSENTED, "hos"): ["Feed back what was agreed after the dissent"],
    (State.SIGNED_OFF, "hos"): ["Confirm that the outcome is communicated", "Renew the interim approval"],
    (State.COMMUNICATED, "social_worker"): ["File the signed record"],
    (State.COMMUNICATED, "team_manager"): ["Confirm that you know"],
    (State.FILED, "dhos"): [],
}


@pytest.mark.parametrize(("state", "role"), STEPS_OFFERED)
def test_the_buttons_are_the_steps_that_this_person_can_take_now(world, placement, signed_in, state, role):
    page = signed_in(world.person(Role(role))).get(page_of(chain_at(state, placement)))
    assert buttons_of(page) == STEPS_OFFERED[state, role]


def test_who_holds_the_next_step_and_for_how_long_is_said(world, placement, signed_in):
    discussion = chain_at(State.AGREED, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    page = text_of(signed_in(world.social_worker).get(page_of(discussion)))
    assert "Who it waits for For 20 days since 17 February 2026" in page
    assert "waiting since 1 March 2026 at 11:00" in page
    assert f"Who does it {world.hos}" in page
    filed = chain_at(State.FILED, with_unapproved_relative(world.teams_child))
    assert "Who it waits for" not in text_of(signed_in(world.dhos).get(page_of(filed)))


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN])
def test_what_fell_through_leaves_the_alarm_in_sight_and_leads_on(world, placement, signed_in, state):
    discussion = chain_at(state, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    answer = signed_in(world.dhos).get(page_of(discussion))
    page = text_of(answer)
    assert "Who it waits for For 20 days since 17 February 2026" in page
    assert "convene a" in page or "convene the" in page
    assert "This approval is over. Go to the arrangement" in page
    assert f'href="/placements/{placement.pk}/"' in answer.content.decode().partition("This approval is over")[2]


def test_why_it_stands_where_it_stands_is_read_before_the_record_and_once(world, placement, signed_in):
    discussion = chain_at(State.TO_AGREE, placement)
    agreed = agree_all(world, discussion)
    sent_back = take(agreed, "send_back", by=world.hos, because="Say which carers were asked.")
    page = text_of(signed_in(world.dhos).get(page_of(sent_back)))
    assert page.count("Say which carers were asked.") == 1
    assert page.index("Say which carers were asked.") < page.index("The arrangement")


def test_of_what_is_over_it_is_not_said_that_a_signature_is_still_to_come(world, placement, signed_in):
    page = text_of(signed_in(world.dhos).get(page_of(chain_at(State.REFUSED, placement))))
    assert "Not signed" in page
    assert "Not signed yet" not in page


def test_what_fell_through_is_not_to_be_withdrawn_with_the_next(world, placement, signed_in):
    first = chain_at(State.WITHDRAWN, placement)
    convene(world, placement)
    ended(placement, on=NOW)
    diary.refresh([placement.case_file_id], at=NOW)
    assert "It is to be withdrawn." not in text_of(signed_in(world.dhos).get(page_of(first)))


def test_how_many_of_the_four_have_agreed_is_said_at_the_top(world, placement, signed_in):
    discussion = chain_at(State.TO_AGREE, placement)
    says = [
        "None of the four has agreed it yet.",
        "Agreed by 1 of the four: Legal.",
        "Agreed by 2 of the four: Team manager, Legal.",
    ]
    for person, expected in zip((world.legal, world.team_manager, None), says, strict=True):
        assert expected in text_of(signed_in(world.iro).get(page_of(discussion)))
        if person:
            take(discussion, "agree", by=person)
    agreed = chain_at(State.AGREED, with_unapproved_relative(world.teams_child))
    assert "of the four" not in text_of(signed_in(world.iro).get(page_of(agreed)))


def test_why_this_date_says_the_rule_once(world, placement, signed_in):
    discussion = chain_at(State.APPROVED, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    page = signed_in(world.service_director).get(page_of(discussion)).content.decode()
    why = page.partition("Counted from</dt>")[2].partition("</dl>")[0]
    assert why.count("The Service Director gives final sign-off, or dissents with reasons") == 1
    assert "<dt>Rule</dt>" not in page


MAIN_STEP = {
    (State.CONVENED, "dhos"): "Type up the record",
    (State.SENT_BACK, "dhos"): "Type up the record",
    (State.DISSENTED, "hos"): "Feed back what was agreed after the dissent",
    (State.COMMUNICATED, "social_worker"): "File the signed record",
    (State.TO_AGREE, "dhos"): "Agree that the record is accurate",
}


@pytest.mark.parametrize(("state", "role"), MAIN_STEP)
def test_the_main_button_is_the_step_that_is_owed(world, placement, signed_in, state, role):
    assert main_buttons_of(signed_in(world.person(Role(role))), chain_at(state, placement)) == [MAIN_STEP[state, role]]


def test_once_there_is_nothing_to_sign_off_the_first_button_withdraws(world, placement, signed_in):
    discussion = chain_at(State.SENT_BACK, placement)
    ended(placement, on=NOW - timedelta(hours=2))
    diary.refresh([placement.case_file_id], at=NOW)
    client = signed_in(world.dhos)
    assert buttons_of(client.get(page_of(discussion))) == ["Withdraw the case discussion", "Type up the record"]
    assert main_buttons_of(client, discussion) == [], "what ends it warns"


def main_buttons_of(client, discussion):
    steps = client.get(page_of(discussion)).content.decode().partition('class="hearth-steps"')[2]
    return re.findall(r'<(?:button|a)[^>]*class="govuk-button"[^>]*>([^<]+)<', steps)


@pytest.mark.parametrize(("role", "step"), [("hos", "refuse"), ("dhos", "withdraw")])
def test_what_ends_the_chain_stands_last_and_looks_like_it(world, placement, signed_in, role, step):
    client, discussion = signed_in(world.person(Role(role))), chain_at(State.AGREED, placement)
    steps = client.get(page_of(discussion)).content.decode().partition('class="hearth-steps"')[2]
    *before, last = re.findall(r'class="(govuk-button[^"]*)"', steps.partition("hearth-steps__not-you")[0])
    assert last == "govuk-button govuk-button--warning"
    assert last not in before
    assert '"govuk-button govuk-button--warning"' in client.get(page_of(discussion, step)).content.decode()


@pytest.mark.parametrize(
    ("role", "step", "says"),
    [
        ("hos", "send_back", "all four agree it again."),
        ("hos", "refuse", "This ends the approval. The Deputy Head of Service then has to discuss moving the child."),
        ("dhos", "withdraw", "This ends the approval without a decision."),
    ],
)
def test_what_comes_of_a_decision_against_the_record_is_said_before(world, placement, signed_in, role, step, says):
    page = signed_in(world.person(Role(role))).get(page_of(chain_at(State.AGREED, placement), step))
    assert says in text_of(page)


@pytest.mark.parametrize(("role", "step"), [("hos", "send_back"), ("hos", "refuse")])
def test_where_reasons_are_typed_it_is_said_that_the_password_is_asked(world, placement, signed_in, role, step):
    page = signed_in(world.person(Role(role))).get(page_of(chain_at(State.AGREED, placement), step))
    assert "You are asked for your password before this counts." in text_of(page)


def test_a_source_is_said_once_however_many_have_yet_to_agree(world, placement, signed_in):
    discussion = chain_at(State.TO_AGREE, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    page = text_of(signed_in(world.dhos).get(page_of(discussion)))
    assert "Not signed off Unregulated (connected person) since" in page
    assert page.count("or say what is wrong") == page.count("Agree the record") == 4
    assert page.count("Unregulated placements procedure 2.4; Decision C-08") == 1


def test_before_a_signature_the_page_says_that_the_password_is_asked(world, placement, signed_in):
    discussion = chain_at(State.APPROVED, placement)
    says = "You are asked for your password before this counts."
    assert says in text_of(signed_in(world.service_director).get(page_of(discussion)))
    assert says not in text_of(signed_in(world.dhos).get(page_of(discussion)))


def test_whoever_types_anew_is_told_that_it_voids_what_was_agreed(world, placement, signed_in):
    client = signed_in(world.dhos)
    discussion = chain_at(State.CONVENED, placement)
    says = "This becomes version 2 of the record. What was agreed or signed under version 1 is void then"
    assert says not in text_of(client.get(page_of(discussion, "record")))
    discussion = take(discussion, "record", by=world.dhos)
    assert says in text_of(client.get(page_of(discussion, "record")))


def test_whose_the_other_steps_are_is_said(world, placement, signed_in):
    page = text_of(signed_in(world.social_worker).get(page_of(chain_at(State.AGREED, placement))))
    assert "Approve the arrangement : for the Head of Service for this area, with no other part in this chain." in page


# Who may open what


@pytest.mark.parametrize("state", [State.CONVENED, State.TO_AGREE, State.AGREED, State.APPROVED, State.FILED])
def test_a_stranger_to_the_child_finds_nothing(world, placement, signed_in, state):
    discussion = chain_at(state, placement)
    for stranger in (world.second_teams_worker, world.elsewhere(Role.DHOS), world.administrator, a(Role.LEGAL)):
        client = signed_in(stranger)
        assert client.get(page_of(discussion)).status_code == 404
        assert client.get(f"/approvals/convene/{placement.pk}/").status_code == 404
        for step in STEPS:
            assert client.get(page_of(discussion, step)).status_code == 404
            assert client.post(page_of(discussion, step), {"key": key()}).status_code in (302, 404)


def test_of_a_restricted_child_even_the_area_finds_nothing(world, placement, signed_in):
    discussion = chain_at(State.AGREED, placement)
    restricted_to(world.own_child, world.dhos, since=NOW - timedelta(hours=1), by=world.service_manager)
    assert signed_in(world.hos).get(page_of(discussion)).status_code == 404
    page = signed_in(world.dhos).get(page_of(discussion))
    assert "Only people named on this record can see it." in text_of(page)


@pytest.mark.parametrize("step", [step for step in STEPS if step != "convene"])
def test_the_wrong_role_is_told_who_the_right_one_is(world, placement, signed_in, step):
    state = {
        "feed_back": State.DISSENTED,
        "communicate": State.SIGNED_OFF,
        "renew": State.SIGNED_OFF,
        "file": State.COMMUNICATED,
        "know": State.COMMUNICATED,
    }.get(step, State.APPROVED if step in ("sign_off", "dissent") else State.AGREED)
    answer = signed_in(world.iro).get(page_of(chain_at(state, placement), step))
    assert answer.status_code == 403
    assert re.search(r"Only (the|one of the) .* can do this\.", text_of(answer))


def test_whoever_may_but_too_early_is_told_where_it_stands(world, placement, signed_in):
    answer = signed_in(world.hos).get(page_of(chain_at(State.TO_AGREE, placement), "approve"))
    assert answer.status_code == 409
    assert "it stands at “Record to be agreed”" in text_of(answer)


def test_where_the_arrangement_has_ended_what_remains_is_said(world, placement, signed_in):
    discussion = chain_at(State.AGREED, placement)
    ended(placement, on=NOW - timedelta(hours=2))
    diary.refresh([placement.case_file_id], at=NOW)
    page = signed_in(world.hos).get(page_of(discussion))
    assert "Approve the arrangement: cannot be done now" in text_of(page)
    assert "This needs no sign-off any more: the arrangement is over or is regulated." in text_of(page)
    assert "The arrangement ended on 9 March 2026: there is nothing left to approve." in text_of(page)
    assert signed_in(world.hos).get(page_of(discussion, "approve")).status_code == 409
    assert "Withdraw the case discussion" in buttons_of(signed_in(world.dhos).get(page_of(discussion)))


def test_where_one_of_the_four_cannot_agree_any_more_the_way_out_is_said(world, placement, signed_in):
    discussion = chain_at(State.TO_AGREE, placement)
    Allocation.objects.filter(person=world.social_worker, child=world.own_child).update(ends_at=NOW)
    page = text_of(signed_in(world.dhos).get(page_of(discussion)))
    assert f"{world.social_worker} is not in a position to agree the record as Social worker any more." in page
    assert "convenes the four anew: the text is kept" in page


def test_steps_that_do_not_exist_are_not_found(world, placement, signed_in):
    discussion = chain_at(State.AGREED, placement)
    client = signed_in(world.hos)
    assert client.get(page_of(discussion, "convene")).status_code == 404
    assert client.get(page_of(discussion, "delete")).status_code == 404
    assert client.get("/approvals/999999/").status_code == 404
    assert client.post(page_of(discussion)).status_code == 405


def test_where_one_is_under_way_convening_leads_there(world, placement, signed_in):
    discussion = chain_at(State.CONVENED, placement)
    answer = signed_in(world.dhos).get(f"/approvals/convene/{placement.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(discussion))
    sent = said_of(world, CaseDiscussion(placement=placement), "convene")
    answer = signed_in(world.dhos).post(f"/approvals/convene/{placement.pk}/", sent)
    assert answer.status_code == 422
    assert "A case discussion about this arrangement is already under way." in text_of(answer)


# What bad input gets


CONVENING = {
    "in the future": ({"held_at_time": "10:01"}, "The case discussion must have ended: record it when it has"),
    "before the arrangement": ({"held_at_month": "1"}, "The case discussion cannot have ended before the child lived"),
    "no time": ({"held_at_time": ""}, "The date in “When did the case discussion end?” must include a time"),
    "no such day": (
        {"held_at_day": "31", "held_at_month": "2"},
        "The date in “When did the case discussion end?” must be a real date",
    ),
    "nobody of Legal": ({"legal": ""}, "Select the member of Legal"),
    "somebody who cannot be": ({"legal": "99999"}, "Select one of the answers listed"),
}


@pytest.mark.parametrize("wrong", CONVENING)
def test_a_case_discussion_that_cannot_have_been_is_refused_where_it_can_be_mended(world, placement, signed_in, wrong):
    change, says = CONVENING[wrong]
    sent = {**said_of(world, CaseDiscussion(placement=placement), "convene"), **change}
    answer = signed_in(world.dhos).post(f"/approvals/convene/{placement.pk}/", sent)
    assert answer.status_code == 422
    page = text_of(answer)
    assert page.count(says) == 2, "in the summary and at the field"
    assert "Error: " in page
    for name in ("held_at_day", "held_at_month", "held_at_time"):
        assert f'name="{name}" type="text" value="{sent[name]}"' in re.sub(
            r"<input [^>]*>", lambda m: _in_one_order(m[0]), answer.content.decode()
        )
    assert not CaseDiscussion.objects.exists()


def _in_one_order(tag):
    found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
    return f'name="{found.get("name", "")}" type="{found.get("type", "text")}" value="{found.get("value", "")}"'


def test_people_are_filled_in_as_far_as_they_are_known(world, placement, signed_in):
    """Nothing is asked that the system holds: the only worker and the only manager of the team are chosen already."""
    html = signed_in(world.dhos).get(f"/approvals/convene/{placement.pk}/").content.decode()
    for name in ("social_worker", "team_manager"):
        select = re.search(rf'<select name="{name}".*?</select>', html, re.DOTALL)[0]
        assert re.findall(r'value="(\d*)"', select) == [str(getattr(world, name).pk)]


def test_where_nobody_is_allocated_the_page_says_so(world, placement, signed_in):
    Allocation.objects.filter(child=world.own_child, role=Role.SOCIAL_WORKER).update(ends_at=NOW)
    client = signed_in(world.dhos)
    page = text_of(client.get(f"/approvals/convene/{placement.pk}/"))
    assert "Nobody is allocated to this child at the moment: that must be put right first." in page
    sent = {**said_of(world, CaseDiscussion(placement=placement), "convene"), "social_worker": ""}
    answer = client.post(f"/approvals/convene/{placement.pk}/", sent)
    assert "Nobody is allocated to this child: the case discussion needs all four people" in text_of(answer)


WRITTEN = {
    "emoji": "She said \N{SLIGHTLY SMILING FACE} and drew \N{HOUSE BUILDING}.",
    "pasted from Word": "\u201cQuoted\u201d \u2013 en dash\u2026\u00a0hard\u2028line",
    "markup": "<script>alert('x')</script><img src=x onerror=alert(1)> {{ 7|add:7 }} {% now 'Y' %}",
    "other letters": "Zoë Þórðarson, محمد, 中文, שלום",
    "long": "All of it. " * 18_000,
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_people_write_is_kept_as_they_wrote_it(world, placement, signed_in, kind):
    discussion = chain_at(State.CONVENED, placement)
    text = WRITTEN[kind].strip()
    client = signed_in(world.dhos)
    fill(client, discussion, discussion=text)
    assert send_whole(client, discussion).status_code == 302
    assert discussion.version.content["discussion"] == text
    page = client.get(page_of(discussion)).content.decode()
    assert "<script>alert" not in page
    assert "{{ 7" in page or kind != "markup"


def test_lines_are_kept_and_what_the_database_cannot_hold_is_left_out(world, placement, signed_in):
    discussion = chain_at(State.CONVENED, placement)
    client = signed_in(world.dhos)
    fill(client, discussion, discussion="First\r\n\r\nThi\x00rd")
    assert send_whole(client, discussion).status_code == 302
    assert discussion.version.content["discussion"] == "First\n\nThird"


@pytest.mark.parametrize("step", ["send_back", "refuse", "dissent", "withdraw", "feed_back"])
def test_reasons_are_asked_for(world, placement, signed_in, step):
    state = {"dissent": State.APPROVED, "feed_back": State.DISSENTED}.get(step, State.AGREED)
    person = {"dissent": world.service_director, "withdraw": world.dhos}.get(step, world.hos)
    discussion = chain_at(state, placement)
    client = signed_in(person)
    give_password(client)
    answer = client.post(page_of(discussion, step), {"key": key(), "because": " ", "record_changes": "yes"})
    assert answer.status_code == 422
    assert re.search("Enter your reasons|Answer “What did you agree", text_of(answer))
    assert CaseDiscussion.objects.get(pk=discussion.pk).state == state


@pytest.mark.parametrize(
    "sent", [{}, {"key": "x"}, {"key": ""}, {"key": "\x00"}, {"digest": "\x00", "key": str(uuid4())}]
)
def test_a_form_without_what_it_carries_hidden_acts_not(world, placement, signed_in, sent):
    discussion = chain_at(State.TO_AGREE, placement)
    client = signed_in(world.legal)
    give_password(client)
    assert client.post(page_of(discussion, "agree"), sent).status_code == 422
    assert not discussion.signatures_now.exists()


# The password


def test_each_signature_asks_for_the_password_and_keeps_what_was_typed(world, placement, signed_in):
    discussion = chain_at(State.AGREED, placement)
    client = signed_in(world.hos)
    url = page_of(discussion, "send_back")
    asked = client.post(url, said_of(world, discussion, "send_back"))
    assert (asked.status_code, asked.headers["Location"]) == (
        302,
        f"/accounts/reauthenticate/?next={url.replace('/', '%2F')}",
    )
    assert CaseDiscussion.objects.get(pk=discussion.pk).state == State.AGREED
    wrong = client.post(reverse("account_reauthenticate"), {"password": "wrong", "next": url})
    assert wrong.status_code == 200
    assert CaseDiscussion.objects.get(pk=discussion.pk).state == State.AGREED
    done = give_password(client, next=url)
    assert (done.status_code, done.headers["Location"]) == (302, page_of(discussion))
    assert Event.objects.get(act="send_back").because == "Describe the alternatives."


def test_one_password_is_for_one_signature(world, signed_in):
    first = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    second = chain_at(State.AGREED, with_unapproved_relative(world.teams_child))
    client = signed_in(world.hos)
    give_password(client)
    signed = client.post(page_of(first, "approve"), said_of(world, first, "approve"))
    assert signed.headers["Location"] == page_of(first)
    asked = client.post(page_of(second, "approve"), said_of(world, second, "approve"))
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert CaseDiscussion.objects.get(pk=second.pk).state == State.AGREED


def test_signing_in_is_no_signature(world, placement, client):
    discussion = chain_at(State.TO_AGREE, placement)
    client.post(reverse("account_login"), {"login": world.legal.username, "password": PASSWORD})
    asked = client.post(page_of(discussion, "agree"), said_of(world, discussion, "agree"))
    assert asked.headers["Location"].startswith("/accounts/")
    assert not discussion.signatures_now.exists()


@pytest.mark.parametrize(("step", "state"), [("record", State.CONVENED), ("withdraw", State.CONVENED)])
def test_what_is_no_signature_asks_for_no_password(world, placement, signed_in, step, state):
    discussion = chain_at(state, placement)
    client = signed_in(world.dhos)
    if step == "record":
        fill(client, discussion)
    answer = client.post(page_of(discussion, step), said_of(world, discussion, step))
    assert answer.headers["Location"] == page_of(discussion)


def test_a_form_refused_after_the_password_comes_back_filled_and_is_sent_to_its_own_page(world, placement, signed_in):
    """It is answered in place of the password page: without an address of its own it would be sent there."""
    discussion = chain_at(State.AGREED, placement)
    client = signed_in(world.hos)
    url = page_of(discussion, "send_back")
    reasons = "The alternatives, please. " * 20
    client.post(url, {"key": "not a key", "because": reasons})
    answer = give_password(client, next=url)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'action="{url}"' in html
    assert reasons.strip() in html


# Two at the same record


def test_whoever_signs_what_was_changed_since_reads_it_first(world, placement, signed_in):
    discussion = chain_at(State.TO_AGREE, placement)
    sent = said_of(world, discussion, "agree")
    take(discussion, "record", by=world.dhos, content={**CONTENT, "risks": "The dog bites."})
    client = signed_in(world.legal)
    give_password(client)
    answer = client.post(page_of(discussion, "agree"), sent)
    assert answer.status_code == 422
    assert "The record has changed since you opened it. Read it as it now stands." in text_of(answer)
    assert "The dog bites." in text_of(answer)
    assert not discussion.signatures_now.exists()
    shown = dict(re.findall(r'name="(digest|key)" value="([^"]*)"', answer.content.decode()))
    signed = client.post(page_of(discussion, "agree"), shown)
    assert signed.headers["Location"] == page_of(discussion), "what the page shows now can be signed from there"
    assert discussion.signatures_now.get().by == world.legal


@pytest.mark.parametrize("step", ["send_back", "refuse"])
def test_whoever_decides_upon_another_version_is_told_and_the_reasons_are_kept(world, placement, signed_in, step):
    """Typed anew and agreed again while the Head of Service was writing."""
    discussion = chain_at(State.AGREED, placement)
    sent = {**said_of(world, discussion, step), "because": "You asked nobody else."}
    agree_all(world, take(discussion, "record", by=world.dhos, content={**CONTENT, "alternatives": "We asked nine."}))
    client = signed_in(world.hos)
    give_password(client)
    answer = client.post(page_of(discussion, step), sent)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "The record has changed since you opened it" in page
    assert "You asked nobody else." in page
    assert "We asked nine." in page
    assert CaseDiscussion.objects.get(pk=discussion.pk).state == State.AGREED


def test_whoever_has_nothing_to_confirm_with_signs_nothing(world, placement, signed_in, settings):
    """She comes in by the authority's directory: no password here, and no second factor yet."""
    settings.HEARTH_SECOND_FACTOR_REQUIRED = False
    discussion = chain_at(State.TO_AGREE, placement)
    world.legal.set_unusable_password()
    world.legal.save()
    answer = signed_in(world.legal).post(page_of(discussion, "agree"), said_of(world, discussion, "agree"))
    assert answer.status_code == 409
    assert "Set up a second factor under your account, then do it again." in text_of(answer)
    assert not discussion.signatures_now.exists()


def test_a_draft_never_brings_back_the_version_that_one_signs(world, placement, signed_in):
    """What one types is taken up again; what one signs is what the page shows."""
    discussion = chain_at(State.AGREED, placement)
    old = discussion.version.digest
    url = page_of(discussion, "approve")
    content = {"digest": [old], "approved_as": ["interim"]}
    Draft.objects.create(user=world.hos, form=url, content=content, saved_at=NOW)
    discussion = agree_all(world, take(discussion, "record", by=world.dhos))
    html = signed_in(world.hos).get(url).content.decode()
    assert discussion.version.digest in html
    assert old not in html.partition("<form")[2].partition("</form>")[0] or f'value="{old}"' not in html


def test_the_record_of_a_withdrawn_discussion_is_typed_already(world, placement, signed_in):
    discussion = chain_at(State.TO_AGREE, placement)
    take(discussion, "withdraw", by=world.dhos, because="The worker changed.")
    again = convene(world, placement)
    html = signed_in(world.dhos).get(section_url(again, "alternatives")).content.decode()
    assert CONTENT["alternatives"] in html


# Sent twice


@pytest.mark.parametrize("step", ["convene", "record", "withdraw"])
def test_what_is_sent_twice_acts_once_and_gets_its_first_answer(world, placement, signed_in, step):
    discussion = CaseDiscussion(placement=placement) if step == "convene" else chain_at(State.CONVENED, placement)
    url = page_of(discussion, step) if discussion.pk else f"/approvals/convene/{placement.pk}/"
    sent = said_of(world, discussion, step)
    client = signed_in(world.dhos)
    if step == "record":
        fill(client, discussion)
    answers = [client.post(url, sent) for _ in range(3)]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, page_of(CaseDiscussion.objects.get()))
    }
    assert Event.objects.filter(act=step).count() == 1


# What it costs


def versions(world, placement, number):
    """An approval at AGREED with some versions, each agreed by all four, and as many decisions."""
    discussion = chain_at(State.AGREED, placement)
    for n in range(number - 1):
        discussion = take(discussion, "send_back", by=world.hos, because=f"Once more, {n}.")
        discussion = take(discussion, "record", by=world.dhos, content={**CONTENT, "risks": f"Risk {n}."})
        discussion = agree_all(world, discussion)
    return discussion


@pytest.mark.parametrize("name", ["approval", "approve", "send_back", "document"])
def test_the_number_of_queries_does_not_grow_with_versions(world, signed_in, asked, name):
    def queries(child, number):
        discussion = versions(world, with_unapproved_relative(child), number)
        diary.refresh([child.case_file_id], at=NOW)
        url = {"approval": page_of(discussion), "document": f"{page_of(discussion)}record.pdf"}
        client = signed_in(world.hos)
        with asked() as found:
            assert client.get(url.get(name, page_of(discussion, name))).status_code == 200
        return len(found)

    assert queries(world.own_child, 1) == queries(world.a_child(worker=world.social_worker), 5)


def test_signing_costs_the_same_with_a_long_history(world, signed_in, asked, django_capture_on_commit_callbacks):
    """The signature, its event, and the diary's look once it is committed."""

    def queries(number):
        discussion = versions(world, with_unapproved_relative(world.a_child(worker=world.social_worker)), number)
        discussion = take(discussion, "approve", by=world.hos)
        diary.refresh([discussion.case_file_id], at=NOW)
        client = signed_in(world.service_director)
        give_password(client)
        sent = said_of(world, discussion, "sign_off")
        with asked() as found, django_capture_on_commit_callbacks(execute=True):
            assert client.post(page_of(discussion, "sign_off"), sent).headers["Location"] == page_of(discussion)
        return len(found)

    assert queries(1) == queries(5) <= 90


MOST = {"approval": 22, "step": 28, "convene": 29, "document": 16}


def test_no_page_asks_too_much(world, placement, signed_in, asked):
    discussion = chain_at(State.AGREED, placement)
    other = with_unapproved_relative(world.teams_child)
    pages = {
        "approval": (world.hos, page_of(discussion)),
        "step": (world.hos, page_of(discussion, "approve")),
        "convene": (world.dhos, f"/approvals/convene/{other.pk}/"),
        "document": (world.hos, f"{page_of(discussion)}record.pdf"),
    }
    counted = {}
    for name, (person, url) in pages.items():
        client = signed_in(person)
        with asked() as found:
            client.get(url)
        counted[name] = len(found)
    assert all(counted[name] <= MOST[name] for name in MOST), counted


def test_every_page_is_a_reading_of_the_childs_file(world, placement, signed_in):
    discussion = chain_at(State.AGREED, placement)
    other = with_unapproved_relative(world.teams_child)
    for person, url, child in (
        (world.hos, page_of(discussion), world.own_child),
        (world.hos, page_of(discussion, "approve"), world.own_child),
        (world.dhos, f"/approvals/convene/{other.pk}/", world.teams_child),
    ):
        signed_in(person).get(url)
        reading = Reading.objects.latest("pk")
        assert (reading.user, reading.page, reading.case_files) == (person, url, [child.case_file_id])


def test_no_name_stands_in_a_title(world, placement, signed_in):
    for url in (page_of(chain_at(State.AGREED, placement)), f"/approvals/{CaseDiscussion.objects.get().pk}/approve/"):
        html = signed_in(world.hos).get(url).content.decode()
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]
        assert world.own_child.surname not in title
