"""The scenes besides the kills: each does something to an installation, and says what was expected and what was seen."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, replace

import psycopg2

from bench.soak.browser import Browser, NoAnswer, form_of
from bench.soak.installation import command_of, environment_of, send
from config.checkout import ROOT

WEB_BACK, JOBS_BACK, PAGE_BOUND = 10, 120, 20
"""Seconds: a page again after a fault, jobs again after a fault, and the longest that a page may keep somebody waiting."""
HUNG_FOR = 30
FULL_FOR = 15
ROOM = 160_000_000
"""Bytes that the small disk has to spare before it is filled up."""
STALE = "It catches up by itself"
LATEST = "SELECT max(finished_at) FROM casework_jobrun WHERE job = 'catch_up'"


@dataclass(frozen=True)
class Scene:
    """One scene: what was done, what had to come of it, what came of it, and how long it took."""

    title: str
    expected: str
    reached: str
    holds: bool
    seconds: float = 0.0


def timed(scene, *told, **more):
    """Play a scene, and say how long it took; one that breaks has failed."""
    begun = time.monotonic()
    try:
        played = scene(*told, **more)
    except Exception as problem:  # noqa: BLE001 - the other scenes are played all the same
        title = scene.__doc__.splitlines()[0].rstrip(".")
        played = Scene(title, "it can be played", f"{type(problem).__name__}: {problem}"[:300], False)
    return replace(played, seconds=time.monotonic() - begun)


def within(seconds, question):
    """How long it takes until the answer is yes; None where it never is."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if question():
            return time.monotonic() - begun
        time.sleep(0.1)
    return None


def said(seconds):
    """Seconds as they are read."""
    return "never" if seconds is None else f"{seconds:.1f} s"


def settled(installation):
    """The web part and a worker are there, and the timetable is kept."""
    before = installation.one(LATEST)
    return within(JOBS_BACK + 60, lambda: installation.answers() and installation.one(LATEST) != before)


# Beats


@contextlib.contextmanager
def second_beat(installation):
    """Another beat beside the installation's own, inside the block."""
    first = installation.numbers_of("beat")[0]
    command = [os.fsdecode(word) for word in command_of(first).split(b"\0")[:-1]]
    command[command.index("--schedule") + 1] += "-second"
    with open(installation.folder / "logs/second-beat.log", "ab") as log:
        second = subprocess.Popen(command, cwd=ROOT, env=environment_of(first), stdout=log, stderr=log)
    try:
        yield second
    finally:
        second.kill()
        second.wait()


def two_beats(installation, slots=2):
    """Two beats at once."""
    with second_beat(installation) as second:
        since = installation.one("SELECT now()")
        runs = "SELECT count(*) FROM casework_jobrun WHERE job = 'catch_up' AND slot > %s AND finished_at IS NOT NULL"
        took = within(60 * slots + JOBS_BACK, lambda: installation.one(runs, since) >= slots)
        both = second.poll() is None and bool(installation.numbers_of("beat"))
    doubled = len(installation.ask("SELECT 1 FROM casework_jobrun GROUP BY job, slot HAVING count(*) > 1"))
    times = len(installation.ask("SELECT slot FROM casework_jobrun WHERE slot > %s", since))
    reached = (
        f"{times} runs in {said(took)}, {doubled} of them doubled; both beats {'lived' if both else 'did not live'}"
    )
    return Scene("Two beats at once", "one run for each time", reached, took is not None and both and not doubled)


def no_beat(installation, username):
    """No beat for a while."""
    browser = Browser(installation.port, username).sign_in()
    for number in installation.numbers_of("beat"):
        send(number, signal.SIGSTOP)
    columns = ("slot", "started_at", "finished_at")
    days_ago = ", ".join(f"{column} = {column} - interval '3 days'" for column in columns)
    within(30, lambda: not installation.ask("SELECT 1 FROM casework_jobrun WHERE finished_at IS NULL"))
    installation.ask(f"UPDATE casework_jobrun SET {days_ago}")
    shown = STALE in browser.open("/dashboard/").page
    for number in installation.numbers_of("beat"):
        send(number, signal.SIGKILL)
    took = within(JOBS_BACK, lambda: STALE not in browser.open("/dashboard/").page)
    reached = f"{'shown' if shown else 'not shown'} on the dashboard; caught up {said(took)} after beat was back"
    expected = f"late jobs show on the page; with beat back all have run within {JOBS_BACK} s"
    return Scene("No beat for three days", expected, reached, shown and took is not None)


# The broker


