"""A worker is killed in the middle of loading: another takes it up; nothing doubled, nothing lost, the report complete."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import Role
from casework import errands, events
from casework.models import CaseFile, Event
from children.models import Child
from exchange import deliveries, loading
from exchange.models import Delivery, ImportRun, KeptFinding, SourceFile, SourceRow
from placements.models import Placement
from tests.exchange.bringing import AUTHORITY, a_return, work
from tests.exchange.files_and_rows import episode, header
from tests.factories import a
from tests.waiting import soon

pytestmark = pytest.mark.django_db(transaction=True)
CHILDREN, AT_ONCE, LAST = 12, 4, "1011"
WORKER = """
import sys, django
django.setup()
from casework import errands
from exchange import loading
loading.CHILDREN_AT_ONCE = int(sys.argv[2])
errands.do(int(sys.argv[1]))
"""


@pytest.fixture
def delivery(tmp_path):
    """Twelve children who moved twice; one row of no child; one child absent from the later of two years."""
    jess = a(Role.PERFORMANCE, name="jess-brook")
    codes = [str(1000 + number) for number in range(CHILDREN)]
    rows = [
        row
        for code in codes
        for row in (
            episode("01/05/2017", "01/09/2017", child=code, PL_POST="nowhere"),
            episode("01/09/2017", "01/02/2018", child=code, rne="P", PLACE="K2", URN="1234567"),
            episode("01/02/2018", child=code, rne="P", PLACE="K2", URN="7654321"),
        )
    ]
    files = a_return(tmp_path / "2017", *rows, episode("01/05/2017", child=""), headers=[*map(header, codes)])
    sent = [SimpleUploadedFile(*file) for file in files]
    brought = deliveries.bring(sent, by=jess, at=timezone.now(), authority_code=AUTHORITY)
    work()
    return Delivery.objects.get(pk=brought.pk)


def a_worker(errand):
    """A process of its own that does an errand, a few children at a time."""
    name = connection.settings_dict["NAME"]
    address = os.environ.get("DATABASE_URL") or settings.EMBEDDED_DATABASE.url("hearth_owner")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{name}",
        "HEARTH_DATABASE_AS": "owner",
    }
    command = [sys.executable, "-c", WORKER, str(errand.pk), str(AT_ONCE)]
    root = Path(settings.BASE_DIR)
    return subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)


def told(delivery):
    """What the findings say, each as often as it is said."""
    fields = ("code", "file", "row", "column", "value", "child")
    return Counter(KeptFinding.objects.filter(delivery=delivery).values_list(*fields))


def test_what_a_killed_worker_left_is_taken_up_and_nothing_is_doubled_or_lost(delivery):
    looked, promised = told(delivery), delivery.told
    delivery = deliveries.decide(delivery.pk, "load", by=delivery.by, at=timezone.now())
    with transaction.atomic():
        # Somebody is about to record a child under the number of one of the last: the worker waits for that.
        case_file = CaseFile.objects.create(kind=CaseFile.Kind.CHILD, opened_at=timezone.now())
        Child.objects.create(case_file=case_file, reference=LAST, date_of_birth=date(2012, 2, 14))
        worker = a_worker(delivery.load)
        try:
            soon(lambda: SourceRow.objects.filter(child__isnull=False).count() == 2 * AT_ONCE * 4)
            os.killpg(worker.pid, signal.SIGKILL)
            assert worker.wait() == -signal.SIGKILL
        finally:
            worker.kill()
            worker.wait()
        transaction.set_rollback(True)
    assert Child.objects.count() == 2 * AT_ONCE
    assert not Delivery.objects.get().load.ended_at
    soon(lambda: errands.do(delivery.load_id) or Delivery.objects.get().load.ended_at)
    delivery = Delivery.objects.get()
    assert delivery.load.failed == ""
    assert delivery.load.attempts == 2
    assert (Child.objects.count(), Placement.objects.count()) == (CHILDREN, 3 * CHILDREN)
    assert (SourceRow.objects.count(), ImportRun.objects.count()) == (4 * CHILDREN + 1, 1)
    assert Event.objects.filter(act="load_return", case_file__kind="child").count() == CHILDREN
    assert not SourceFile.objects.filter(loaded_at=None).exists()
    assert list(events.faults_in_chains()) == []
    assert told(delivery) == looked
    assert delivery.told["made"] == promised["made"]
    assert delivery.told["histories"] == promised["histories"]
    assert delivery.told["levels"] == promised["levels"]
    assert delivery.files_gone_at


def test_a_worker_killed_after_the_last_child_leaves_a_whole_report(delivery, monkeypatch):
    looked = told(delivery)
    delivery = deliveries.decide(delivery.pk, "load", by=delivery.by, at=timezone.now())

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("exchange.import_errands.delete_files", die)
        with pytest.raises(KeyboardInterrupt):
            work()
    with monkeypatch.context() as dying:
        dying.setattr(loading._Loading, "_end", die)
        work()
    delivery = Delivery.objects.get()
    assert delivery.load.ended_at
    assert told(delivery) == looked
    assert delivery.told["made"]["children"] == CHILDREN
    assert delivery.told["files"]


def test_looking_that_was_killed_begins_afresh(delivery):
    looked = told(delivery)
    type(delivery.look).objects.filter(pk=delivery.look_id).update(ended_at=None)
    work()
    assert told(delivery) == looked
