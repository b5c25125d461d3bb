"""The addresses of what works without a connection."""

from django.urls import path

from visits.offline import along, shell

urlpatterns = [
    path("", shell.shell, name="offline"),
    path("worker.js", shell.worker, name="worker"),
    path("children/", along.taken_along, name="taken_along"),
]
