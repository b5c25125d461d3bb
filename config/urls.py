"""The addresses of the pages."""

from django.conf import settings
from django.urls import include, path

from config.health import health, healthy
from config.sign_in import address_for_mail, sign_out

handler500 = "casework.pages.failed"

urlpatterns = [
    path("healthy", healthy, name="healthy"),
    path("health", health, name="health"),
    path("accounts/logout/", sign_out, name="account_logout"),
    path("accounts/email/", address_for_mail, name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("people/", include("casework.people.urls")),
    path("meetings/", include("casework.meetings.urls")),
    path("approvals/", include("approvals.urls")),
    path("dashboard/", include("tracking.urls")),
    path("imports/", include("exchange.urls")),
    path("visits/", include("visits.urls")),
    path("placements/", include("placements.urls")),
    path("", include("casework.urls")),
    path("", include("children.urls")),
]

if settings.METRICS:
    from config.metrics import metrics

    urlpatterns.append(path("metrics", metrics, name="metrics"))
