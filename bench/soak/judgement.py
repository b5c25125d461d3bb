"""What came of it, judged over SQL and from the clients' journals: nothing here asks the product's own code but where
that is what is judged (a fresh look at all duties, the check of the event chains).
"""

import json
from collections import Counter
from dataclasses import dataclass

from bench.soak.journal import read

STEPS = ("convene", "record", "agree", "approve", "sign_off", "communicate", "file")

VISITS = "SELECT key::text, account FROM visits_visit WHERE key::text = ANY(%s)"
VISITS_TWICE = (
    "SELECT account FROM visits_visit WHERE account LIKE 'Visit visits-%%' GROUP BY account HAVING count(*) > 1"
)
ANSWERS = "SELECT key::text, answer FROM casework_answeredpost WHERE key::text = ANY(%s)"
EVENTS = """
SELECT event.record, event.act, person.username, count(*) FROM casework_event event
JOIN accounts_user person ON person.id = event.by_id
WHERE event.recorded_at >= to_timestamp(%s) AND event.record LIKE 'approvals.casediscussion:%%' GROUP BY 1, 2, 3
"""
PLACED = """
SELECT event.record, count(*) FROM casework_event event JOIN placements_placement placement
ON event.record = 'placements.placement:' || placement.id
WHERE event.act = 'place' AND event.recorded_at >= to_timestamp(%s) GROUP BY 1
"""
DRAFTS = """
SELECT person.username, draft.form, substring(draft.content->'account'->>0 from '([0-9]{6})\\.')::int
FROM casework_draft draft JOIN accounts_user person ON person.id = draft.user_id
WHERE draft.content->'account'->>0 LIKE 'Draft %%'
"""
READ = """
SELECT count(*) FROM casework_reading reading JOIN accounts_user person ON person.id = reading.user_id
WHERE person.username = %s AND reading.page ~ '^/(children|placements)/' AND reading.at >= to_timestamp(%s)
"""

UNEXPLAINED = """
WITH told AS (
    SELECT event.record, event.from_state, event.to_state,
           lag(event.to_state) OVER one AS before, row_number() OVER last AS from_the_end
    FROM casework_event event WHERE event.record LIKE 'approvals.casediscussion:%%'
    WINDOW one AS (PARTITION BY event.record ORDER BY event.case_file_id, event.number),
           last AS (PARTITION BY event.record ORDER BY event.case_file_id, event.number DESC)
)
SELECT record FROM told WHERE before IS NOT NULL AND before <> from_state
UNION
SELECT told.record FROM told JOIN approvals_casediscussion chain
    ON told.record = 'approvals.casediscussion:' || chain.id AND told.from_the_end = 1 AND told.to_state <> chain.state
"""
SKIPPED = """
SELECT signature.id FROM approvals_signature signature WHERE signature.act = 'sign_off' AND NOT EXISTS (
    SELECT FROM approvals_signature before
    WHERE before.version_id = signature.version_id AND before.act = 'approve' AND before.at <= signature.at)
UNION
SELECT signature.id FROM approvals_signature signature WHERE signature.act = 'approve' AND 4 <> (
    SELECT count(DISTINCT before.role) FROM approvals_signature before
    WHERE before.version_id = signature.version_id AND before.act = 'agree' AND before.at <= signature.at)
UNION
SELECT chain.id FROM approvals_casediscussion chain
WHERE chain.state IN ('signed_off', 'communicated', 'filed') AND 1 <> (
    SELECT count(*) FROM approvals_signature signature JOIN approvals_recordversion version
    ON version.id = signature.version_id WHERE version.discussion_id = chain.id AND signature.act = 'sign_off')
"""
SIGNED_TWICE = """
SELECT version.discussion_id, signature.by_id FROM approvals_signature signature
JOIN approvals_recordversion version ON version.id = signature.version_id
GROUP BY 1, 2 HAVING count(DISTINCT signature.role) > 1
UNION
SELECT signature.version_id, signature.by_id FROM approvals_signature signature GROUP BY 1, 2 HAVING count(*) > 1
"""
OVERSIGHT_TWICE = """
SELECT record FROM placements_authorisation WHERE record LIKE 'approvals.casediscussion:%%'
GROUP BY record HAVING count(*) > 1
"""
TOLD_TWICE = "SELECT 1 FROM casework_notification GROUP BY duty_id, person_id, threshold HAVING count(*) > 1"
RUN_TWICE = "SELECT 1 FROM casework_jobrun GROUP BY job, slot HAVING count(*) > 1"
LEFT_OPEN = (
    "SELECT count(*) FROM casework_jobrun WHERE finished_at IS NULL AND started_at < now() - interval '2 minutes'"
)
NOT_SENT = "SELECT count(*) FROM casework_outgoingmail WHERE sent_at IS NULL"
SENT = "SELECT count(*) FROM casework_outgoingmail WHERE sent_at IS NOT NULL"
EMPTY_ANSWERS = "SELECT count(*) FROM casework_answeredpost WHERE answer = ''"
MAIL_ENDS = "-" * 79


@dataclass(frozen=True)
class Check:
    """One thing that must hold: what was expected, what was found."""

    what: str
    expected: str
    found: str
    holds: bool


