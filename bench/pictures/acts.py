"""What somebody does on a page before its picture is taken."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import RequestFactory

from bench.names import PASSWORD
from casework.reading import unreachable

Act = Callable[[Any], None]
MAIN_BUTTON = "main form[method=post] button.govuk-button[type=submit]"
"""The last of them: above a form may stand the button that throws its draft away."""
LONG_NAME = "Maximilianalexandrinawolfeschlegelsteinhausenbergerdorffvonundzuhohenlohe"
SENTENCE = "We walked to the river and back, and she told me about the new school and her two friends there. "
LONG_ACCOUNT = "\n\n".join([SENTENCE * 12] * 22)
"""Some 5,000 words."""
MORE_FIELDS_THAN_ANY_FORM = 2000


def sent_empty(page: Any) -> None:
    """Send the form as it stands; what is already filled in is emptied first."""
    for box in page.locator("main form[method=post] :is(input[type=text], textarea):visible").all():
        if box.is_editable():
            box.fill("")
    sent(page)


def sent(page: Any) -> None:
    """Send the form."""
    with page.expect_navigation():
        page.locator(MAIN_BUTTON).last.click()


def sent_section(page: Any) -> None:
    """Save a section of the record as it stands."""
    with page.expect_navigation():
        page.get_by_role("button", name="Save and go on").click()


def pressed(words: str) -> Act:
    """Press a button, or follow a link."""

    def press(page: Any) -> None:
        named = re.compile(words)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=named).or_(
                page.get_by_role("link", name=named)
            ).first.click()

    return press


def opened(words: str) -> Act:
    """Open what is folded."""
    return lambda page: page.locator("main summary", has_text=words).first.click()


def every_why_opened(page: Any) -> None:
    """Open the reasons of the first two lines."""
    for why in page.locator("main details.hearth-why > summary").all()[:2]:
        why.click()


def searched(words: str) -> Act:
    """Look for a child with the box at the top."""

    def search(page: Any) -> None:
        box = page.locator("#search-box")
        box.fill(words)
        with page.expect_navigation():
            box.press("Enter")

    return search


def signs_in(username: str, password: str = PASSWORD) -> Act:
    """Fill in the sign-in page, and send it."""

    def sign_in(page: Any) -> None:
        page.get_by_label("Username").fill(username)
        page.locator("input[type=password]").fill(password)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in", exact=True).click()

    return sign_in


def tries_too_often(page: Any) -> None:
    """A wrong password, again and again."""
    while page.get_by_label("Username").is_visible():
        signs_in("dcs", "not-the-password")(page)


def in_order(*acts: Act) -> Act:
    """One after the other."""

    def do(page: Any) -> None:
        for act in acts:
            act(page)

    return do


def filled(**answers: str) -> Act:
    """Type into boxes, choose from lists, and tick, by the names of the questions."""

    def fill(page: Any) -> None:
        for name, answer in answers.items():
            box = page.locator(f"main [name={name}]").first
            if box.evaluate("box => box.type") in ("radio", "checkbox"):
                page.locator(f"main [name={name}][value='{answer}']").first.check()
            elif box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(answer)
            else:
                box.fill(answer)

    return fill


def a_day(name: str, day: date) -> Act:
    """Type a day into its three boxes."""
    return filled(**{f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)})


# What makes a record


def opens_file_with_long_names(page: Any) -> None:
    """A child whose names are as long as names can be."""
    filled(forename=LONG_NAME, surname=LONG_NAME, known_as=f"{LONG_NAME} {LONG_NAME}", reference="M999999", code="C2")(
        page
    )
    a_day("date_of_birth", date.today() - timedelta(days=4000))(page)  # noqa: DTZ011 - as the person at the page reads it
    a_day("started_on", date.today() - timedelta(days=2))(page)  # noqa: DTZ011
    sent(page)


def records_a_long_visit(page: Any) -> None:
    """A visit about which somebody wrote a book."""
    filled(seen="alone", account=LONG_ACCOUNT, worries="no")(page)
    sent(page)


def proposes_to_allocate(page: Any) -> None:
    """Three children go to the first of those who can take them."""
    for box in page.locator("main input[name=child]").all()[:3]:
        box.check()
    page.locator("main input[name=to]").first.check()
    a_day("from_on", date.today())(page)  # noqa: DTZ011
    filled(because="A smaller caseload for a worker who comes back from leave.")(page)
    sent(page)


def tries_the_rules(page: Any) -> None:
    """A foster home since spring, with two visits."""
    filled(setting="in_house_foster", visits="10 March 2026\n4 May 2026")(page)
    a_day("started_on", date(2026, 3, 5))(page)
    a_day("on", date(2026, 7, 1))(page)
    with page.expect_navigation():
        page.locator("main form button.govuk-button[type=submit]").first.click()


def digest_checked(page: Any) -> None:
    """Type the first two groups of the digest that the page of a record shows."""
    told = page.get_by_text("The signatures are bound to this digest of the record").first.inner_text()
    page.goto(f"{page.url.partition('/approvals/')[0]}/check-a-document/")
    filled(digest=told.rpartition(": ")[2][:17])(page)
    sent(page)


def unknown_digest_checked(page: Any) -> None:
    """Type a digest under which there is nothing."""
    filled(digest="0123abcd 4567ef89")(page)
    sent(page)


# Second factor


def app_set_up(page: Any) -> None:
    """Type the number that an authenticator app would show."""
    secret = page.locator("#authenticator_secret").inner_text()
    number = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    page.locator("main input[name=code]").fill(number)
    sent(page)


# What goes wrong


def forged(page: Any) -> None:
    """Send a form whose sign-in has changed meanwhile."""
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] != "csrf"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)
    with page.expect_navigation():  # past the page's own script, which would ask for a new token first
        page.evaluate("document.querySelector('main form[method=post]').submit()")


def unreadable(page: Any) -> None:
    """Send more fields than any form has."""
    with page.expect_navigation():
        page.evaluate(
            """count => {
            const form = document.querySelector("main form[method=post]");
            for (let number = 0; number < count; number++) {
                const field = document.createElement("input");
                Object.assign(field, {type: "hidden", name: "field" + number, value: "1"});
                form.append(field);
            }
            form.submit();
        }""",
            MORE_FIELDS_THAN_ANY_FORM,
        )


def fails(page: Any) -> None:
    """Open a page in which something goes wrong that nobody foresaw."""
    from django.views.defaults import server_error

    _answered(page, server_error(RequestFactory().get("/")))


def without_database(page: Any) -> None:
    """Send a form while the database does not answer."""
    typed = {"key": "1", "account": SENTENCE * 2}
    request = RequestFactory().post("/", "&".join(f"{name}={said}" for name, said in typed.items()), FORM)
    _answered(page, unreachable(request))


FORM = "application/x-www-form-urlencoded"


def _answered(page: Any, answer: Any) -> None:
    """The page as the product answers it, in the place of the one that is open."""
    address = page.url
    told = {"status": answer.status_code, "body": answer.content, "content_type": "text/html; charset=utf-8"}
    page.route(address, lambda route: route.fulfill(**told))
    page.goto(address)
    page.unroute(address)
