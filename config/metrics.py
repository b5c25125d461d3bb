"""Counts and times for Prometheus: what every view took, and what waits. Off unless the installation asks (METRICS).

Requests are counted by the name of their view, never by an address. Whoever reads them shows METRICS_TOKEN; to anybody
else there is nothing here.
"""

import contextlib
import hmac
import os

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerDown
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from casework import jobs
from casework.models import Duty, Errand, OutgoingMail

QUEUE = "celery"


@login_not_required
@require_safe
@never_cache
def metrics(request):
    """Everything that is counted, for whoever shows the token."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    counted = generate_latest(_counted()) + generate_latest(_waiting())
    return HttpResponse(counted, content_type=CONTENT_TYPE_LATEST)


def _counted():
    """What the web processes counted, all together where they share a folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry


def _waiting():
    registry = CollectorRegistry()
    registry.register(Waiting())
    return registry


class Waiting:
    """What waits to be done, as the database and the broker know it at this moment."""

    def collect(self):
        """Each as one number."""
        now = timezone.now()
        yield _gauge("duties_overdue", "Duties that are overdue", Duty.objects.overdue(at=now).count())
        yield _gauge("jobs_stale", "Jobs that did not run when they should", len(jobs.stale_jobs(now)))
        yield _gauge("outbox_waiting", "Mails not sent yet", OutgoingMail.objects.filter(sent_at=None).count())
        yield _gauge("errands_waiting", "Errands not done yet", Errand.objects.not_ended().count())
        with contextlib.suppress(BrokerDown), current_app.connection_for_read() as connection:
            length = connection.default_channel.client.llen(QUEUE)
            yield _gauge("queue_length", "Tasks that no worker has taken yet", length)


def _gauge(name, says, value):
    return GaugeMetricFamily(f"hearth_{name}", says, value=value)