def empty_broker(installation, errand=(3, 0.1)):
    """Broker empty after a restart, with work waiting."""
    stopped = [n for part in ("job master", "job worker") for n in installation.numbers_of(part)]
    for number in stopped:
        send(number, signal.SIGSTOP)
    within(10, lambda: not installation.listen_at_broker())
    asked, mails = json.loads(installation.inside("leave_work", *map(str, errand)))
    waited = installation.waits_at_broker()
    before = installation.numbers_of("broker")
    for number in before:
        send(number, signal.SIGKILL)
    within(30, lambda: installation.numbers_of("broker") not in ([], before))
    for number in stopped:
        send(number, signal.SIGCONT)
    done = "SELECT ended_at IS NOT NULL AND failed = '' FROM casework_errand WHERE id = %s"
    sent = "SELECT count(*) FROM casework_outgoingmail WHERE id = ANY(%s) AND sent_at IS NOT NULL"
    took = within(JOBS_BACK + 60, lambda: installation.one(done, asked) and installation.one(sent, mails) == len(mails))
    reached = f"{waited} tasks lost with the broker; the errand and {len(mails)} mails done after {said(took)}"
    holds = waited > 0 and took is not None and took <= JOBS_BACK
    return Scene("Broker empty after a restart, with work waiting", f"all done within {JOBS_BACK} s", reached, holds)


def delivered_five_times(installation, mails=20):
    """One task delivered five times, with two workers."""
    installation.ask("DELETE FROM casework_jobrun WHERE job = 'send_mail'")
    asked, written = json.loads(installation.inside("five_times_each", str(mails)))
    state = """SELECT count(*) FILTER (WHERE sent_at IS NOT NULL), coalesce(max(attempts), 0)
        FROM casework_outgoingmail WHERE id = ANY(%s)"""
    ended = "SELECT count(*) FROM casework_errand WHERE id = %s AND ended_at IS NOT NULL AND failed = ''"
    took = within(JOBS_BACK, lambda: installation.ask(state, written)[0][0] == mails and installation.one(ended, asked))
    within(30, lambda: installation.waits_at_broker() == 0)
    _, most = installation.ask(state, written)[0]
    attempts = installation.one("SELECT attempts FROM casework_errand WHERE id = %s", asked)
    told = "SELECT count(*) FROM casework_outgoingmail WHERE body LIKE '%%/errands/' || %s || '/%%'"
    mails_of_errand = installation.one(told, asked)
    runs = installation.ask(
        "SELECT count(*) FROM casework_jobrun WHERE job = 'send_mail' GROUP BY slot ORDER BY 1 DESC"
    )
    reached = (
        f"{mails} mails sent in {said(took)}, each tried {most} times; the job's run recorded {runs[0][0]} times; "
        f"the errand done {attempts} times, and announced in {mails_of_errand} mails"
    )
    holds = took is not None and (most, runs[0][0], attempts) == (1, 1, 1) and mails_of_errand <= 1
    return Scene("One task delivered five times", "everything once", reached, holds)


# The database


