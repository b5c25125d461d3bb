"""A browser as far as faults can tell: cookies, forms filled in by their names, and sending again what got no answer."""

import http.client
import time
from html.parser import HTMLParser
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from bench.names import PASSWORD

SECONDS_FOR_AN_ANSWER = 40
SECONDS_BEFORE_TRYING_AGAIN = 0.25
GIVE_UP_AFTER = 300
SIGN_IN = "/accounts/login/"
CONFIRM = "/accounts/reauthenticate/"


class NoAnswer(Exception):
    """The connection broke, or the page (then it is here) says that Hearth cannot answer just now."""

    def __init__(self, why, page=""):
        self.page = page
        super().__init__(why)


class Refused(Exception):
    """The page answered, and did not do it."""

    def __init__(self, status, page):
        self.status = status
        super().__init__(f"{status}: {said_in(page)}")


class Answer:
    """One answer, read to its end."""

    def __init__(self, status, location, page):
        self.status, self.location, self.page = status, location, page


class Browser:
    """One person's browser."""

    def __init__(self, port, username):
        self.port, self.username = port, username
        self.cookies = {}
        self.failures = 0
        """Sendings and openings that got no answer."""
        self.statuses = {}

    def ask(self, method, path, fields=None, headers=()):
        """One question; raises NoAnswer where no whole answer comes, or one that says it could not be done."""
        body = urlencode(fields).encode() if fields is not None else None
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **dict(headers)}
        if body is not None:
            told |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}/"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_FOR_AN_ANSWER)
        try:
            connection.request(method, path, body=body, headers=told)
            answer = connection.getresponse()
            page = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as problem:
            self.failures += 1
            raise NoAnswer(type(problem).__name__) from problem
        finally:
            connection.close()
        self._keep_cookies(answer)
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        if answer.status >= 500 or answer.status == HTTPStatus.TOO_MANY_REQUESTS:  # which says: wait, and send it again
            self.failures += 1
            raise NoAnswer(str(answer.status), page)
        return Answer(answer.status, urlsplit(answer.headers.get("Location", "")).path, page)

    def _keep_cookies(self, answer):
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(line).items():
                if cookie.value:
                    self.cookies[name] = cookie.value
                else:
                    self.cookies.pop(name, None)

    def insist(self, method, path, fields=None, headers=()):
        """Ask until there is an answer, as a person presses the button again."""
        give_up_at = time.monotonic() + GIVE_UP_AFTER
        while True:
            try:
                return self.ask(method, path, fields, headers)
            except NoAnswer:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(SECONDS_BEFORE_TRYING_AGAIN)

    def sign_in(self):
        """Sign in through the page."""
        give_up_at = time.monotonic() + GIVE_UP_AFTER
        while time.monotonic() < give_up_at:
            fields = form_of(self.insist("GET", SIGN_IN).page, "login") | {"login": self.username, "password": PASSWORD}
            if self.insist("POST", SIGN_IN, fields).status == 302 or self.is_signed_in():
                return self
        raise NoAnswer("sign-in")

    def is_signed_in(self):
        """Is the session good?"""
        return self.insist("GET", "/session/", headers={"X-Requested-With": "fetch"}).status == 204

    def open(self, path):
        """Open a page, signing in where it asks for that."""
        answer = self.insist("GET", path)
        if answer.status == 302 and answer.location == SIGN_IN:
            self.sign_in()
            answer = self.insist("GET", path)
        return answer

    def send(self, path, fields):
        """Send a form that acts once, again and again under its key, until it is acknowledged; where it leads.

        Raises Refused where the page answers otherwise.
        """
        give_up_at = time.monotonic() + GIVE_UP_AFTER
        while time.monotonic() < give_up_at:
            answer = self.insist("POST", path, fields)
            if answer.status == 302 and answer.location == CONFIRM:
                answer = self._confirm()
            if answer is None:
                continue
            if answer.status == 302 and answer.location == SIGN_IN:
                self.sign_in()
                fields = fields | {"csrfmiddlewaretoken": form_of(self.open("/").page, None)["csrfmiddlewaretoken"]}
                continue
            if answer.status != 302:
                raise Refused(answer.status, answer.page)
            return answer.location
        raise NoAnswer(path)

    def _confirm(self):
        """Give the password once more: the answer to what waited for it; None where that was lost on the way."""
        try:
            asked = self.ask("GET", CONFIRM)
            if asked.status != 200:
                return None
            answer = self.ask("POST", CONFIRM, form_of(asked.page, "password") | {"password": PASSWORD})
        except NoAnswer:
            return None
        return None if answer.status == 302 and answer.location in ("/", CONFIRM) else answer


def form_of(page, field):
    """What a browser would send of the form that has this field, as filled in by the page; the first form for None."""
    forms = Forms()
    forms.feed(page)
    return next((form for form in forms.found if field is None or field in form), {})


def said_in(page):
    """The sentences of a page that refused, for whoever reads the journal."""
    words = Sentences()
    words.feed(page)
    return " ".join(words.said)[:300]


class Forms(HTMLParser):
    """Collects the forms of a page with their answers."""

    def __init__(self):
        super().__init__()
        self.found, self._form, self._area, self._select = [], None, None, None

    def handle_starttag(self, tag, attrs):
        """A control, with what stands in it."""
        told = dict(attrs)
        name = told.get("name")
        if tag == "form":
            self._form = {}
            self.found.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and name:
            if told.get("type") not in ("radio", "checkbox", "submit") or "checked" in told:
                self._form[name] = told.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self._form[name] = ""
        elif tag == "select":
            self._select = name
            self._form[name] = ""
        elif tag == "option" and self._select and ("selected" in told or not self._form[self._select]):
            self._form[self._select] = told.get("value") or ""

    def handle_data(self, data):
        """What stands in a text area."""
        if self._area:
            self._form[self._area] += data

    def handle_endtag(self, tag):
        """The control is complete."""
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


class Sentences(HTMLParser):
    """Collects what a page says is wrong: its list of problems, or all paragraphs where there is none."""

    def __init__(self):
        super().__init__()
        self.said, self._inside = [], False

    def handle_starttag(self, tag, attrs):
        """A problem or a paragraph begins."""
        told = dict(attrs)
        self._inside = told.get("href", "").startswith("#") or "govuk-body" in told.get("class", "")

    def handle_endtag(self, tag):
        """It ends."""
        self._inside = False

    def handle_data(self, data):
        """A sentence."""
        if self._inside and data.strip():
            self.said.append(data.strip())
