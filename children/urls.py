"""Addresses of the start page, the child's page and search. No name stands in an address, only numbers."""

from django.urls import path

from children import breaking_glass_views, restricting_views, views
from children.caseloads import team_views, views as caseloads
from children.changes import CHANGES

app_name = "children"

urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("team/overdue/", views.team_overdue, name="team_overdue"),
    path("team/", team_views.my_team, name="team"),
    path("team/<int:pk>/", team_views.one_team, name="one_team"),
    path("team/<int:pk>/changes/", team_views.team_changes, name="team_changes"),
    path("team/allocate/", caseloads.caseloads, name="caseloads"),
    path("team/move/", caseloads.move_caseloads, name="move_caseloads"),
    path("team/check/", caseloads.check_caseloads, name="check_caseloads"),
    path("search/", views.find_child, name="search"),
    path("children/new/", views.new_child, name="new_child"),
    path("children/<int:pk>/", views.child_page, name="child"),
    path("children/<int:pk>/timeline/", views.child_timeline, name="timeline"),
    path("children/<int:pk>/restriction/", restricting_views.restriction, name="restriction"),
    path("children/<int:pk>/restrict/", restricting_views.restrict, name="restrict"),
    path("children/<int:pk>/restriction/name/", restricting_views.name_person, name="name_person"),
    path("children/<int:pk>/restriction/take-off/", restricting_views.take_off, name="take_off"),
    path("children/<int:pk>/restriction/lift/", restricting_views.lift, name="lift_restriction"),
    path("restricted/", restricting_views.names_wanted, name="names_wanted"),
    path("restricted/<uuid:key>/", restricting_views.name_wanted, name="name_wanted"),
    path("restricted/<uuid:key>/ask/", restricting_views.ask_to_name, name="ask_to_name"),
    path("restricted/<uuid:key>/name/", restricting_views.name_by_role, name="name_by_role"),
    path("restricted/<uuid:key>/record/", restricting_views.restricted_record, name="restricted_record"),
    path("break-glass/", breaking_glass_views.break_glass, name="break_glass"),
    path("break-glass/uses/", breaking_glass_views.break_glass_uses, name="break_glass_uses"),
    path("break-glass/uses/<int:pk>/", breaking_glass_views.break_glass_use, name="break_glass_use"),
    path("break-glass/uses/<int:pk>/close/", breaking_glass_views.close_break_glass, name="close_break_glass"),
    path("break-glass/uses/<int:pk>/review/", breaking_glass_views.break_glass_review, name="break_glass_review"),
    *(path(f"children/<int:pk>/{change.name}/", views.recording_of(change), name=change.act) for change in CHANGES),
]