@contextlib.contextmanager
def asking(browsers):
    """Browsers that open a page again and again inside the block; gives of each answer when it was asked for, what it
    took in seconds, and its status.
    """
    answers, over = [], threading.Event()

    def ask(browser):
        while not over.is_set():
            asked = time.monotonic()
            try:
                status = browser.ask("GET", "/").status
            except NoAnswer as problem:
                status = str(problem)
            answers.append((asked, time.monotonic() - asked, str(status)))
            time.sleep(0.2)

    threads = [threading.Thread(target=ask, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def hung_database(installation, username, *, seconds=HUNG_FOR, people=6, web_back=WEB_BACK, bound=PAGE_BOUND):
    """Database hung."""
    browsers = [Browser(installation.port, username).sign_in() for _ in range(people)]
    hung = installation.database_processes()
    for number in hung:
        send(number, signal.SIGSTOP)
    begun = time.monotonic()
    with asking(browsers) as answers:
        time.sleep(seconds)
        for number in hung:
            send(number, signal.SIGCONT)
        let_go = time.monotonic()
        back = within(60, lambda: any(asked >= let_go and status == "200" for asked, _, status in answers))
    kept = [answer for answer in answers if begun <= answer[0] < let_go]
    longest = max((took for _, took, _ in kept), default=0.0)
    broken = [status for _, _, status in kept if status not in ("200", "503")]
    honest = sum(status == "503" for _, _, status in kept)
    reached = (
        f"{honest} pages said so (503), {len(broken)} broke off; nobody waited longer than {said(longest)}; "
        f"pages again after {said(back)}"
    )
    expected = f"every page answers within {bound} s, with 503 where it cannot; pages again within {web_back} s"
    holds = not broken and longest <= bound and back is not None and back <= web_back
    return Scene(f"Database hung for {seconds} s", expected, reached, holds)


def full_disk(installation, visit):
    """The disk of the database full."""
    title = "The disk of the database full"
    expected = (
        f"the page says that it is not saved and holds what was typed; with room again, pages and jobs within "
        f"{WEB_BACK} and {JOBS_BACK} s by themselves, and the same form sent again is recorded once"
    )
    if os.geteuid() != 0:
        return Scene(title, expected, "not played: to make a small disk takes root", False)
    small = move_to_small_disk(installation)
    browser = Browser(installation.port, visit["by"]).sign_in()
    path = f"/visits/record/{visit['placement']}/"
    account = "Seen at home while the disk ran full; all is well, said the child."
    form = form_of(browser.open(path).page, "key") | {"account": account, "seen": "alone", "worries": "no"}
    ballast = small / "ballast"
    fill_up(ballast)
    use_up_log(installation)
    page = _refused_page(browser, path, form)
    time.sleep(FULL_FOR)
    says = "not saved yet" in page and account in page and form["key"] in page
    ballast.unlink()
    back = within(120, lambda: installation.answers() and _opens(browser))
    led_to = browser.send(path, form) if back is not None else ""
    count = installation.one("SELECT count(*) FROM visits_visit WHERE key::text = %s", form["key"])
    before = installation.one(LATEST)
    jobs = within(JOBS_BACK + 30, lambda: installation.one(LATEST) != before)
    reached = (
        f"the page {'said so, with the text and the form to send again' if says else 'did not say so: ' + page[:80]}; "
        f"pages {said(back)} after there was room, jobs {said(jobs)}; recorded {count} times"
    )
    in_time = back is not None and back <= WEB_BACK and jobs is not None and jobs <= JOBS_BACK
    holds = says and in_time and bool(led_to) and count == 1
    return Scene(title, expected, reached, holds)


def _opens(browser):
    try:
        return browser.ask("GET", "/").status == 200
    except NoAnswer:
        return False


def _refused_page(browser, path, form):
    """The page that answers a sending while the disk is full."""
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        try:
            browser.ask("POST", path, form)
        except NoAnswer as problem:
            if problem.page:
                return re.sub(r"\s+", " ", problem.page)
            time.sleep(0.5)
        else:
            return "it was recorded all the same"
    return "no page came"


def move_to_small_disk(installation):
    """Stop it, put its database's files on a disk that has little room, and start it again; where that disk is."""
    installation.stop()
    home = installation.folder / "database/server"
    files = home.resolve()
    used = int(subprocess.run(["du", "-sb", files], capture_output=True, text=True, check=True).stdout.split()[0])
    small = installation.folder / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={used + ROOM}", "tmpfs", small], check=True)
    small.chmod(0o755)
    subprocess.run(["cp", "-a", files, small / "server"], check=True)
    shutil.rmtree(files)
    if home.is_symlink():
        home.unlink()
    home.symlink_to(small / "server")
    installation.start()
    return small


def fill_up(ballast):
    """Take all the room that is left, and what comes free for a moment after."""
    for size in (10_000_000, 100_000, 1_000):
        with open(ballast, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"-" * size)
            except OSError:
                continue


def use_up_log(installation):
    """Have the database go on to new files of its log until there is no room for another."""
    for _ in range(30):
        try:
            installation.ask("SELECT pg_logical_emit_message(false, 'ballast', '-'), pg_switch_wal()")
        except psycopg2.Error:
            return


# Signatures and clocks


def four_sign_offs(installation, chain, rounds=200):
    """Four simultaneous final sign-offs."""
    installation.inside("appoint_directors", as_owner=True)
    outcome = json.loads(installation.inside("sign_off_together", str(chain["placement"]), str(rounds), people=chain))
    signed_once = sum(went.count("signed") == 1 and signed == 1 for went, signed in outcome["rounds"])
    reached = f"{signed_once} of {len(outcome['rounds'])} rounds signed once, by {outcome['directors']} people at once"
    expected = "one signature in each round, the others told that it is done"
    return Scene(f"Four simultaneous sign-offs, {rounds} rounds", expected, reached, signed_once == rounds)


def clocks(installation, chain):
    """Clock changes and leap day."""
    wrong = json.loads(installation.inside("clocks", people=chain, placement=chain["placement"]))
    faults = [f"{night}: {sentence}" for night, sentences in wrong.items() for sentence in sentences]
    reached = f"{', '.join(wrong)}: {len(faults)} faults {' '.join(faults)[:400]}".strip()
    expected = (
        "limits in hours run in elapsed time, in days to midnight in London; every job once for each of its times"
    )
    return Scene("Clock changes and leap day, minute by minute", expected, reached, not faults)
