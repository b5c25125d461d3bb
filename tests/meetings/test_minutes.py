"""Minutes are typed in versions, sealed, and sent round: each gets of them what he or she may read. S4 sections 1 and 2."""

import pytest
from django.db import DatabaseError, connection, transaction

from casework.limits import Days
from casework.meetings.models import Circulation
from casework.meetings.reading import action_as_read, copy_as_read, meeting_as_read
from casework.meetings.states import Kept, MeetingState
from casework.models import OutgoingMail
from casework.steps import NotYet, NotYou
from children.meetings import reads_of
from children.models import ChildUserObjectPermission
from children.permissions import is_in_sight
from tests.factories import NOW, days_before, restricted_to
from tests.meetings.story import SAID

pytestmark = pytest.mark.django_db


def test_each_version_is_sealed_and_stays(story):
    story.minuted()
    first = story.meeting.version
    story.take("minute", by=story.world.team_manager, content={**SAID, "cause": "Bullying."}, digest=first.digest)
    assert [version.number for version in story.meeting.minutes.all()] == [1, 2]
    assert all(version.is_intact for version in story.meeting.minutes.all())
    assert first.digest != story.meeting.version.digest


@pytest.mark.parametrize("table", ["meetings_minutes", "meetings_circulation"])
def test_the_database_changes_no_minutes_and_forgets_nobody_who_got_them(story, table):
    story.sent()
    for act in (f"DELETE FROM {table}", f"UPDATE {table} SET id = 0"):
        with (
            pytest.raises(DatabaseError, match="never changed or removed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(act)


def test_what_reads_as_before_is_no_new_version(story):
    story.minuted()
    with pytest.raises(NotYet, match="nothing new"):
        story.take("minute", by=story.world.team_manager, content=SAID)


def test_whoever_types_upon_an_older_version_is_told(story):
    story.minuted()
    with pytest.raises(NotYet, match="have changed since you opened them"):
        story.take("minute", content={"cause": "Other."}, digest="0" * 64)


def test_only_whoever_runs_the_meeting_types_its_minutes(story):
    story.held()
    for who in ("social_worker", "iro", "legal", "hos"):
        with pytest.raises(NotYou, match="the chair, whoever takes the minutes"):
            story.take("minute", by=getattr(story.world, who), content=SAID)


def test_there_are_no_minutes_of_a_meeting_that_was_not_held(story):
    story.arranged()
    with pytest.raises(NotYet, match="stands at “Arranged”"):
        story.take("minute", content=SAID)


def test_it_is_kept_who_got_which_version_and_when(story):
    story.sent()
    version = story.meeting.version
    story.take("minute", by=story.world.team_manager, content={**SAID, "cause": "Bullying."})
    assert story.meeting.state == MeetingState.MINUTED
    story.sent(to=[story.invitation(story.world.social_worker)], at=NOW)
    got = Circulation.objects.filter(invitation__person=story.world.social_worker)
    assert list(got.values_list("minutes__number", "at")) == [(1, days_before(3)), (2, NOW)]
    assert version.circulations.count() == 5


def test_nobody_gets_the_same_version_twice(story):
    story.sent()
    with pytest.raises(NotYet, match="have this version already"):
        story.sent()
    assert Circulation.objects.count() == 5


def test_they_are_sent_to_somebody(story):
    story.minuted()
    with pytest.raises(NotYet, match="at least one person"):
        story.sent(to=[])


def test_the_minutes_that_go_round_are_those_that_were_read(story):
    story.minuted()
    with pytest.raises(NotYet, match="have changed since you opened them"):
        story.take("circulate", digest="0" * 64, invitations=list(story.meeting.invited))


def test_whoever_may_not_see_the_record_any_more_is_sent_nothing(story):
    story.minuted()
    world = story.world
    named = (world.social_worker, world.service_manager, world.team_manager)
    restricted_to(story.child, *named, since=days_before(4), by=world.service_manager)
    with pytest.raises(NotYet, match="cannot be sent the minutes"):
        story.sent()
    assert not Circulation.objects.exists()


def test_a_copy_goes_to_whoever_was_not_invited(story):
    story.minuted()
    director = story.world.assistant_director
    story.sent(to=[], copies=[director])
    assert Circulation.objects.get().person == director


def test_a_mail_says_that_minutes_are_there_and_nothing_of_them(story):
    story.world.legal.email = "legal@example.org"
    story.world.legal.save()
    story.sent()
    mail = OutgoingMail.objects.filter(subject__contains="minutes").get()
    said = mail.subject + mail.body
    assert "can read" not in said
    assert not any(word in said for word in (story.child.surname, "isruption", *SAID.values()))


def test_whoever_was_let_in_reads_on_for_a_while_after_the_last_action(story, do):
    """28 days (M-08, a local default) from the day on which nothing is open any more."""
    world = story.world
    action = story.agreed(world.legal, days_before(2).date())
    story.sent()
    let_in = ChildUserObjectPermission.objects.in_force(NOW).get(user=world.legal, content_object=story.child)
    assert let_in.ends_at is None
    do(action, "finish", by=world.legal, at=days_before(1), outcome="Sent.")
    ends_at = Days(28).after(days_before(1))
    let_in.refresh_from_db()
    assert let_in.ends_at == ends_at
    assert not is_in_sight(story.child.pk, world.legal, ends_at)


# What each may read


READERS = {
    "service_manager": {Kept.WRITTEN, Kept.LEGAL_ADVICE, Kept.NAMES},
    "social_worker": {Kept.WRITTEN, Kept.LEGAL_ADVICE, Kept.NAMES},
    "iro": {Kept.WRITTEN, Kept.NAMES},
    "placement_service": {Kept.NAMES},
    "legal": {Kept.WRITTEN, Kept.LEGAL_ADVICE, Kept.NAMES},
}


def test_each_reads_of_it_what_the_role_sees(story):
    action = story.agreed(story.world.social_worker, NOW.date(), says="Ask the aunt.")
    story.sent()
    for who, reads in READERS.items():
        reader = getattr(story.world, who)
        assert reads_of(story.child, reader, NOW) == reads, who
        read = str(meeting_as_read(story.meeting, reads, at=NOW, by=reader))
        read += str(action_as_read(action, reads, NOW))
        assert (SAID["cause"] in read) == (Kept.WRITTEN in reads), who
        assert ("Ask the aunt." in read) == (Kept.WRITTEN in reads), who
        assert (SAID["legal_advice"] in read) == (Kept.LEGAL_ADVICE in reads), who
        assert ("Okafor" in read) == (Kept.NAMES in reads), who
        assert ("Room 4" in read) == (Kept.NAMES in reads), who


def test_who_may_not_read_where_it_is_nor_who_comes_does_not(story):
    story.sent()
    read = str(meeting_as_read(story.meeting, frozenset({Kept.WRITTEN}), at=NOW, by=story.world.health))
    assert "Okafor" not in read
    assert "Room 4" not in read
    assert "Foster carer" in read


def test_a_copy_for_somebody_from_outside_never_holds_legal_advice_nor_what_was_kept_back(story):
    story.agreed(story.world.social_worker, NOW.date(), says="Ask the aunt.")
    story.agreed("Amara Okafor", NOW.date(), says="Bring the bicycle.")
    story.minuted()
    story.sent(without=["learning"])
    read = copy_as_read(Circulation.objects.get(invitation__name="Amara Okafor"), at=NOW)
    assert [part.label for part in read["parts"]] == ["Why the child had to leave"]
    assert [row["says"] for row in read["agreed"]] == ["Bring the bicycle."]
    assert SAID["legal_advice"] not in str(read)


def test_a_copy_names_nobody_else_from_outside(story):
    story.arranged(outsiders=[("Amara Okafor", "Foster carer"), ("Jo Bell", "Father")])
    story.sent()
    read = copy_as_read(Circulation.objects.get(invitation__name="Jo Bell"), at=NOW)
    assert "Okafor" not in str(read["people"])
