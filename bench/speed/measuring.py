"""Asks every operation in turn, round after round, over loopback; first checks that each answer is the tables' own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.speed import pages
from bench.speed.answers import ask, one
from bench.speed.checking import NotAsItShould
from bench.speed.operations import ACCOUNT, OPERATIONS, Operation, most_moved
from bench.speed.serving import Answer, Asked, Visitor
from casework.events import faults_in_chains

SHOWN_OF_A_SEARCH = 25
READINGS = (
    "SELECT count(*) FROM casework_reading r JOIN accounts_user u ON u.id = r.user_id WHERE u.username = %(person)s"
)
VISITS_RECORDED = """
    SELECT count(*), count(DISTINCT v.key), count(DISTINCT e.id), count(DISTINCT a.key) FROM visits_visit v
    JOIN placements_placement p ON p.id = v.placement_id JOIN children_child c ON c.id = p.child_id
    JOIN accounts_user u ON u.id = v.visitor_id AND u.username = %(person)s
    LEFT JOIN casework_event e ON e.case_file_id = c.case_file_id AND e.record = 'visits.visit:' || v.id
    LEFT JOIN casework_answeredpost a ON a.key = v.key
    WHERE v.account = %(account)s
"""
SIGNED_OFF = """
    SELECT count(*), count(DISTINCT d.id), count(DISTINCT o.id) FROM approvals_signature s
    JOIN accounts_user u ON u.id = s.by_id AND u.username = %(person)s
    JOIN approvals_recordversion v ON v.id = s.version_id
    LEFT JOIN approvals_casediscussion d ON d.id = v.discussion_id AND d.state = 'signed_off'
    LEFT JOIN placements_authorisation o ON o.record = 'approvals.casediscussion:' || d.id
    WHERE s.act = 'sign_off' AND s.at > %(now)s - interval '1 hour'
"""


@dataclass
class Measured:
    """What an operation took, in seconds, request by request."""

    operation: Operation
    seconds: list[float] = field(default_factory=list)
    rows: int = 0
    queries: int = 0

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.seconds)


class Measuring:
    """The operations of one run; `visitor` signs somebody in."""

    def __init__(self, visitor: Callable[[str], Visitor]):
        self.sign_in = visitor
        self.visitors: dict[str, Visitor] = {}
        self.measured = [Measured(operation) for operation in OPERATIONS]
        self.asks = {each.name: cycle(each.asks(self._who(each))) for each in OPERATIONS}
        self.sent = dict.fromkeys((each.name for each in OPERATIONS), 0)

    def check(self) -> None:
        """Hold each answer against the tables, row by row; every different request of an operation."""
        for measured in self.measured:
            operation = measured.operation
            person = self._who(operation)
            if operation.answers and operation.expects:
                for asked in operation.asks(person):
                    answer = self._answer(operation, person, asked)
                    found, expected = operation.answers(answer.page), operation.expects(person, asked)
                    _require_same_rows(operation.name, found, expected)
                    measured.rows = max(measured.rows, len(found))
        self._check_read_log()

    def count_queries(self) -> None:
        """Ask each operation once inside this process, where its statements can be counted."""
        for measured in self.measured:
            visitor, asked = self._next(measured.operation)
            client = Client(SERVER_NAME=visitor.host)
            client.cookies = visitor.cookies.copy()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                if asked.sent is None:
                    client.get(asked.path)
                else:
                    client.post(asked.path, dict(asked.sent))
            measured.queries = len(queries)

    def measure(self, rounds: int, *, warm_up: int = 3) -> None:
        """Round after round, each operation once."""
        for number in range(warm_up + rounds):
            for measured in self.measured:
                visitor, asked = self._next(measured.operation)
                answer = visitor.ask(asked)
                self._require_answered(measured.operation, answer)
                if number >= warm_up:
                    measured.seconds.append(answer.seconds)

    def check_what_was_sent(self) -> None:
        """Every visit and signature that was sent is there once, with its event; the chains verify."""
        visits, signatures = self._operation("Record a visit (sent)"), self._operation("Sign off (sent)")
        sent = self.sent[visits.name]
        _require("visits recorded", ask(VISITS_RECORDED, person=visits.who, account=ACCOUNT)[0], (sent,) * 4)
        sent = self.sent[signatures.name]
        _require("signatures given", ask(SIGNED_OFF, person=signatures.who)[0], (sent,) * 3)
        _require("faults in chains", list(faults_in_chains()), [])

    @staticmethod
    def _operation(name: str) -> Operation:
        return next(each for each in OPERATIONS if each.name == name)

    @staticmethod
    def _who(operation: Operation) -> str:
        return operation.who or most_moved()[1]

    def _visitor(self, person: str) -> Visitor:
        if person not in self.visitors:
            self.visitors[person] = self.sign_in(person)
        return self.visitors[person]

    def _next(self, operation: Operation) -> tuple[Visitor, Asked]:
        visitor = self._visitor(self._who(operation))
        self.sent[operation.name] += 1
        asked = next(self.asks[operation.name])
        return visitor, operation.fill(visitor, asked) if operation.fill else asked

    def _answer(self, operation: Operation, person: str, asked: Asked) -> Answer:
        visitor = self._visitor(person)
        answer = visitor.ask(operation.fill(visitor, asked) if operation.fill else asked)
        self._require_answered(operation, answer)
        return answer

    def _check_read_log(self) -> None:
        """One page of a child, one row of the read log."""
        operation = self._operation("Child page with its read log")
        before = one(READINGS, person=operation.who)
        self._visitor(operation.who).ask(operation.asks(operation.who)[0])
        _require("rows of the read log", one(READINGS, person=operation.who), before + 1)

    @staticmethod
    def _require_answered(operation: Operation, answer: Answer) -> None:
        wanted = 302 if operation.fill and not operation.answers else 200
        if answer.status != wanted:
            said = " ".join(pages.texts(answer.page, "main"))[:600] if answer.body else ""
            raise NotAsItShould(f"{operation.name}: {answer.status} instead of {wanted}. {said}")


def _require_same_rows(what: str, found: pages.Rows, expected: pages.Rows) -> None:
    """All of them; of a search that finds more than it shows, those shown are among them."""
    if not (len(found) == SHOWN_OF_A_SEARCH < len(expected) and set(found) <= set(expected)):
        _require(what, found, expected)


def _require(what: str, found: Any, expected: Any) -> None:
    if found == expected:
        return
    if isinstance(found, list) and isinstance(expected, list):
        differing = next((n for n, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]), None)
        if differing is not None:
            found, expected = found[differing], expected[differing]
        else:
            found, expected = f"{len(found)} rows", f"{len(expected)} rows"
    raise NotAsItShould(f"{what}: the page says {found!r}, the tables {expected!r}")
