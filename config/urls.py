"""The addresses of the pages."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path


@login_not_required
def healthy(request):
    """Tells a supervisor that this process answers."""
    return HttpResponse("ok", content_type="text/plain")


admin.site.login = secure_admin_login(admin.site.login)

handler500 = "casework.pages.failed"

urlpatterns = [
    path("healthy", healthy, name="healthy"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("approvals/", include("approvals.urls")),
    path("dashboard/", include("tracking.urls")),
    path("visits/", include("visits.urls")),
    path("placements/", include("placements.urls")),
    path("", include("casework.urls")),
    path("", include("children.urls")),
]

if settings.METRICS:
    urlpatterns.append(path("", include("django_prometheus.urls")))
