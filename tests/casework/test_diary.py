"""The diary: the whole ledger in, only differences written (architecture, mechanism 3).

The sources here are small ones of the tests' own, registered for homes and taken away again: what each app makes due is
tested with the app.
"""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from casework import diary, holders
from casework.diary import Batch, Ledger
from casework.holders import NOBODY, Holder
from casework.ledger import Closed, Entry
from casework.limits import Days
from casework.models import LONGEST_LOOK, CaseFile, Duty
from tests.factories import NOW

SOON = NOW + timedelta(days=3)


class Facts:
    """What the sources of a test know: ledgers by file, and who holds which role."""

    def __init__(self):
        self.ledgers = {}
        self.holders = {}
        self.batches = []

    def source(self, batch):
        self.batches.append(batch)
        return {pk: self.ledgers[pk] for pk in batch.files if pk in self.ledgers}

    def finder(self, pairs, at):
        return {pair: self.holders[pair] for pair in pairs if pair in self.holders}


@pytest.fixture
def facts(monkeypatch, db):
    known = Facts()
    for name in ("_sources", "_derivations", "_dependents"):
        monkeypatch.setattr(diary, name, {})
    monkeypatch.setattr(holders, "_finders", {})
    diary.register_source("home", "test", known.source)
    holders.register("home", known.finder)
    return known


@pytest.fixture
def home(facts):
    return a_file()


def a_file(kind=CaseFile.Kind.HOME, look_again_at=None):
    return CaseFile.objects.create(kind=kind, opened_at=NOW, look_again_at=look_again_at)


def owed(home, key="visit", **but):
    entry = Entry(
        kind="T-01",
        key=key,
        role=Role.COMMISSIONING,
        about=f"casework.casefile:{home.pk}",
        opened_at=NOW,
        due_at=Days(10).after(NOW),
        says="A visit within 10 days of the placement.",
        facts=(("Placed", "9 March 2026"),),
    )
    return replace(entry, **but)


def counts(differences):
    return differences.opened, differences.closed, differences.changed


# Differences only


def test_what_is_due_becomes_a_duty_and_a_second_look_writes_nothing(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home),), look_again_at=SOON)
    assert counts(diary.refresh([home.pk], at=NOW)) == (1, 0, 0)
    duty = Duty.objects.get()
    assert (duty.source, duty.kind, duty.key, duty.role) == ("test", "T-01", "visit", Role.COMMISSIONING)
    assert duty.facts == [["Placed", "9 March 2026"]]
    assert duty.announced
    with CaptureQueriesContext(connection) as asked:
        assert counts(diary.refresh([home.pk], at=NOW)) == (0, 0, 0)
    written = [q["sql"] for q in asked if q["sql"].startswith(("INSERT", 'UPDATE "casework_duty"'))]
    assert written == []


def test_the_same_key_keeps_its_row_however_the_facts_change(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home),))
    diary.refresh([home.pk], at=NOW)
    before = Duty.objects.get()
    later = owed(home, due_at=Days(30).after(NOW), kind="T-02", says="A visit within 30 days.")
    facts.ledgers[home.pk] = Ledger((later,))
    assert counts(diary.refresh([home.pk], at=NOW)) == (0, 0, 1)
    after = Duty.objects.get()
    assert after.pk == before.pk
    assert (after.kind, after.due_at, after.says) == ("T-02", Days(30).after(NOW), "A visit within 30 days.")


def test_evidence_meets_a_duty_and_the_row_stays(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home),))
    diary.refresh([home.pk], at=NOW)
    met = owed(home, closed_at=SOON, closed_as=Closed.MET, evidence="visits.visit:9")
    facts.ledgers[home.pk] = Ledger((met, owed(home, key="next visit")))
    assert counts(diary.refresh([home.pk], at=SOON)) == (1, 1, 0)
    duty = Duty.objects.get(key="visit")
    assert (duty.closed_at, duty.closed_as, duty.evidence) == (SOON, Closed.MET, "visits.visit:9")
    assert list(Duty.objects.open().values_list("key", flat=True)) == ["next visit"]