def judge(installation, folder, since):
    """Every check over the whole run, since a moment."""
    lines = read(folder)
    yield from _writes(installation, lines, since)
    yield from _answers(lines)
    yield _none(installation, "Steps of chains that no event explains", UNEXPLAINED)
    yield _none(installation, "Sign-offs skipped, or two under one record", SKIPPED)
    yield _none(installation, "People who signed one chain twice", SIGNED_TWICE)
    yield _none(installation, "Records of oversight written twice", OVERSIGHT_TWICE)
    yield _none(installation, "People told twice of the same", TOLD_TWICE)
    yield _none(installation, "Jobs run twice for one time", RUN_TWICE)
    yield _zero(installation, "Runs of jobs left open", LEFT_OPEN)
    yield _zero(installation, "Forms answered with nothing", EMPTY_ANSWERS)
    yield from _mails(installation)
    yield from _duties(installation)


def _writes(installation, lines, since):
    """Each kind of write: how many were acknowledged, how many of those are lost, and how many are there twice."""
    for what, faults_of in (("visit", _visits), ("step", _steps), ("move", _moves), ("draft", _drafts)):
        kinds = STEPS if what == "step" else (what,)
        of_kind = [line for line in lines if line["what"] in kinds]
        sent = [line for line in of_kind if line["state"] == "sent"]
        acknowledged = [line for line in of_kind if line["state"] == "acknowledged"]
        lost, doubled = faults_of(installation, sent, acknowledged, since)
        found = f"{len(acknowledged)} acknowledged of {len(sent)} sent, {lost} lost, {doubled} doubled"
        name = {"visit": "Visits", "step": "Steps of chains", "move": "Moves", "draft": "Drafts"}[what]
        yield Check(name, "0 lost, 0 doubled", found, not lost and not doubled)
    readings = [line for line in lines if line["state"] == "read" and line["is_of_child"] and line["status"] == 200]
    for username, count in Counter(line["by"] for line in readings).items():
        logged = installation.one(READ, username, since)
        found = f"{count} answered, {logged} logged"
        yield Check("Pages of children that were read", "each logged", found, logged >= count)


def _visits(installation, sent, acknowledged, since):
    there = dict(installation.ask(VISITS, [line["key"] for line in sent]))
    lost = sum(not (there.get(line["key"]) or "").startswith(line["account"]) for line in acknowledged)
    return lost, len(installation.ask(VISITS_TWICE))


def _steps(installation, sent, acknowledged, since):
    events = {tuple(row[:3]): row[3] for row in installation.ask(EVENTS, since)}
    answers = dict(installation.ask(ANSWERS, [line["key"] for line in sent]))
    lost = sum(_event_of(line) not in events or answers.get(line["key"]) != line["led_to"] for line in acknowledged)
    by_rounds = Counter(_event_of(line) for line in sent if line["what"] != "convene")
    doubled = sum(count > 1 for event, count in events.items() if event in by_rounds or event[1] == "convene")
    return lost, doubled


def _event_of(line):
    """The event that a step leaves: on which chain, which act, by whom."""
    parts = (line["led_to"] if line["what"] == "convene" else line["path"]).strip("/").split("/")
    return f"approvals.casediscussion:{parts[1]}", line["what"], line["by"]


def _moves(installation, sent, acknowledged, since):
    placed = dict(installation.ask(PLACED, since))
    lost = sum(
        placed.get(f"placements.placement:{line['led_to'].strip('/').split('/')[-1]}", 0) != 1 for line in acknowledged
    )
    answered = sum(bool(answer) for _, answer in installation.ask(ANSWERS, [line["key"] for line in sent]))
    return lost, max(0, len(placed) - answered) + sum(count > 1 for count in placed.values())


def _drafts(installation, sent, acknowledged, since):
    """A draft is there once; the one last acknowledged, or one sent after it."""
    there = {(by, form): number for by, form, number in installation.ask(DRAFTS)}
    last = {}
    for line in acknowledged:
        last[line["by"], line["path"]] = max(line["number"], last.get((line["by"], line["path"]), 0))
    return sum(there.get(form, -1) < number for form, number in last.items()), 0


def _answers(lines):
    """What the clients saw besides: mistakes of ours, refusals, and sendings that led elsewhere the second time."""
    statuses = Counter()
    for line in lines:
        if line["state"] == "over":
            statuses.update(line["statuses"])
    failed = statuses.get("500", 0)
    yield Check("Pages that failed by a mistake of ours (500)", "0", str(failed), not failed)
    unforeseen = [line for line in lines if line["state"] in ("refused", "gave up", "fault")]
    said = "; ".join(f"{line['client']}: {line['why']}" for line in unforeseen[:3])
    found = f"{len(unforeseen)}" + (f" ({said})" if said else "")
    yield Check("Forms refused, given up, or answered differently the second time", "0", found, not unforeseen)


def _mails(installation):
    waiting, sent = installation.one(NOT_SENT), installation.one(SENT)
    seen = sum(file.read_text().count(MAIL_ENDS) for file in (installation.folder / "mail").glob("*"))
    found = f"{sent} sent, of which {max(0, seen - sent)} twice; {waiting} wait"
    yield Check("Mails", "each at least once", found, waiting == 0 and seen >= sent)


def _duties(installation):
    """What is flagged is what the facts give: a fresh look at every file, once those that wait are looked at."""
    installation.command("refresh_duties")
    fresh = json.loads(installation.command("refresh_duties", "--all", "--json"))
    differences = sum(fresh[name] for name in ("opened", "closed", "changed"))
    found = f"{differences} differences in {fresh['files']} files"
    yield Check("Duties, held against a fresh look at every file", "0 differences", found, not differences)
    said = installation.command("verify_events").strip().splitlines()[-1]
    yield Check("Chains of the event record", "whole", said, "every chain is whole" in said)


def _none(installation, what, question):
    rows = installation.ask(question)
    return Check(what, "0", str(len(rows)), not rows)


def _zero(installation, what, question):
    count = installation.one(question)
    return Check(what, "0", str(count), not count)
