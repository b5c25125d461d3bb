"""What workers do. Each task is idempotent and lets its exceptions out; what runs when stands in the timetable."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from casework import errands, heads, jobs, notifications, outbox, tidying, watch


@shared_task(bind=True)
def look_at_night(task):
    """Cut the files for which the day's end has changed something into stretches, and ring for each."""
    with jobs.run("look_at_night", by=task.request.id) as run:
        if run:
            run.outcome = f"{watch.hand_out(run.at)} stretches of case files handed out."


@shared_task
def look_at_stretch(first, last):
    """Look at the files that wait among some primary keys."""
    watch.look_at_stretch(first, last, at=timezone.now())


@shared_task
def hand_over():
    """Look at the files whose duties somebody else owes now, because somebody came or went."""
    watch.hand_over(timezone.now())


@shared_task(bind=True)
def look_each_hour(task):
    """Look at whatever waits for a look, and tell whom it concerns."""
    with jobs.run("look_each_hour", by=task.request.id) as run:
        if run:
            run.outcome = str(watch.look(run.at))


@shared_task(bind=True)
def catch_up(task):
    """Ring for whatever was missed or left: nobody knows which bells were lost with a broker or worker."""
    with jobs.run("catch_up", by=task.request.id) as run:
        if run:
            run.outcome = (
                f"Rung for {len(jobs.catch_up(run.at))} jobs, {watch.take_up(run.at)} stretches of case files, "
                f"{outbox.take_up(run.at)} mails and {errands.take_up()} errands."
            )


@shared_task
def do_errand(pk):
    """Do what somebody asked for."""
    errands.do(pk)


@shared_task
def tell(*case_files):
    """Tell whom it concerns what has just changed in these files."""
    notifications.tell_of(case_files, at=timezone.now())


@shared_task(bind=True)
def send_mail(task):
    """Send the mails that wait."""
    with jobs.run("send_mail", by=task.request.id) as run:
        if run:
            run.outcome = str(outbox.send_waiting())


@shared_task
def send_mail_now():
    """Send the mails that wait, because somebody rang."""
    outbox.send_waiting()


@shared_task(bind=True)
def export_heads(task):
    """Export the heads of the event record."""
    with jobs.run("export_heads", by=task.request.id) as run:
        if run:
            run.outcome = str(heads.export(run.at))


@shared_task(bind=True)
def tidy_up(task):
    """Forget old runs of jobs, and ended sessions."""
    with jobs.run("tidy_up", by=task.request.id) as run:
        if run:
            run.outcome = f"{jobs.forget_old_runs(run.at)} runs forgotten. {tidying.tidy(run.at)}".strip()
            call_command("clearsessions")
