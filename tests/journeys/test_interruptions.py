"""Twelve interruptions come over somebody who types into each of five forms: nothing typed two seconds before is lost.

Design: quality.md, "Nothing lost, nothing doubled". What was typed is looked for where its author would: in the form, opened
again. Each text is typed on, so that the last look finds whatever was typed before any of them.
"""

import contextlib
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, expect

from casework.meetings import kind as kinds
from casework.meetings.kind import declare
from casework.models import Draft
from casework.once import KEY
from tests.factories import chain_at, days_before, in_childrens_home, visited, with_unapproved_relative
from tests.journeys.line import Line
from tests.journeys.walking import PHONE, sign_in
from tests.meetings.story import DISRUPTION, Story
from tests.visits.filling import begun, section_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IS_KEPT = """async word => {
    const open = await new Promise(resolve => {
        const opening = indexedDB.open('hearth');
        opening.onsuccess = () => resolve(opening.result);
    });
    const all = store => new Promise(resolve => {
        const asked = open.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => resolve(asked.result);
    });
    const [keys, kept] = [await all('keys'), await all('kept')];
    open.close();
    for (const {person, iv, sealed} of kept) {
        const how = {name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(person)};
        const plain = await crypto.subtle.decrypt(how, keys.find(each => each.person === person).key, sealed);
        if (new TextDecoder().decode(plain).includes(word)) return true;
    }
    return false;
}"""
FULL_DISK = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON casework_draft EXECUTE FUNCTION full_disk();
"""
ROOM_AGAIN = "DROP TRIGGER full_disk ON casework_draft; DROP FUNCTION full_disk()"


# The forms, each with whoever types into it


def of_a_visit(world):
    home = with_unapproved_relative(world.own_child, since=days_before(20, at=world.at))
    return world.social_worker, reverse("visits:record", args=[home.pk])


def of_a_correction(world):
    home = with_unapproved_relative(world.own_child, since=days_before(20, at=world.at))
    return world.social_worker, reverse("placements:correct_placement", args=[home.pk])


def of_a_section(world):
    home = with_unapproved_relative(world.own_child, since=days_before(20, at=world.at))
    discussion = chain_at("convened", home, held_at=days_before(2, at=world.at))
    return world.dhos, reverse("approvals:record_section", args=[discussion.pk, "risks"])


def of_a_visiting_form(world):
    home = in_childrens_home(world.own_child, since=days_before(50, at=world.at))
    form = begun(visited(home, days_before(1, at=world.at)), at=world.at)
    return world.social_worker, section_url(form, "home")


def of_minutes(world):
    declare((DISRUPTION,))
    story, starts_at = Story(world), days_before(6, at=world.at)
    story.arranged(at=days_before(8, at=world.at), starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    story.held()
    return world.team_manager, reverse("meetings:take", args=[story.meeting.pk, "minute"])


FORMS = [of_a_visit, of_a_correction, of_a_section, of_a_visiting_form, of_minutes]


class Typist:
    """Somebody with a phone, who types on in one form whatever happens."""

    def __init__(self, playwright, launch_args, folder, live_server, world, person, form):
        self.playwright, self.launch_args, self.folder = playwright, launch_args, folder
        self.world, self.person, self.form = world, person, form
        self.line = Line(live_server.url)
        self.words = []
        self.start()

    def start(self):
        """Take up the phone."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, **self.launch_args, base_url=self.line.url, viewport=PHONE, locale="en-GB"
        )
        self.page = self.context.pages[0]
        self.page.goto("/")
        if self.page.get_by_label("Password").is_visible():
            sign_in(self.page, self.person)
        self.open()

    def open(self):
        """Open the form."""
        self.page.goto(self.form)
        self.box.wait_for()

    @property
    def box(self):
        """Where one writes."""
        return self.page.locator("main form[data-autosave] textarea:visible").first

    def type(self, word):
        """Type on; two seconds later it is kept here, or the server has it."""
        self.words.append(word)
        self.box.press("Control+End")
        self.box.press_sequentially(f"{word} ")
        until(lambda: self.page.evaluate(IS_KEPT, word) or self.is_with_server(word))

    def is_with_server(self, word):
        """Is it a draft there?"""
        return any(word in str(draft.content) for draft in Draft.objects.filter(user=self.person))

    @property
    def browser(self):
        """The browser's own process."""
        return int(str(Path(self.folder, "SingletonLock").readlink()).rsplit("-", 1)[1])

    def another_tab(self):
        """The tab is gone; another one opens."""
        gone, self.page = self.page, self.context.new_page()
        gone.close(run_before_unload=False)

    def finds_all(self):
        """The form is opened again and holds every word."""
        self.open()
        self.holds_all()

    def holds_all(self):
        """The form, as it stands, holds every word."""
        expect(self.box).to_have_value(" ".join([*self.words, ""]))

    def end(self):
        """Put the phone away."""
        with contextlib.suppress(Error):
            self.context.close()
        self.line.close()


