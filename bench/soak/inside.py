"""What the fault runs do with the product's own code, with the rights of web and worker: `python -m bench.soak.inside`.

Each word is a function here; what it finds it prints as JSON, and the run judges that.
"""

import json
import os
import sys
import threading
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

COLLEAGUES = 3
FOUR = ("social_worker", "team_manager", "legal", "dhos")


def leave_work(steps, seconds, mails=5):
    """Ask for an errand of so many steps that take so long, and write mails that nobody rings for; their numbers."""
    return errand(steps, seconds), write_mails(mails)


def five_times_each(mails):
    """The same, with each task given out five times; the numbers of the errand and of the mails."""
    written = write_mails(mails)
    five_times("send_mail")
    asked = errand(10, 0.1)
    five_times("do_errand", asked)
    return asked, written


def errand(steps, seconds):
    """Ask for an errand of so many steps that take so long; its number."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from bench.soak.counting import COUNTING
    from casework import errands

    with transaction.atomic():
        by = User.objects.get(username="administrator")
        told = {"steps": int(steps), "seconds": float(seconds)}
        return errands.ask(COUNTING.name, by=by, at=timezone.now(), told=told).pk


def five_times(task, *numbers):
    """Give the same task out five times, under one number."""
    from celery import current_app

    number = str(uuid4())
    for _ in range(5):
        current_app.send_task(f"casework.tasks.{task}", args=numbers, task_id=number)


def write_mails(count):
    """Write mails that nobody rings for."""
    from django.utils import timezone

    from accounts.models import User
    from casework.models import OutgoingMail

    to = User.objects.get(username="administrator")
    mails = [OutgoingMail(to=to, subject=f"Mail {n}", body="-", written_at=timezone.now()) for n in range(int(count))]
    return [mail.pk for mail in OutgoingMail.objects.bulk_create(mails)]


def appoint_directors():
    """Three colleagues of the Service Director, appointed past the product: it has one, as authorities have."""
    from django.db import connection
    from django.utils import timezone

    from accounts.models import Appointment, User
    from accounts.roles import Role

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    for number in range(COLLEAGUES):
        director = User.objects.create(
            username=f"director-{number}", first_name="Invented", last_name=f"Director {number}"
        )
        since = timezone.now() - timedelta(days=1)
        Appointment.objects.create(user=director, role=Role.SERVICE_DIRECTOR, starts_at=since)
    return COLLEAGUES


def sign_off_together(placement, rounds):
    """Four directors give final sign-off to the same record at the same moment, round after round; how each round went."""
    from django.utils import timezone

    from accounts.models import User
    from accounts.roles import Role
    from approvals.models import CaseDiscussion, Signature
    from approvals.states import Act
    from casework.steps import carry_out

    directors = list(User.objects.holding(Role.SERVICE_DIRECTOR, at=timezone.now()))
    went = []
    for number in range(int(rounds)):
        chain, hos, worker = _approved(int(placement), f"Round {number}")
        outcomes = _together([(chain, director) for director in directors])
        signed = Signature.objects.filter(version=chain.version, act=Act.SIGN_OFF).count()
        went.append([sorted(outcomes), signed])
        chain = CaseDiscussion.objects.get(pk=chain.pk)
        chain = carry_out(chain.communicate, by=hos, at=timezone.now())
        carry_out(chain.file, by=worker, at=timezone.now(), reference=f"DOC-{number}")
    return {"directors": len(directors), "rounds": went}


def _approved(placement, text):
    """A chain that waits for the Director, and who has to do with it afterwards."""
    from django.utils import timezone

    from accounts.models import User
    from approvals.states import ApprovedAs
    from bench.chains import CONTENT, to_convene
    from casework.steps import carry_out
    from placements.models import Placement

    people = json.loads(os.environ["SOAK_PEOPLE"])
    person = {role: User.objects.get(username=name) for role, name in people.items()}
    at = timezone.now()
    chain = to_convene(Placement.objects.get(pk=placement))
    named = {role: person[role] for role in ("social_worker", "team_manager", "legal")}
    chain = carry_out(chain.convene, by=person["dhos"], at=at, held_at=at, **named)
    chain = carry_out(chain.record, by=person["dhos"], at=at, content={**CONTENT, "discussion": text})
    for role in FOUR:
        chain = carry_out(chain.agree, by=person[role], at=at, digest=chain.version.digest)
    approved = {"digest": chain.version.digest, "approved_as": ApprovedAs.INTERIM}
    return carry_out(chain.approve, by=person["hos"], at=at, **approved), person["hos"], person["social_worker"]


def _together(clicks):
    """Sign at the same moment, each on a connection of its own; how each went."""
    from django.db import connection
    from django.utils import timezone

    from approvals.models import CaseDiscussion
    from casework.steps import Refused, carry_out

    ready, went = threading.Barrier(len(clicks)), ["nothing"] * len(clicks)

    def sign(number, chain, director):
        try:
            seen = CaseDiscussion.objects.get(pk=chain.pk)
            digest = seen.version.digest
            ready.wait(timeout=60)
            carry_out(seen.sign_off, by=director, at=timezone.now(), digest=digest)
            went[number] = "signed"
        except Refused as refused:
            went[number] = type(refused).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(number, *click)) for number, click in enumerate(clicks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return went


def clocks():
    """What the clock changes and the leap day do to limits and to the timetable (`bench.soak.clocks`)."""
    from bench.soak import clocks as clock

    return clock.found()


WORDS = (leave_work, five_times_each, appoint_directors, sign_off_together, clocks)

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    import_module("config.celery")
    word = next(word for word in WORDS if word.__name__ == sys.argv[1])
    sys.stdout.write(json.dumps(word(*sys.argv[2:])))
