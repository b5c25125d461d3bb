"""Addresses of the start page, the child's page and search. No name stands in an address, only numbers."""

from django.urls import path

from children import views
from children.changes import CHANGES

app_name = "children"

urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("team/overdue/", views.team_overdue, name="team_overdue"),
    path("search/", views.find_child, name="search"),
    path("children/new/", views.new_child, name="new_child"),
    path("children/<int:pk>/", views.child_page, name="child"),
    path("children/<int:pk>/timeline/", views.child_timeline, name="timeline"),
    *(path(f"children/<int:pk>/{change.name}/", views.recording_of(change), name=change.act) for change in CHANGES),
]