# The interruptions


def the_session_expires(typist):
    Session.objects.all().delete()
    typist.type("expiry")
    typist.another_tab()
    sign_in(typist.page, typist.person)
    typist.finds_all()


def it_goes_offline(typist):
    typist.line.cut()
    typist.type("offline")
    typist.another_tab()
    typist.line.mend()
    typist.finds_all()


def it_is_loaded_anew(typist):
    typist.type("reload")
    typist.page.reload()
    typist.holds_all()


def back(typist):
    typist.type("back")
    typist.page.goto("/procedures/")
    typist.page.go_back()
    typist.holds_all()


def the_tab_is_killed(typist):
    typist.line.cut()
    typist.type("tab")
    with contextlib.suppress(Error):
        typist.page.goto("chrome://crash", timeout=5000)
    typist.line.mend()
    typist.another_tab()
    typist.finds_all()


def the_browser_is_killed(typist):
    typist.line.cut()
    typist.type("browser")
    with contextlib.suppress(Error), typist.context.expect_event("close"):
        os.kill(typist.browser, signal.SIGKILL)
    for lock in Path(typist.folder).glob("Singleton*"):
        lock.unlink()
    typist.line.mend()
    typist.start()
    typist.holds_all()


def the_server_fails(typist):
    typist.line.fails = True
    typist.type("error")
    typist.line.mend()
    typist.another_tab()
    typist.finds_all()


def a_new_version_is_deployed(typist):
    typist.line.cut()
    typist.type("deploy")
    typist.line.mend()
    typist.page.evaluate("window.dispatchEvent(new Event('online'))")
    until(lambda: typist.is_with_server("deploy"))
    typist.finds_all()


def somebody_else_types_into_it(typist):
    typist.type("another")
    content = {"account": ["Of somebody else."], KEY: [""]}
    Draft.objects.create(user=typist.world.hos, form=typist.form, content=content, saved_at=timezone.now())
    typist.page.reload()
    typist.holds_all()
    assert Draft.objects.get(user=typist.world.hos).content == content


def the_role_is_lost(typist):
    held = list(typist.person.appointments.all())
    typist.person.appointments.update(ends_at=timezone.now())
    typist.type("role")
    with contextlib.suppress(Error):
        typist.page.goto(typist.form)
    for one in held:
        one.save()
    typist.another_tab()
    sign_in(typist.page, typist.person)  # a change of roles has ended the session
    typist.finds_all()


def the_disk_of_the_server_is_full(typist):
    with connection.cursor() as cursor:
        cursor.execute(FULL_DISK)
        try:
            typist.type("disk")
        finally:
            cursor.execute(ROOM_AGAIN)
    typist.another_tab()
    typist.finds_all()


def it_is_typed_on_a_second_device(typist):
    before = " ".join([*typist.words, ""])
    until(lambda: Draft.objects.filter(user=typist.person).exists())
    typist.line.cut()
    typist.type("here")
    draft = Draft.objects.get(user=typist.person, form=typist.form)
    for values in draft.content.values():
        values[:] = [value.replace(before.strip(), f"{before}there") for value in values]
    draft.typed_in, draft.saved_at = "desk", timezone.now()
    draft.save()
    typist.line.mend()
    typist.page.evaluate("window.dispatchEvent(new Event('online'))")
    both = typist.page.get_by_role("region", name="Two texts")
    expect(both.get_by_text(f"{before}here").first).to_be_visible()
    expect(both.get_by_text(f"{before}there").first).to_be_visible()
    typist.holds_all()


INTERRUPTIONS = [
    the_session_expires,
    it_goes_offline,
    it_is_loaded_anew,
    back,
    the_tab_is_killed,
    the_server_fails,
    a_new_version_is_deployed,
    somebody_else_types_into_it,
    the_role_is_lost,
    the_disk_of_the_server_is_full,
    the_browser_is_killed,
    it_is_typed_on_a_second_device,
]


@pytest.fixture
def declared():
    """What a form declares for itself goes with the test."""
    yield
    kinds._kinds.pop(DISRUPTION.code, None)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_nothing_typed_is_lost_to_twelve_interruptions(
    form, playwright, browser_type_launch_args, tmp_path, live_server, world_today, declared
):
    person, address = form(world_today)
    typist = Typist(
        playwright, browser_type_launch_args, tmp_path / "browser", live_server, world_today, person, address
    )
    try:
        for interruption in INTERRUPTIONS:
            interruption(typist)
    finally:
        typist.end()


def until(is_so, seconds=20):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
