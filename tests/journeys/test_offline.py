"""A social worker spends a day where there is no signal: what is typed there is sealed, stays, and is sent once.

Design: quality.md, "Nothing lost, nothing doubled" and "Who may see what".
"""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from casework.models import Draft
from tests.factories import days_before, with_unapproved_relative
from tests.journeys.line import Line
from tests.journeys.test_interruptions import IS_KEPT
from tests.journeys.walking import PHONE, assert_accessible, sign_in
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "CANARY-7f3a: she hid a letter to her mother under the mattress."
ONLY_HERE = "Kept on this device, not sent yet"


@pytest.fixture
def line(live_server):
    """The phone's connection."""
    line = Line(live_server.url)
    yield line
    line.close()


@pytest.fixture
def browser_context_args(browser_context_args, line):
    """A phone of 360 pixels that is touched."""
    return browser_context_args | {"viewport": PHONE, "has_touch": True, "is_mobile": True, "base_url": line.url}


@pytest.fixture
def world(world_today):
    """Three children live with relatives, and one social worker visits them."""
    world = world_today
    world.visited = [world.own_child, *(world.a_child(worker=world.social_worker) for _ in range(2))]
    for child in world.visited:
        with_unapproved_relative(child, since=days_before(20, at=world.at))
    return world


@pytest.fixture
def desk(browser, live_server, world):
    """The same person's computer, with a connection of its own."""
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    sign_in(page, world.social_worker)
    yield page
    context.close()


@pytest.fixture
def phone(page, world):
    """My work on a phone that has taken along what it needs."""
    sign_in(page, world.social_worker)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function(KEPT_ALONG)
    return page


KEPT_ALONG = """() => new Promise(resolve => {
    const opening = indexedDB.open('hearth');
    opening.onsuccess = () => {
        const asked = opening.result.transaction('along').objectStore('along').count();
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result > 0); };
    };
})"""
ALL_THAT_IS_STORED = """async () => {
    const shown = [];
    const open = await new Promise(resolve => {
        const opening = indexedDB.open('hearth');
        opening.onsuccess = () => resolve(opening.result);
    });
    const text = bytes => new TextDecoder('latin1').decode(bytes) + new TextDecoder('utf-16').decode(bytes);
    for (const store of open.objectStoreNames) {
        const rows = await new Promise(resolve => {
            const asked = open.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => resolve(asked.result);
        });
        for (const row of rows) for (const [name, value] of Object.entries(row)) {
            if (value instanceof CryptoKey) shown.push(`${store}.${name}: key ${value.extractable} ${value.type}`);
            else if (value.byteLength) shown.push(`${store}.${name}: ${text(value)}`);
            else shown.push(`${store}.${name}: ${JSON.stringify(value)}`);
        }
    }
    open.close();
    for (const name of await caches.keys()) {
        for (const asked of await (await caches.open(name)).keys()) {
            const answer = await caches.match(asked);
            shown.push(`cache: ${new URL(asked.url).pathname}`, await answer.text());
        }
    }
    for (const storage of [localStorage, sessionStorage]) shown.push(JSON.stringify(Object.entries(storage)));
    shown.push(document.cookie, JSON.stringify(history.state));
    return shown;
}"""
STATIC = re.compile(r"cache: /(static/(hearth|vendor)/|visits/offline/$|colours\.css$)")


def account(page):
    return page.get_by_label("What did you see and hear?")


def answer_all(page, words=WORDS):
    page.get_by_label("Yes, and I spoke with the child alone").check()
    account(page).fill(words)
    page.get_by_role("group", name="Does anything worry you?").get_by_label("No").check()


def saved(page):
    expect(page.locator("[data-saved-status]")).to_have_text(re.compile("^Saved"))


def kept_here(page):
    expect(page.locator("[data-saved-status]")).to_have_text(re.compile("^Kept on this device"))