def test_what_the_facts_no_longer_give_is_closed_and_not_deleted(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home), owed(home, key="other")))
    diary.refresh([home.pk], at=NOW)
    facts.ledgers[home.pk] = Ledger((owed(home),))
    assert counts(diary.refresh([home.pk], at=SOON)) == (0, 1, 0)
    gone = Duty.objects.get(key="other")
    assert (gone.closed_at, gone.closed_as) == (SOON, Closed.NO_LONGER_DUE)
    assert counts(diary.refresh([home.pk], at=SOON + timedelta(days=1))) == (0, 0, 0)
    assert Duty.objects.get(key="other").closed_at == SOON, "closed once"


def test_a_duty_opens_again_in_its_row_where_the_facts_are_corrected(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home),))
    diary.refresh([home.pk], at=NOW)
    facts.ledgers[home.pk] = Ledger((owed(home, closed_at=SOON, closed_as=Closed.MET, evidence="visits.visit:9"),))
    diary.refresh([home.pk], at=SOON)
    facts.ledgers[home.pk] = Ledger((owed(home),))
    assert counts(diary.refresh([home.pk], at=SOON)) == (0, 0, 1)
    duty = Duty.objects.get()
    assert (duty.closed_at, duty.closed_as, duty.evidence) == (None, "", "")


def test_a_ledger_that_is_gone_altogether_closes_everything(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home), owed(home, key="other")))
    diary.refresh([home.pk], at=NOW)
    facts.ledgers.clear()
    assert counts(diary.refresh([home.pk], at=SOON)) == (0, 2, 0)


def test_past_duties_of_an_imported_history_are_written_closed(facts, home):
    past = owed(home, closed_at=NOW - timedelta(days=1), closed_as=Closed.MISSED)
    facts.ledgers[home.pk] = Ledger((past,))
    diary.refresh([home.pk], at=NOW, announce=False)
    duty = Duty.objects.get()
    assert duty.closed_as == Closed.MISSED
    assert not duty.announced


def test_what_an_import_opened_stays_unannounced_when_it_changes(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home),))
    diary.refresh([home.pk], at=NOW, announce=False)
    facts.ledgers[home.pk] = Ledger((owed(home, says="Another sentence."), owed(home, key="new")))
    diary.refresh([home.pk], at=NOW)
    assert dict(Duty.objects.values_list("key", "announced")) == {"visit": False, "new": True}


# Who owes it


def people(count):
    return [User.objects.create(username=f"person-{number}") for number in range(count)]


def test_the_holder_of_the_role_owes_it_and_whoever_takes_over_owes_it_next(facts, home):
    first, second = people(2)
    facts.ledgers[home.pk] = Ledger((owed(home),))
    facts.holders[home.pk, Role.COMMISSIONING] = Holder(first.pk)
    diary.refresh([home.pk], at=NOW)
    assert Duty.objects.get().owner == first
    facts.holders[home.pk, Role.COMMISSIONING] = Holder(second.pk)
    assert counts(diary.refresh([home.pk], at=NOW)) == (0, 0, 1)
    assert Duty.objects.get().owner == second


def test_nobody_holds_the_role_and_the_duty_says_so(facts, home):
    facts.ledgers[home.pk] = Ledger((owed(home),))
    diary.refresh([home.pk], at=NOW)
    duty = Duty.objects.get()
    assert (duty.owner, duty.stands_in) == (None, NOBODY.stands_in)


def test_whom_the_facts_name_owes_it_before_any_holder_of_the_role(facts, home):
    holder, named = people(2)
    facts.holders[home.pk, Role.COMMISSIONING] = Holder(holder.pk)
    facts.ledgers[home.pk] = Ledger((owed(home, owner_id=named.pk),))
    diary.refresh([home.pk], at=NOW)
    assert Duty.objects.get().owner == named


