"""The addresses of imports, of exports, and of reports as files. None holds a child's code, nor a file's name."""

from django.urls import path

from exchange import connected_csv, exports, views, visit_figures_csv

app_name = "exchange"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.bring, name="bring"),
    path("new/visits/", views.bring_visits, name="bring_visits"),
    path("out/", exports.exports, name="exports"),
    path("out/visits/", exports.export_visits, name="export_visits"),
    path("out/<int:pk>/", exports.export, name="export"),
    path("out/<int:pk>/ssd_cla_visits.csv", exports.export_file, name="export_file"),
    path("out/relatives-and-friends.csv", connected_csv.people, name="connected_csv"),
    path("out/relatives-and-friends-counts.csv", connected_csv.figures, name="connected_figures_csv"),
    path("out/visits.csv", visit_figures_csv.rows, name="visit_list_csv"),
    path("out/visits-counts.csv", visit_figures_csv.figures, name="visit_figures_csv"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/decision/", views.decide, name="decide"),
    path("<int:pk>/findings.csv", views.findings_csv, name="findings_csv"),
    path("<int:pk>/findings.xlsx", views.findings_workbook, name="findings_workbook"),
]
