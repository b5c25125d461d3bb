"""What is done to an installation: parts are killed in turns, hung, and let go."""

import random
import signal
import threading
import time
from collections import Counter
from itertools import pairwise

from bench.soak.browser import Browser, NoAnswer
from bench.soak.installation import send

DECK = (
    *["web worker"] * 5,
    *["database connection"] * 4,
    *["job worker"] * 4,
    "web master",
    "job master",
    "beat",
    "broker",
    "database",
)
"""One turn: every part once, and those that die most often in real life several times."""
SLOWEST, FASTEST = 0.3, 2.0
"""Kills a second, at the beginning and end and at the peak."""


class Killer:
    """Kills parts with SIGKILL in turns, chosen from a fixed seed."""

    def __init__(self, installation, seed):
        self.installation = installation
        self.rng = random.Random(seed)
        self.kills = []
        """When, and which part."""

    def kill(self, part):
        """Kill one process of a part; whether there was one."""
        numbers = self.installation.numbers_of(part)
        if not numbers:
            return False
        moment = time.monotonic()
        if not send(self.rng.choice(numbers), signal.SIGKILL):
            return False
        self.kills.append((moment, part))
        return True

    def rage(self, seconds):
        """Kill for so long: slowly first, twice a second at the peak, slowly again."""
        begun, deck = time.monotonic(), []
        while (gone := time.monotonic() - begun) < seconds:
            if not deck:
                deck = list(DECK)
                self.rng.shuffle(deck)
            self.kill(deck.pop())
            share = 1 - abs(2 * gone / seconds - 1)
            time.sleep(1 / (SLOWEST + (FASTEST - SLOWEST) * min(1, 2 * share)))

    def counted(self):
        """How many kills, by part."""
        return Counter(part for _, part in self.kills)


class Probe(threading.Thread):
    """Asks for a page that needs the database, again and again, and notes when it was answered."""

    PATH = "/"

    def __init__(self, port, username):
        super().__init__(daemon=True)
        self.browser = Browser(port, username).sign_in()
        self.answers = []
        """Of each whole answer: when it was asked for, and when it was there."""
        self.refusals = []
        """Of each 503: the same."""
        self._over = threading.Event()

    def run(self):
        """Ask until it is over."""
        while not self._over.wait(0.05):
            asked = time.monotonic()
            try:
                if self.browser.ask("GET", self.PATH).status == 200:
                    self.answers.append((asked, time.monotonic()))
            except NoAnswer as problem:
                if str(problem) == "503":
                    self.refusals.append((asked, time.monotonic()))

    def stop(self):
        """Enough."""
        self._over.set()
        self.join()

    def back_after(self, moment):
        """Seconds from a moment until a page asked for after it was there; None where none was."""
        return next((there - moment for asked, there in self.answers if asked >= moment), None)

    def recoveries(self, kills):
        """After each silence in which something was killed: seconds from the last kill in it to the next page."""
        for (_, before), (asked, there) in pairwise(self.answers):
            inside = [moment for moment, _ in kills if before <= moment <= asked]
            if inside:
                yield there - inside[-1]

    def longest_silence(self, since, until):
        """The longest time between two answers."""
        there = [since, *(t for _, t in self.answers if since <= t <= until), until]
        return max(later - earlier for earlier, later in pairwise(there))
