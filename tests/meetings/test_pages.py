"""The pages of meetings: a person plans, records, minutes, sends round and follows up, and every answer is a sentence."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from pypdf import PdfReader

from accounts.roles import Role
from casework import diary
from casework.meetings.models import Action, Circulation, Meeting
from casework.meetings.states import ActionState, MeetingState
from casework.models import Reading
from tests.factories import NOW, a, days_before, restricted_to
from tests.meetings.story import CARER, DISRUPTION, SAID

pytestmark = pytest.mark.django_db
TAGS = re.compile(r"<[^>]+>|\s+")
BEFORE = days_before(6)


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", answer.content.decode())))


def page_of(meeting, step=""):
    return f"/meetings/{meeting.pk}/{step}{'/' if step else ''}"


@pytest.fixture
def arranging(story):
    """The page on which the disruption meeting is arranged, and what is typed there."""
    world = story.world
    answers = {
        "starts_at": BEFORE,
        "lasts": "60",
        "place": "Room 4",
        "chair": f"service_manager:{world.service_manager.pk}",
        "seat_social_worker": str(world.social_worker.pk),
        "seat_legal": str(world.legal.pk),
        "outsiders": "Amara Okafor, foster carer\n\n  Jo  Bell , father, of the child",
        "agenda": "Belongings",
    }
    return f"/meetings/arrange/{DISRUPTION.code}/{story.child.case_file_id}/", answers


def test_a_meeting_goes_its_whole_way_over_the_pages(story, arranging, signed_in, send):
    world, (address, answers) = story.world, arranging
    assert send(signed_in(world.social_worker), address, **answers).status_code == 302
    meeting = Meeting.objects.get()
    assert {each.described for each in meeting.invited if not each.person_id} == {
        CARER,
        ("Jo Bell", "Father, of the child"),
    }
    chair = signed_in(world.service_manager)
    came = {f"came_{each.pk}": "yes" for each in meeting.invited}
    send(chair, page_of(meeting, "hold"), ended_at=BEFORE + timedelta(hours=1), **came)
    send(chair, page_of(meeting, "minute"), **SAID, added_1="All are here.")
    owner = meeting.invited.get(person=world.social_worker).pk
    send(chair, page_of(meeting, "agree"), says="Bring the bicycle.", owner=owner, due_on=NOW.date())
    digest = meeting.version.digest
    everybody = [each.pk for each in meeting.invited]
    send(chair, page_of(meeting, "circulate"), digest=digest, invitations=everybody, without=["learning"])
    assert Meeting.objects.get().state == MeetingState.CIRCULATED
    read = text_of(chair.get(page_of(meeting)))
    for said in (
        *SAID.values(),
        "All are here.",
        "Bring the bicycle.",
        "Amara Okafor",
        "Minutes sent round",
        "version 1",
    ):
        assert said in read
    action = Action.objects.get()
    send(signed_in(world.social_worker), f"/meetings/actions/{action.pk}/finish/", outcome="It is here.")
    assert Action.objects.get().state == ActionState.DONE
    assert "It is here." in text_of(chair.get(f"/meetings/actions/{action.pk}/"))


def test_sending_it_twice_arranges_one_meeting(story, arranging, signed_in, send):
    client, (address, answers) = signed_in(story.world.social_worker), arranging
    key = "5e3f0b9c-9a55-4f0e-9d6e-0d6f3b1f2a11"
    first, second = (send(client, address, key=key, **answers) for _ in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Meeting.objects.count() == 1


WRONG = {
    "no comma": ({"outsiders": "Jo Bell"}, "“Jo Bell” must have a name, a comma, and who that is"),
    "a provider": ({"outsiders": "Sam Hill, provider"}, "Sam Hill: a provider is never invited to this meeting."),
    "a long line": ({"agenda": "x" * 201}, "Each line must be 200 characters or fewer"),
    "no day": ({"starts_at_day": "31", "starts_at_month": "2"}, "must be a real date"),
    "somebody else": ({"seat_legal": "999999"}, "Select one of the answers listed"),
    "nobody who must come": ({"seat_social_worker": ""}, "social worker"),
    "a stranger takes the minutes": ({"minute_taker": "x"}, "Select one of the answers listed"),
}


def test_what_cannot_be_arranged_comes_back_with_a_sentence_and_every_word(story, arranging, signed_in, send):
    client, (address, answers) = signed_in(story.world.social_worker), arranging
    for name, (wrong, says) in WRONG.items():
        typed = {**answers, **wrong}
        if "starts_at_day" in wrong:
            del typed["starts_at"]
            typed |= {"starts_at_year": "2026", "starts_at_time": "10:00"}
        answer = send(client, address, **typed)
        assert answer.status_code == 422, name
        assert says in text_of(answer), name
        assert "Room 4" in answer.content.decode(), name
    assert not Meeting.objects.exists()


def test_of_a_restricted_record_only_those_named_on_it_are_offered(story, arranging, signed_in, send):
    world, (address, answers) = story.world, arranging
    restricted_to(story.child, world.social_worker, world.service_manager, by=world.service_manager)
    client = signed_in(world.social_worker)
    page = client.get(address).content.decode()
    offered = {name for name in ("legal", "iro", "team_manager", "social_worker") if f'name="seat_{name}"' in page}
    assert offered == {"social_worker"}
    answers.pop("seat_legal")
    assert send(client, address, **answers).status_code == 302


def test_whoever_takes_the_minutes_must_be_invited(story, arranging, signed_in, send):
    client, (address, answers) = signed_in(story.world.social_worker), arranging
    answer = send(client, address, **answers, minute_taker=str(story.world.team_manager.pk))
    assert "Whoever takes the minutes must be invited too" in text_of(answer)


def test_whoever_may_not_arrange_it_is_told_who_can(story, arranging, signed_in):
    answer = signed_in(story.world.iro).get(arranging[0])
    assert answer.status_code == 403
    assert "Only the Service manager or Social worker of this case can do this." in text_of(answer)


def test_an_unknown_kind_or_a_kind_about_something_else_is_nowhere(story, signed_in):
    client = signed_in(story.world.social_worker)
    file = story.child.case_file_id
    for address in (f"none/{file}", f"case_discussion/{file}", f"{DISRUPTION.code}/{file}/1", f"{DISRUPTION.code}/0"):
        assert client.get(f"/meetings/arrange/{address}/").status_code == 404, address


def test_the_plan_is_changed_from_what_was_planned(story, signed_in, send, arranging):
    story.arranged()
    chair = signed_in(story.world.service_manager)
    shown = chair.get(page_of(story.meeting, "rearrange")).content.decode()
    assert "Amara Okafor, Foster carer" in shown
    assert "Belongings" in shown
    answers = {**arranging[1], "outsiders": "", "place": "Room 5", "seen": 0}
    assert send(chair, page_of(story.meeting, "rearrange"), **answers).status_code == 302
    changed = Meeting.objects.get()
    assert (changed.place, changed.times_changed) == ("Room 5", 1)
    assert not changed.invited.filter(person=None).exists()


def test_a_plan_that_somebody_else_changed_meanwhile_is_not_written_over_unread(story, signed_in, send, arranging):
    story.arranged()
    chair = signed_in(story.world.service_manager)
    story.take("rearrange", at=days_before(7), seen=0, **story.plan(place="Room 5"))
    answers = {**arranging[1], "place": "Room 6"}
    refused = send(chair, page_of(story.meeting, "rearrange"), **answers, seen=0)
    assert refused.status_code == 422
    assert (
        "Somebody has changed the plan since you opened it: it is now on 3 March 2026 at 10:00, Room 5." in refused.text
    )
    assert "Room 6" in refused.text, "what was typed is kept"
    assert refused.context["form"]["seen"].value() == 1
    assert send(chair, page_of(story.meeting, "rearrange"), **answers, seen=1).status_code == 302
    assert Meeting.objects.get().place == "Room 6"


def test_minutes_typed_at_the_same_time_are_both_kept(story, signed_in, send):
    story.minuted()
    before = story.meeting.version.digest
    story.take("minute", by=story.world.team_manager, content={**SAID, "cause": "Bullying."})
    chair = signed_in(story.world.service_manager)
    answer = send(chair, page_of(story.meeting, "minute"), digest=before, cause="The bus was late.")
    assert answer.status_code == 422
    assert "typed version 2 while you were writing" in text_of(answer)
    assert "The bus was late." in text_of(answer)
    assert "Bullying." in text_of(answer)


def test_whoever_types_without_seeing_legal_advice_leaves_it_as_it_was(story, signed_in, send):
    world = story.world
    story.arranged(people=[*story.plan()["people"], (Role.IRO, world.iro)], minute_taker=world.iro)
    story.minuted(by=world.service_manager)
    iro = signed_in(world.iro)
    page = iro.get(page_of(story.meeting, "minute")).content.decode()
    assert SAID["legal_advice"] not in page
    send(iro, page_of(story.meeting, "minute"), digest=story.meeting.version.digest, cause="Bullying.", learning="-")
    content = Meeting.objects.get().version.content
    assert (content["cause"], content["legal_advice"]) == ("Bullying.", SAID["legal_advice"])


def test_long_pasted_text_with_every_kind_of_sign_is_kept(story, signed_in, send):
    story.held()
    text = "“Zoë’s”\x00 – 👩‍👧 " + "word " * 30_000
    answer = send(signed_in(story.world.service_manager), page_of(story.meeting, "minute"), cause=text)
    assert answer.status_code == 302
    assert Meeting.objects.get().version.content["cause"].startswith("“Zoë’s” – 👩‍👧 word")


def test_the_buttons_are_the_steps_that_this_person_can_take_now(story, signed_in):
    story.minuted()
    chair, iro = signed_in(story.world.service_manager), signed_in(story.world.iro)
    assert "Send the minutes round</a>" in chair.get(page_of(story.meeting)).content.decode()
    assert "Add an action" in text_of(chair.get(page_of(story.meeting)))
    read = iro.get(page_of(story.meeting)).content.decode()
    assert "Send the minutes round</a>" not in read
    assert "Add an action" not in read


def test_legal_advice_is_on_no_page_and_in_no_document_of_whoever_may_not_see_it(story, signed_in):
    story.sent()
    iro = signed_in(story.world.iro)
    page = text_of(iro.get(page_of(story.meeting)))
    assert SAID["legal_advice"] not in page
    assert "Withheld: only those entitled to legal advice see it." in page
    assert SAID["legal_advice"] not in text_of_pdf(iro.get(page_of(story.meeting) + "minutes.pdf"))
    assert SAID["legal_advice"] in text_of_pdf(signed_in(story.world.legal).get(page_of(story.meeting) + "minutes.pdf"))


def text_of_pdf(answer):
    reader = PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_copy_is_made_for_its_recipient_and_only_by_whoever_runs_the_meeting(story, signed_in):
    story.agreed("Amara Okafor", NOW.date(), says="Bring the bicycle.")
    story.minuted()
    story.sent(without=["learning"])
    copy = Circulation.objects.get(invitation__person=None)
    address = f"/meetings/copies/{copy.pk}.pdf"
    assert signed_in(story.world.iro).get(address).status_code == 403
    assert signed_in(story.world.elsewhere(Role.SERVICE_MANAGER)).get(address).status_code == 404
    said = text_of_pdf(signed_in(story.world.team_manager).get(address))
    assert "Made for Amara Okafor (Foster carer)" in said
    assert "Bring the bicycle." in said
    assert not any(kept in said for kept in (SAID["learning"], SAID["legal_advice"], "Room 4"))
    others = Circulation.objects.exclude(pk=copy.pk).first()
    assert signed_in(story.world.team_manager).get(f"/meetings/copies/{others.pk}.pdf").status_code == 404


def test_the_calendar_entry_names_nobody(story, signed_in):
    story.arranged()
    story.take("rearrange", at=days_before(7), seen=0, **story.plan(place="Room 5"))
    answer = signed_in(story.world.legal).get(page_of(story.meeting) + "meeting.ics")
    entry = answer.content.decode()
    assert entry.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART:20260303T100000Z\r\n" in entry
    assert "SEQUENCE:1\r\n" in entry
    child = story.child
    told = (
        child.surname,
        child.forename,
        child.reference,
        "Okafor",
        "Room 5",
        "isruption",
        story.world.legal.last_name,
    )
    assert [word for word in told if word in entry] == []
    story.take("call_off", at=days_before(6), because="Ill.")
    assert "STATUS:CANCELLED" in signed_in(story.world.social_worker).get(answer.request["PATH_INFO"]).content.decode()


def test_every_page_is_a_reading_of_the_childs_file(story, signed_in):
    action = story.agreed(story.world.social_worker, NOW.date())
    story.minuted()
    story.sent()
    client = signed_in(story.world.service_manager)
    copy = Circulation.objects.get(invitation__person=None).pk
    ways = ("", "minutes.pdf", "agree/", "minute/")
    pages = [f"/meetings/{story.meeting.pk}/{way}" for way in ways]
    for address in (*pages, f"/meetings/actions/{action.pk}/", f"/meetings/copies/{copy}.pdf"):
        assert client.get(address).status_code == 200, address
        assert Reading.objects.filter(page=address, case_files=[story.child.case_file_id]).exists(), address


def test_the_childs_page_lists_its_meetings_and_what_is_to_be_done(story, signed_in):
    story.agreed(story.world.social_worker, NOW.date())
    read = text_of(signed_in(story.world.social_worker).get(f"/children/{story.child.pk}/"))
    assert "Disruption meeting of 3 March 2026" in read
    assert "Held; 1 action to be done" in read
    assert "Arrange a disruption meeting" in read
    assert "Arrange a disruption meeting" not in text_of(signed_in(story.world.iro).get(f"/children/{story.child.pk}/"))


def test_my_work_leads_to_what_was_agreed(story, signed_in):
    action = story.agreed(story.world.social_worker, NOW.date())
    diary.refresh([story.child.case_file_id], at=NOW)
    client = signed_in(story.world.social_worker)
    page = client.get("/").content.decode()
    assert "Do what was agreed" in page
    duty = re.search(r'href="(/duties/\d+/)"[^>]*>Do what was agreed', page)[1]
    assert client.get(duty)["Location"] == f"/meetings/actions/{action.pk}/"


def asked_by(asked, client, address):
    with asked() as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_page_asks_as_much_however_many_came_and_whatever_was_agreed(story, signed_in, asked):
    story.agreed(story.world.social_worker, NOW.date())
    story.minuted()
    story.sent()
    client = signed_in(story.world.service_manager)
    client.get(page_of(story.meeting))
    one = asked_by(asked, client, page_of(story.meeting))
    for number in range(9):
        story.meeting.bring_in([], [(f"Cousin {number}", "Cousin")], NOW, came="yes")
        story.agreed(f"Cousin {number}", NOW.date())
    newer = a(Role.IRO)
    story.take("minute", at=NOW, by=story.world.team_manager, content={**SAID, "cause": f"Told by {newer}."})
    story.sent(at=NOW)
    assert asked_by(asked, client, page_of(story.meeting)) == one
    assert one <= 24


def test_the_page_says_who_has_read_the_minutes_and_who_has_not(story, signed_in):
    story.sent(at=NOW - timedelta(minutes=1))
    chair, legal = story.world.service_manager, story.world.legal
    signed_in(legal).get(page_of(story.meeting))
    page = signed_in(chair).get(page_of(story.meeting))
    read = {row["to"]: row["read_at"] is not None for row in page.context["sent"] if row["signs_in"]}
    assert read == {
        f"{legal} (Legal)": True,
        f"{chair} (Service manager)": False,
        f"{story.world.social_worker} (Social worker)": False,
        f"{story.world.team_manager} (Team manager)": False,
    }
    assert text_of(page).count("not read yet") == 3, "of the foster carer, who does not sign in, nobody knows"