def test_a_closed_duty_keeps_whoever_owed_it(facts, home):
    first, second = people(2)
    facts.ledgers[home.pk] = Ledger((owed(home),))
    facts.holders[home.pk, Role.COMMISSIONING] = Holder(first.pk, "falls to the line manager")
    diary.refresh([home.pk], at=NOW)
    facts.holders[home.pk, Role.COMMISSIONING] = Holder(second.pk)
    facts.ledgers[home.pk] = Ledger((owed(home, closed_at=SOON, closed_as=Closed.MET),))
    diary.refresh([home.pk], at=SOON)
    duty = Duty.objects.get()
    assert (duty.owner, duty.stands_in) == (first, "")
    assert counts(diary.refresh([home.pk], at=SOON)) == (0, 0, 0)


# When to look again


def test_the_earliest_moment_that_anybody_names_is_when_to_look_again(facts, home):
    diary.register_derivation("home", "standing", lambda batch: dict.fromkeys(batch.files, SOON - timedelta(hours=1)))
    facts.ledgers[home.pk] = Ledger((owed(home),), look_again_at=SOON)
    diary.refresh([home.pk], at=NOW)
    home.refresh_from_db()
    assert home.look_again_at == SOON - timedelta(hours=1)


def test_where_nothing_lies_ahead_nobody_looks_again(facts, home):
    CaseFile.objects.update(look_again_at=NOW)
    facts.ledgers[home.pk] = Ledger((owed(home),))
    diary.refresh_due(at=NOW)
    home.refresh_from_db()
    assert home.look_again_at is None


@pytest.mark.parametrize(("early", "looked"), [(timedelta(microseconds=1), 0), (timedelta(0), 1)])
def test_a_file_is_looked_at_from_its_moment_on(facts, early, looked):
    a_file(look_again_at=NOW)
    assert diary.refresh_due(at=NOW - early).files == looked


@pytest.mark.parametrize(("ahead", "again"), [(LONGEST_LOOK, 0), (LONGEST_LOOK + timedelta(microseconds=1), 1)])
def test_a_file_looked_at_as_of_a_much_later_moment_is_looked_at_again(facts, home, ahead, again):
    """A clock was wrong, or somebody tried out a moment to come; a little later is a look that ran at the same time."""
    facts.ledgers[home.pk] = Ledger((owed(home),))
    diary.refresh([home.pk], at=NOW + ahead)
    assert diary.refresh_due(at=NOW).files == again
    assert diary.refresh_due(at=NOW).files == 0


def test_what_was_seen_from_a_later_moment_is_put_right(facts, home):
    missed = owed(home, closed_at=NOW + timedelta(days=400), closed_as=Closed.MISSED)
    facts.ledgers[home.pk] = Ledger((missed,))
    diary.refresh([home.pk], at=NOW + timedelta(days=500))
    assert not Duty.objects.open().exists()
    facts.ledgers[home.pk] = Ledger((owed(home),), look_again_at=NOW + timedelta(days=400))
    diary.refresh_due(at=NOW)
    assert Duty.objects.open().get().key == "visit"


def test_only_a_stretch_of_files_is_looked_at_where_one_is_named(facts):
    files = [a_file(look_again_at=NOW) for _ in range(4)]
    found = diary.refresh_due(at=NOW, first=files[1].pk, last=files[3].pk)
    assert found.files == 2
    assert list(CaseFile.objects.due_a_look(NOW).order_by("pk")) == [files[0], files[3]]


def test_derivations_are_written_before_the_sources_read(facts, home):
    order = []
    diary.register_derivation("home", "standing", lambda batch: order.append("derivation") or {})
    diary.register_source("home", "reads it", lambda batch: order.append("source") or {})
    diary.refresh([home.pk], at=NOW)
    assert order == ["derivation", "source"]