def opens_shell(page, line):
    line.cut()
    page.goto("/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()


def record_without_connection(page, child, words):
    page.goto("/")
    page.get_by_role("link", name=f"Record a visit to {child.forename}").tap()
    answer_all(page, words)
    kept_here(page)
    page.get_by_role("button", name="Record this visit").tap()
    expect(page.get_by_text("It is sent when there is a connection.")).to_be_visible()


def stored(page):
    return page.evaluate(ALL_THAT_IS_STORED)


def texts_kept(page):
    return sum(each.startswith("kept.sealed") for each in stored(page))


def test_three_visits_of_a_day_without_a_signal_are_sent_once_each(phone, line, world, axe):
    opens_shell(phone, line)
    assert_accessible(phone, axe)
    for number, child in enumerate(world.visited):
        record_without_connection(phone, child, f"{WORDS} {number}")
    assert_accessible(phone, axe)
    eight_hours_pass(phone)
    phone.goto("/")
    expect(phone.get_by_text("is sent when there is a connection")).to_have_count(3)
    line.mend()
    phone.goto("/")
    expect(phone.get_by_text("is sent and recorded")).to_have_count(3)
    assert sorted(Visit.objects.values_list("account", flat=True)) == [f"{WORDS} {number}" for number in range(3)]
    assert {visit.placement.child_id for visit in Visit.objects.all()} == {child.pk for child in world.visited}
    assert texts_kept(phone) == 0
    phone.reload()
    expect(phone.get_by_role("heading", name="My work")).to_be_visible()
    assert Visit.objects.count() == 3
    assert not Draft.objects.exists()


def eight_hours_pass(page):
    """The tab was thrown away by the phone meanwhile: another one opens."""
    page.evaluate("() => { window.name = 'before'; }")
    page.goto("about:blank")


def test_killed_between_sending_and_answer_a_visit_is_recorded_once(phone, line, world):
    opens_shell(phone, line)
    record_without_connection(phone, world.own_child, WORDS)
    line.mend()
    line.swallow("POST /visits/record/")
    phone.goto("/")
    until(lambda: Visit.objects.exists())
    line.mend()
    phone.goto("/")
    until(lambda: texts_kept(phone) == 0)
    assert Visit.objects.count() == 1


def test_nothing_of_it_can_be_read_where_the_browser_keeps_it(phone, line, world):
    opens_shell(phone, line)
    phone.get_by_role("link", name=f"Record a visit to {world.own_child.forename}").tap()
    answer_all(phone)
    kept_here(phone)
    shown = stored(phone)
    caches = [each for each in shown if each.startswith("cache: ")]
    assert len(caches) > 15
    assert [each for each in caches if not STATIC.match(each)] == []
    secrets = ("CANARY", "mattress", world.own_child.forename, world.own_child.surname, world.social_worker.name)
    assert [each for each in shown for secret in secrets if secret in each] == []
    assert [each for each in shown if each.startswith("keys.key")] == ["keys.key: key false secret"]
    assert "/visits/record/" not in "".join(each for each in shown if each.startswith(("kept", "along")))


def test_the_session_ends_and_the_text_is_sent_after_signing_in(phone, line, world):
    opens_shell(phone, line)
    record_without_connection(phone, world.own_child, WORDS)
    Session.objects.all().delete()
    line.mend()
    phone.goto("/")
    expect(phone.get_by_text("A text that somebody typed on this device is not sent yet.")).to_be_visible()
    assert not Visit.objects.exists()
    sign_in(phone, world.social_worker)
    expect(phone.get_by_text("is sent and recorded")).to_be_visible()
    assert Visit.objects.get().visitor == world.social_worker


def test_somebody_else_on_the_same_phone_neither_reads_nor_sends_nor_destroys_it(phone, line, world):
    opens_shell(phone, line)
    record_without_connection(phone, world.own_child, WORDS)
    Session.objects.all().delete()
    line.mend()
    phone.goto("/")
    sign_in(phone, world.colleague)
    expect(
        phone.get_by_text("A text that somebody typed on this device is not sent yet. Nobody else can")
    ).to_be_visible()
    assert world.own_child.forename not in phone.locator(".hearth-waiting").inner_text()
    line.cut()
    phone.goto("/")
    expect(phone.get_by_role("heading", name="No connection")).to_be_visible()
    assert "mattress" not in phone.content()
    line.mend()
    phone.goto("/")
    phone.get_by_role("button", name="Sign out").tap()
    phone.get_by_label("Password").wait_for()
    sign_in(phone, world.social_worker)
    expect(phone.get_by_text("is sent and recorded")).to_be_visible()
    assert Visit.objects.get().visitor == world.social_worker


def test_sign_out_warns_sends_and_leaves_nothing_behind(phone, line, world, axe):
    opens_shell(phone, line)
    phone.get_by_role("link", name=f"Record a visit to {world.own_child.forename}").tap()
    account(phone).fill(WORDS)
    kept_here(phone)
    phone.goto("about:blank")
    line.mend()
    line.swallow("POST /drafts/")  # it cannot be sent in passing
    phone.goto("/accounts/logout/")
    until(lambda: line.is_cut)
    warning = phone.get_by_role("alert").filter(has_text="is kept on this device and not sent")
    expect(warning).to_be_visible()
    assert_accessible(phone, axe)
    expect(phone.get_by_role("button", name="Sign out and delete")).to_be_visible()
    line.mend()
    warning.get_by_role("button", name="Send now").tap()
    expect(warning).to_be_hidden()
    assert Draft.objects.get().content["account"] == [WORDS]
    phone.locator("main").get_by_role("button", name="Sign out").tap()
    phone.get_by_label("Password").wait_for()
    assert [each for each in stored(phone) if each.startswith(("keys", "kept", "along"))] == []


def test_what_was_signed_out_without_scripts_goes_with_the_next_page(phone, line, world):
    phone.evaluate("document.querySelector('form[data-signs-out]').submit()")
    phone.get_by_label("Password").wait_for()
    phone.wait_for_function("() => !document.cookie.includes('signed_out')")
    assert [each for each in stored(phone) if each.startswith(("keys", "kept", "along"))] == []


def test_what_is_refused_becomes_a_draft_and_says_so(phone, line, world):
    opens_shell(phone, line)
    phone.get_by_role("link", name=f"Record a visit to {world.own_child.forename}").tap()
    answer_all(phone)
    phone.get_by_label("Year").fill("2031")
    phone.get_by_role("button", name="Record this visit").tap()
    expect(phone.get_by_text("It is sent when there is a connection.")).to_be_visible()
    phone.goto("/")
    line.mend()
    phone.goto("/")
    refused = phone.locator(".hearth-waiting").get_by_text("could not be recorded as it stands")
    expect(refused).to_contain_text("The visit must have been made")
    refused.get_by_role("link").tap()
    expect(account(phone)).to_have_value(WORDS)
    expect(phone.get_by_label("Year")).to_have_value("2031")
    assert texts_kept(phone) == 0


def test_what_is_missing_is_said_without_a_connection_too(phone, line, world):
    opens_shell(phone, line)
    phone.get_by_role("link", name=f"Record a visit to {world.own_child.forename}").tap()
    account(phone).fill(WORDS)
    phone.get_by_role("button", name="Record this visit").tap()
    phone.get_by_role("link", name="Answer “Did you see the child?”").tap()
    expect(phone.get_by_label("Yes, and I spoke")).to_be_focused()


def test_typed_on_a_second_device_both_texts_stand_side_by_side(phone, line, world, desk, axe):
    phone.get_by_role("link", name="Record a visit").first.tap()
    account(phone).fill("From the phone.")
    saved(phone)
    address = phone.url.removeprefix(line.url)
    line.cut()
    account(phone).fill("From the phone, and on in the lift.")
    kept_here(phone)
    desk.goto(address)
    expect(account(desk)).to_have_value("From the phone.")
    account(desk).fill("From the phone. Then at the desk.")
    until(lambda: Draft.objects.get().content["account"] == ["From the phone. Then at the desk."])
    line.mend()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    both = phone.get_by_role("region", name="Two texts")
    expect(both).to_be_visible()
    expect(both.get_by_text("From the phone, and on in the lift.")).to_be_visible()
    expect(both.get_by_text("From the phone. Then at the desk.")).to_be_visible()
    assert_accessible(phone, axe)
    both.get_by_role("button", name="Put this below mine").tap()
    both.get_by_role("button", name="Go on with what stands in the form").tap()
    saved(phone)
    said = Draft.objects.get().content["account"][0]
    assert said.split("\n\n") == ["From the phone, and on in the lift.", "From the phone. Then at the desk."]


def test_of_any_form_what_is_written_can_be_gone_on_with(phone, line, world, axe):
    """The shell knows the form for a visit; of another it knows what was written, and keeps the other answers."""
    form = reverse("placements:correct_placement", args=[world.own_child.placements.get().pk])
    phone.goto(form)
    name = phone.locator("form[data-autosave] textarea:visible").first.get_attribute("name")
    box = phone.locator(f"form[data-autosave] textarea[name='{name}']")
    box.fill(WORDS)
    saved(phone)
    line.cut()
    box.fill(f"{WORDS} And more.")
    kept_here(phone)
    phone.goto(form)
    expect(phone.get_by_text("You can go on with what you write.")).to_be_visible()
    assert_accessible(phone, axe)
    expect(box).to_have_value(f"{WORDS} And more.")
    box.fill(f"{WORDS} And more. Evermore.")
    until(lambda: phone.evaluate(IS_KEPT, "Evermore"))
    phone.goto("about:blank")
    line.mend()
    phone.goto(form)
    expect(box).to_have_value(f"{WORDS} And more. Evermore.")


def until(is_so, seconds=20):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
