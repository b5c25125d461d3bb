"""What a form asks of the provider is owed once it is complete; what earlier visits left open comes forward. S3 L131."""

from datetime import date, timedelta

import pytest

from casework.models import Event
from casework.steps import NotYet, carry_out
from tests.approvals.steps import text_of
from tests.factories import NOW, days_before, in_childrens_home
from tests.visits.filling import ACTION, begun_on_a_visit, completed, content_of, in_days, section_url
from visits.models import ProviderAction, VisitingForm
from visits.states import ActionState
from visits.visiting_forms import actions
from visits.visiting_forms.asked import EARLIER

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(world):
    return in_childrens_home(world.own_child)


@pytest.fixture
def last_visit(home):
    """A complete form of ten days ago that asks for a window to be mended."""
    form = begun_on_a_visit(home, on=days_before(10))
    return completed(form, at=days_before(9), actions=[{**ACTION, "due_on": in_days(-2)}])


@pytest.fixture
def window(last_visit):
    return ProviderAction.objects.get()


@pytest.fixture
def form(last_visit, home):
    return begun_on_a_visit(home)


def said_of(action, stands="", **more):
    row = {"of": str(action.pk), "said": action.says, "saw": "", "by_day": "", "stands": stands}
    return {EARLIER: [{**row, **more}]}


def of(action):
    return ProviderAction.objects.get(pk=action.pk)


def test_what_a_complete_form_asks_of_the_provider_is_owed(form):
    completed(form, actions=[ACTION, {**ACTION, "what": "Buy a bed."}])
    owed = ProviderAction.objects.filter(form=form)
    assert {(each.says, each.owner, each.state) for each in owed} == {
        ("Mend the window.", "Mr Hill, manager", ActionState.OPEN),
        ("Buy a bed.", "Mr Hill, manager", ActionState.OPEN),
    }
    assert {each.due_on for each in owed} == {date(2026, 3, 16)}


def test_a_form_that_is_not_complete_asks_nothing(form):
    assert not ProviderAction.objects.filter(form=form).exists()


def test_what_is_open_from_earlier_visits_stands_in_the_form_by_itself(world, signed_in, form, window):
    page = text_of(signed_in(world.social_worker).get(section_url(form, "purpose")))
    assert "Mend the window." in page
    assert "Mr Hill, manager, by 7 March 2026. Asked for at the visit of 27 February 2026." in page


def test_what_is_open_in_another_home_or_for_another_child_does_not(world, form, window):
    other = begun_on_a_visit(in_childrens_home(world.teams_child))
    assert [each.pk for each in actions.left_open(form)] == [window.pk]
    assert not actions.left_open(other)
    moved = begun_on_a_visit(in_childrens_home(world.own_child, since=days_before(1)))
    assert not actions.left_open(moved)


def test_left_open_it_stays_open(form, window):
    completed(form, **said_of(window, ""))
    assert of(window).state == ActionState.OPEN
    assert of(window).reminded_at is None


def test_what_was_seen_done_is_done(form, window):
    completed(form, **said_of(window, "done", saw="The window shuts."))
    assert (of(window).state, of(window).outcome) == (ActionState.DONE, "The window shuts.")
    assert Event.objects.get(act="finish").because == "The window shuts."


def test_a_reminder_another_day_and_no_need_are_carried_out(home, form, window):
    completed(form, **said_of(window, "reminded"))
    assert of(window).reminded_at == NOW
    later = begun_on_a_visit(home, on=NOW - timedelta(hours=1))
    completed(later, **said_of(window, "postponed", saw="Glass is ordered.", by_day=in_days(5)))
    assert of(window).due_on == date(2026, 3, 14)
    last = begun_on_a_visit(home, on=NOW - timedelta(minutes=30))
    completed(last, **said_of(window, "dropped", saw="The child has another room."))
    assert of(window).state == ActionState.NOT_NEEDED


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"stands": "done"}, "Mend the window.: “How do you know?” is not answered."),
        ({"stands": "postponed", "saw": "Glass."}, "Mend the window.: “By when now?” is not answered."),
    ],
)
def test_what_is_said_of_it_is_said_whole(form, window, answer, says):
    with pytest.raises(NotYet) as refused:
        completed(form, **said_of(window, **answer))
    assert refused.value.sentences == [says]
    assert of(window).state == ActionState.OPEN


def test_what_was_done_by_somebody_else_meanwhile_is_not_undone(form, window):
    carry_out(window.finish, by=form.author, at=NOW, outcome="Seen on Sunday.", because="Seen on Sunday.")
    completed(form, **said_of(window, "dropped", saw="Not needed."))
    assert (of(window).state, of(window).outcome) == (ActionState.DONE, "Seen on Sunday.")


def test_what_is_asked_again_in_the_same_words_is_owed_once(form, window):
    completed(form, actions=[ACTION])
    assert of(window).state == ActionState.NOT_NEEDED
    assert [each.form for each in ProviderAction.objects.open()] == [form]


def test_a_further_version_changes_what_is_owed_by_what_it_changes(form):
    kept, gone = ACTION, {**ACTION, "what": "Buy a bed."}
    completed(form, actions=[kept, gone])
    changed = {**kept, "due_on": in_days(20), "owner": "Ms Lane"}
    completed(VisitingForm.objects.get(pk=form.pk), actions=[changed, {**ACTION, "what": "Paint it."}])
    found = {each.says: each for each in ProviderAction.objects.filter(form=form)}
    assert len(found) == 3
    assert (found["Mend the window."].due_on, found["Mend the window."].owner) == (date(2026, 3, 29), "Ms Lane")
    assert found["Buy a bed."].state == ActionState.NOT_NEEDED
    assert found["Paint it."].state == ActionState.OPEN


def test_a_further_version_does_not_remind_again(form, window):
    completed(form, **said_of(window, "reminded"))
    again = VisitingForm.objects.get(pk=form.pk)
    completed(again, at=NOW + timedelta(hours=1), bedroom="Cold.", **said_of(window, "reminded"))
    assert of(window).reminded_at == NOW


def test_what_was_answered_before_stands_in_the_further_version(world, signed_in, form, window):
    completed(form, **said_of(window, "done", saw="The window shuts."))
    page = signed_in(world.social_worker).get(section_url(form, "purpose"))
    assert "The window shuts." in text_of(page)
    assert page.context["form"][f"earlier_{window.pk}_stands"].value() == "done"


def test_a_stale_version_is_refused_at_the_door(form):
    completed(form)
    with pytest.raises(NotYet, match="Somebody else has sent this form"):
        carry_out(form.complete, by=form.author, at=NOW, content=content_of(form), digest="")


def test_worries_and_the_line_manager_stand_on_the_form(form):
    completed(form, worried="yes", concerns="Bruises.", concerns_done="I rang the manager.", to_manager="yes")
    form = VisitingForm.objects.get(pk=form.pk)
    assert (form.has_concerns, form.to_line_manager) == (True, True)
    completed(form, worried="no")
    form = VisitingForm.objects.get(pk=form.pk)
    assert (form.has_concerns, form.to_line_manager) == (False, False)
