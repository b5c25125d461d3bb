"""The clients that work while parts are killed: each a process of its own, speaking HTTP as browsers do.

`python -m bench.soak.load CLIENT PORT FOLDER` works until the file `over` is there, and finishes what it has begun.
"""

import json
import random
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench.soak.browser import Browser, NoAnswer, Refused, form_of
from bench.soak.cast import CHAINS, DRAFTS, MOVES, READS, VISITS
from bench.soak.journal import Journal

SEED = 903
SECTIONS = {
    "discussion": ("discussion",),
    "regulation_24": ("why_not_says",),
    "alternatives": ("alternatives_says",),
    "risks": ("risks", "checks"),
    "views": ("views_child", "views_parents", "views_carer", "views_iro"),
    "legal_advice": ("legal_advice",),
    "support": ("support", "finance", "visiting_plan"),
    "plan": ("care_plan", "contingency"),
    "actions": (),
    "decision": ("proposed_says",),
}
"""The sections of the record of a case discussion, each with the texts that it asks."""
A_MONTH = timedelta(days=28)
A_MINUTE = 62
"""Seconds: two moves of one child are never within one minute, which is as exactly as they are typed."""


class Client:
    """One client: whom it is, what it may touch, and what it was promised."""

    def __init__(self, name, port, folder):
        self.name, self.port, self.folder = name, port, Path(folder)
        self.told = json.loads((self.folder / "cast.json").read_text())[name]
        noted = self.folder / f"{name}.jsonl"
        self.count = len(noted.read_text().splitlines()) if noted.exists() else 0
        """Of what was done: it goes on where an earlier run of this client ended, so that no two texts are the same."""
        self.journal = Journal(noted)
        self.rng = random.Random(f"{SEED} {name}")
        self.browsers = {}

    def work(self):
        """Act after act, until told that it is over."""
        act = {CHAINS: self.take_a_chain, VISITS: self.visit, DRAFTS: self.draft, MOVES: self.move, READS: self.read}[
            self.name.partition("-")[0]
        ]
        while not self.is_over:
            self.count += 1
            try:
                act(self.told[self.count % len(self.told)])
            except Refused as refused:
                self.journal.note("refused", act.__name__, why=str(refused))
            except NoAnswer as problem:
                self.journal.note("gave up", act.__name__, why=str(problem))
        for browser in self.browsers.values():
            self.journal.note("over", "answers", failures=browser.failures, statuses=browser.statuses)
        self.journal.close()

    @property
    def is_over(self):
        """Has the run ended?"""
        return (self.folder / "over").exists()

    def browser(self, username):
        """This person's browser, signed in once and kept."""
        if username not in self.browsers:
            self.browsers[username] = Browser(self.port, username).sign_in()
        return self.browsers[username]

    def record(self, what, by, path, *, field="key", **typed):
        """Fill in the form at an address and send it until it is acknowledged; where it leads."""
        browser = self.browser(by)
        page = browser.open(path)
        fields = form_of(page.page, field)
        if page.status != 200 or not fields:
            raise Refused(page.status, page.page)
        fields |= {name: str(value) for name, value in typed.items()}
        key = fields.get("key") or str(uuid4())
        self.journal.note("sent", what, key=key, by=by, path=path, **_short(typed))
        led_to = browser.send(path, fields)
        self.journal.note("acknowledged", what, key=key, by=by, path=path, led_to=led_to, **_short(typed))
        if self.rng.random() < 0.1 and what == "visit":  # an impatient second tap, after all
            again = browser.send(path, fields)
            if again != led_to:
                self.journal.note("fault", what, key=key, why="sent again, it led elsewhere")
        return led_to

    # What the clients do

    def visit(self, told):
        """Record a visit; a draft is kept while it is typed."""
        account = f"Visit {self.name} {self.count}: seen at home, at play."
        path = f"/visits/record/{told['placement']}/"
        if self.rng.random() < 0.3:
            self.save_draft(told["by"], path, account)
        self.record("visit", told["by"], path, seen="alone", account=account, worries="no")

    def draft(self, told):
        """Type on and on into one form, and never send it."""
        path = f"/visits/record/{told['placement']}/"
        account = f"Draft {self.name} {self.count:06}."
        self.journal.note("sent", "draft", by=told["by"], path=path, number=self.count)
        if self.save_draft(told["by"], path, account):
            self.journal.note("acknowledged", "draft", by=told["by"], path=path, number=self.count)

    def save_draft(self, by, path, account):
        """Save what is being typed, as the page's script does."""
        browser = self.browser(by)
        fields = form_of(browser.open(path).page, "key") | {"account": account, "seen": "alone"}
        try:
            return browser.ask("POST", "/drafts/", fields, {"X-Requested-With": "fetch"}).status == 200
        except NoAnswer:
            return False

    def move(self, told):
        """The child moves to a place whose name nobody knows yet, and the next time back into another."""
        moved = {"where": "place", "setting": "temporary", "name": "", "why_ended": "The care plan"}
        self.record("move", told["by"], f"/placements/child/{told['child']}/moved/", **moved)
        give_up_at = time.monotonic() + A_MINUTE / len(self.told)
        while time.monotonic() < give_up_at and not self.is_over:
            time.sleep(0.2)

    def read(self, told):
        """Open the pages that people open most."""
        browser = self.browser(told["by"])
        for path in ("/", f"/children/{told['child']}/", f"/placements/{told['placement']}/", "/dashboard/"):
            answer = browser.open(path)
            self.journal.note("read", path, by=told["by"], status=answer.status, is_of_child=path.count("/") > 2)

    def take_a_chain(self, told):
        """One sign-off chain from convening to filing, each step by its own person."""
        led_to = self.record(
            "convene",
            told["dhos"],
            f"/approvals/convene/{told['placement']}/",
            legal=told["legal_number"],
            **moment_in_boxes("held_at", datetime.now(ZoneInfo("Europe/London"))),
        )
        chain = led_to.strip("/").rpartition("/")[2]
        self._type(told["dhos"], chain)
        steps = [
            ("record", "dhos", {}),
            *(("agree", who, {}) for who in ("social_worker", "team_manager", "legal", "dhos")),
            ("approve", "hos", {"approved_as": "interim"}),
            ("sign_off", "service_director", {}),
            ("communicate", "hos", {}),
            ("file", "social_worker", {"reference": f"DOC-{self.count}"}),
        ]
        for step, who, typed in steps:
            if self.is_over:
                return
            self.record(step, told[who], f"/approvals/{chain}/{step}/", **typed)

    def _type(self, by, chain):
        """Type every section of the record, and save it."""
        browser = self.browser(by)
        for section, texts in SECTIONS.items():
            path = f"/approvals/{chain}/record/{section}/"
            page = browser.open(path)
            fields = form_of(page.page, "digest")
            if page.status != 200 or not fields:
                raise Refused(page.status, page.page)
            written = {name: f"{self.name} {self.count}: {name}" for name in texts}
            browser.send(path, {**fields, **written, **chosen_in(section)})


def moment_in_boxes(name, moment):
    """A moment as it is typed into the boxes of a form."""
    boxes = {"day": moment.day, "month": moment.month, "year": moment.year, "time": moment.strftime("%H:%M")}
    return {f"{name}_{box}": value for box, value in boxes.items()}


def chosen_in(section):
    """What is chosen in a section of the record, and its days."""
    now = datetime.now(ZoneInfo("Europe/London"))
    chosen = {
        "regulation_24": {"why_not": "unlikely", **moment_in_boxes("assessed_on", now)},
        "risks": {"pets": "no"},
        "actions": {"actions_1_owner": ""},
        "decision": {"proposed": "interim", **moment_in_boxes("review_on", now + A_MONTH)},
    }
    return chosen.get(section, {})


def _short(typed):
    return {name: str(value)[:60] for name, value in typed.items() if name == "account"}


if __name__ == "__main__":
    Client(sys.argv[1], int(sys.argv[2]), sys.argv[3]).work()
