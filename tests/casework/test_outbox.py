"""The outbox: what is written is sent, at least once, also where mail server, broker or worker fail in between.

The mail server here is a real one on a socket, as far as it goes; broker and worker are the real ones.
"""

import socket
import socketserver
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections, transaction

from accounts.models import User
from casework import bell, outbox
from casework.models import Duty, JobRun, Notification, OutgoingMail
from config.celery import app
from tests.factories import NOW, World, with_unapproved_relative
from tests.waiting import SECONDS, soon

MINUTE = timedelta(minutes=1)


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as is needed: takes mails, refuses some recipients, or hangs up."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken, self.refuses, self.hangs_up = [], set(), False


class Conversation(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 ready")
        to = None
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].upper()
            if verb == "RCPT TO":
                to = line.partition(":")[2].strip("<> ")
                self.say("550 no such mailbox" if to in self.server.refuses else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                text = []
                while (line := self.rfile.readline().decode()) != ".\r\n":
                    text.append(line)
                if self.server.hangs_up:
                    return
                self.server.taken.append((to, "".join(text)))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@pytest.fixture
def mail_server(settings):
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def somebody(name="social-worker"):
    return User.objects.create(username=name, email=f"{name}@council.example")


def waiting_mails(*people, at=NOW):
    outbox.write([(person, f"Something waits {n}", "Open My work.") for n, person in enumerate(people, 1)], at=at)


def to_whom(mail_server):
    return [to for to, _ in mail_server.taken]


# Sending


@pytest.mark.django_db
def test_what_waits_is_sent_once_oldest_first(mail_server):
    first, second = somebody("first"), somebody("second")
    waiting_mails(second, at=NOW + MINUTE)
    waiting_mails(first, at=NOW)
    assert str(outbox.send_waiting(at=NOW + MINUTE)) == "2 mails sent, 0 refused by the mail server and kept."
    assert to_whom(mail_server) == ["first@council.example", "second@council.example"]
    assert "Subject: Something waits 1" in mail_server.taken[0][1]
    assert set(OutgoingMail.objects.values_list("sent_at", "attempts")) == {(NOW + MINUTE, 1)}
    assert outbox.send_waiting(at=NOW + 2 * MINUTE).sent == 0
    assert len(mail_server.taken) == 2


@pytest.mark.django_db
def test_a_refused_mail_is_kept_tried_later_and_holds_up_no_other(mail_server):
    left, there = somebody("left"), somebody("there")
    waiting_mails(left, there)
    mail_server.refuses = {"left@council.example"}
    done = outbox.send_waiting(at=NOW)
    assert (done.sent, done.refused) == (1, 1)
    assert to_whom(mail_server) == ["there@council.example"]
    assert outbox.send_waiting(at=NOW + MINUTE).refused == 0, "not yet"
    assert outbox.send_waiting(at=NOW + 2 * MINUTE).refused == 1
    assert outbox.send_waiting(at=NOW + 5 * MINUTE).refused == 0, "twice as long with every attempt"
    mail_server.refuses = set()
    assert outbox.send_waiting(at=NOW + 6 * MINUTE).sent == 1
    assert OutgoingMail.objects.get(to=left).attempts == 3


@pytest.mark.django_db
def test_an_address_that_none_could_be_holds_up_no_other_mail(mail_server):
    left, there = somebody("left"), somebody("there")
    User.objects.filter(pk=left.pk).update(email="left\n@council.example")
    waiting_mails(left, there)
    done = outbox.send_waiting(at=NOW)
    assert (done.sent, done.refused) == (1, 1)
    assert to_whom(mail_server) == ["there@council.example"]
    assert OutgoingMail.objects.filter(to=left, sent_at=None).exists()


@pytest.mark.django_db
def test_a_mail_refused_for_days_waits_at_most_half_a_day(mail_server):
    waiting_mails(somebody("left"))
    OutgoingMail.objects.update(attempts=5000)
    mail_server.refuses = {"left@council.example"}
    outbox.send_waiting(at=NOW)
    assert OutgoingMail.objects.get().try_again_at == NOW + timedelta(hours=12)


@pytest.mark.django_db
def test_while_the_mail_server_is_down_nothing_is_tried_and_the_round_fails(settings, mail_server):
    waiting_mails(somebody())
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(OSError, match="refused"):
        outbox.send_waiting(at=NOW)
    assert OutgoingMail.objects.get().attempts == 0
    settings.EMAIL_PORT = port
    assert outbox.send_waiting(at=NOW).sent == 1


@pytest.mark.django_db
def test_a_mail_whose_sending_broke_off_goes_out_again(mail_server):
    """Whether it had arrived nobody knows: at least once, rather than never."""
    waiting_mails(somebody())
    mail_server.hangs_up = True
    with pytest.raises(OSError, match="closed"):
        outbox.send_waiting(at=NOW)
    mail = OutgoingMail.objects.get()
    assert (mail.sent_at, mail.attempts) == (None, 1)
    mail_server.hangs_up = False
    assert outbox.send_waiting(at=NOW + MINUTE).sent == 0, "somebody might still be at it"
    assert outbox.send_waiting(at=NOW + 2 * MINUTE).sent == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_send_each_mail_once(mail_server):
    people = [somebody(f"person-{number}") for number in range(20)]
    waiting_mails(*people)
    ready = threading.Barrier(4)

    def worker():
        ready.wait(timeout=SECONDS)
        outbox.send_waiting(at=NOW)
        connections.close_all()

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(timeout=SECONDS)
    assert sorted(to_whom(mail_server)) == sorted(person.email for person in people)


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_another_worker_has_just_taken_is_passed_over(mail_server):
    waiting_mails(somebody("first"), somebody("second"))
    with transaction.atomic():
        OutgoingMail.objects.select_for_update().get(to__username="first")
        thread = threading.Thread(target=lambda: (outbox.send_waiting(at=NOW), connections.close_all()))
        thread.start()
        thread.join(timeout=SECONDS)
        assert not thread.is_alive(), "it does not wait for the lock"
    assert to_whom(mail_server) == ["second@council.example"]


@pytest.mark.django_db
def test_mails_are_rows_of_the_same_transaction():
    with transaction.atomic():
        waiting_mails(somebody())
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


# Broker and worker


def all_sent():
    return OutgoingMail.objects.exists() and not OutgoingMail.objects.filter(sent_at=None).exists()


def world_with_addresses():
    world = World(at=datetime.now(UTC))
    for person in User.objects.all():
        person.email = f"{person.username}@council.example"
        person.save()
    return world


def test_a_commit_rings_and_a_worker_sends(worker):
    waiting_mails(somebody(), at=datetime.now(UTC))
    soon(all_sent)
    assert OutgoingMail.objects.get().attempts == 1


def test_from_the_act_to_the_mail_in_one_go(worker):
    """A child goes to live with a relative whom nobody approved: from that minute on the alarm reaches three people."""
    world = world_with_addresses()
    with_unapproved_relative(world.own_child, since=datetime.now(UTC) - timedelta(days=1))
    assert Duty.objects.open().filter(kind="D-00", case_file=world.own_child.case_file_id).exists()
    soon(lambda: Notification.objects.filter(duty__kind="D-00").count() >= 3)
    soon(all_sent)
    alarmed = Notification.objects.filter(duty__kind="D-00").values_list("person", flat=True)
    assert {world.team_manager.pk} < set(alarmed)


@pytest.fixture
def broker_stopped(worker):
    """The broker is down; afterwards it runs again, and the worker has found it."""
    broker = django_settings.EMBEDDED_BROKER
    if broker is None:
        pytest.skip("the broker is a server that is not ours to stop")
    broker.stop()
    yield broker
    if broker._process.poll() is not None:
        broker.start()
    soon(lambda: app.control.inspect(timeout=0.5).ping())


def test_with_the_broker_down_the_act_stands_at_once_and_mail_goes_after_the_restart(
    broker_stopped, monkeypatch, capsys
):
    began = time.monotonic()
    world = world_with_addresses()
    with_unapproved_relative(world.own_child, since=datetime.now(UTC) - timedelta(days=1))
    assert time.monotonic() - began < 20, "nobody waited for the broker"
    assert Duty.objects.open().filter(kind="D-00").exists(), "duties are up to date without it"
    call_command("refresh_duties")
    assert "notifications" in capsys.readouterr().out
    assert OutgoingMail.objects.filter(sent_at=None).count() >= 3, "the mails wait in the database"

    broker_stopped.start()
    monkeypatch.setattr(bell.quiet, "until", 0.0)
    JobRun.objects.all().delete()  # the next time of the timetable has come
    soon(lambda: bell.ring("casework.tasks.send_mail"))
    soon(all_sent)
    soon(lambda: JobRun.objects.filter(job="send_mail", finished_at__isnull=False).exists())


def test_the_bell_answers_at_once_and_never_raises(broker_stopped):
    began = time.monotonic()
    assert bell.ring("casework.tasks.send_mail_now") is False
    for _ in range(100):
        assert bell.ring("casework.tasks.send_mail_now") is False
    assert time.monotonic() - began < 5


def test_a_broker_that_takes_the_call_and_says_nothing_is_not_waited_for_long(monkeypatch):
    monkeypatch.setattr(bell.quiet, "until", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with Celery("silent") as celery:
            celery.config_from_object("django.conf:settings", namespace="CELERY")
            celery.conf.update(broker_url=address)
            monkeypatch.setattr(bell, "current_app", celery)
            began = time.monotonic()
            assert bell.ring("casework.tasks.send_mail_now") is False
            assert bell.ring("casework.tasks.send_mail_now") is False
            assert time.monotonic() - began < 5