def test_each_kind_of_file_has_its_own_sources(facts, home):
    provider = a_file(CaseFile.Kind.PROVIDER)
    facts.ledgers.update({home.pk: Ledger((owed(home),)), provider.pk: Ledger((owed(provider),))})
    assert diary.refresh([home.pk, provider.pk], at=NOW).opened == 1
    assert Duty.objects.get().case_file == home


# Many files


def test_a_loader_reads_once_however_many_sources_ask(facts, home):
    read = []

    def load(batch):
        read.append(batch)
        return len(read)

    batch = Batch((home.pk,), NOW, None)
    assert (batch.load(load), batch.load(load)) == (1, 1)


def test_many_files_take_no_more_queries_than_one(facts, django_assert_num_queries):
    files = [a_file() for _ in range(40)]
    for file in files:
        facts.ledgers[file.pk] = Ledger((owed(file), owed(file, key="other")), look_again_at=SOON)
    with CaptureQueriesContext(connection) as one:
        diary.refresh([files[0].pk], at=NOW)
    with django_assert_num_queries(len(one)):
        assert diary.refresh([file.pk for file in files[1:]], at=NOW).opened == 78


def test_files_are_looked_at_in_batches_each_committed_for_itself(facts, monkeypatch):
    monkeypatch.setattr(diary, "FILES_AT_ONCE", 3)
    files = [a_file(look_again_at=NOW) for _ in range(7)]
    for file in files:
        facts.ledgers[file.pk] = Ledger((owed(file),))
    assert diary.refresh_due(at=NOW).files == 7
    assert [len(batch.files) for batch in facts.batches] == [3, 3, 1]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_somebody_is_working_on_is_left_to_them(facts):
    """Whoever holds the lock looks at the file themselves once they have committed."""
    busy, free = a_file(look_again_at=NOW), a_file(look_again_at=NOW)
    held, done = threading.Event(), threading.Event()

    def work_on_it():
        with transaction.atomic():
            CaseFile.objects.select_for_update().get(pk=busy.pk)
            held.set()
            done.wait(timeout=30)
        connections.close_all()

    somebody = threading.Thread(target=work_on_it)
    somebody.start()
    try:
        assert held.wait(timeout=30)
        assert diary.refresh_due(at=NOW).files == 1
        assert list(CaseFile.objects.due_a_look(NOW)) == [busy]
        assert not CaseFile.objects.due_a_look(NOW).filter(pk=free.pk).exists()
    finally:
        done.set()
        somebody.join()
    assert diary.refresh_due(at=NOW).files == 1


@pytest.mark.django_db(transaction=True)
def test_a_look_at_what_an_act_has_changed_waits_for_whoever_holds_the_file(facts):
    """They may be looking at it with what they read before the act: passed over, the act would go unseen."""
    file = a_file()
    facts.ledgers[file.pk] = Ledger((owed(file),))

    def look():
        diary.refresh([file.pk], at=NOW)
        connections.close_all()

    looker = threading.Thread(target=look)
    with transaction.atomic():
        CaseFile.objects.select_for_update().get(pk=file.pk)
        looker.start()
        looker.join(timeout=0.3)
        assert looker.is_alive()
    looker.join(timeout=30)
    assert Duty.objects.open().filter(case_file=file).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_the_same_time_do_the_work_once(facts):
    files = [a_file(look_again_at=NOW) for _ in range(30)]
    for file in files:
        facts.ledgers[file.pk] = Ledger((owed(file),), look_again_at=SOON)
    ready, found = threading.Barrier(3), []

    def look():
        ready.wait(timeout=30)
        found.append(diary.refresh_due(at=NOW).files)
        connections.close_all()

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for each in lookers:
        each.start()
    for each in lookers:
        each.join(timeout=30)
    assert sum(found) == 30
    assert Duty.objects.count() == 30
    assert not CaseFile.objects.due_a_look(NOW).exists()
