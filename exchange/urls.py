"""The addresses of imports, and of reports as files. None holds a child's code, nor a file's name."""

from django.urls import path

from exchange import connected_csv, views

app_name = "exchange"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.bring, name="bring"),
    path("out/relatives-and-friends.csv", connected_csv.people, name="connected_csv"),
    path("out/relatives-and-friends-counts.csv", connected_csv.figures, name="connected_figures_csv"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/decision/", views.decide, name="decide"),
    path("<int:pk>/findings.csv", views.findings_csv, name="findings_csv"),
    path("<int:pk>/findings.xlsx", views.findings_workbook, name="findings_workbook"),
]
