"""Addresses of the pages about people and places. No name stands in an address, only numbers."""

from django.urls import path

from casework.people import views
from casework.people.changes import ADD_AREA, ADD_TEAM, SUBJECTS

app_name = "people"

PLURAL = {
    "person": "",
    "appointment": "appointments/",
    "request": "requests/",
    "team": "teams/",
    "area": "areas/",
}

urlpatterns = [
    path("", views.people, name="people"),
    path("add/", views.add_person, name="add"),
    path("<int:pk>/", views.person_page, name="person"),
    path("<int:pk>/history/", views.person_history, name="history"),
    path("requests/<int:pk>/", views.request_page, name="request"),
    path("places/", views.places, name="places"),
    path("teams/add/", views.adding(ADD_TEAM), name="add_team"),
    path("areas/add/", views.adding(ADD_AREA), name="add_area"),
    path("teams/<int:pk>/", views.team_page, name="team"),
    path("areas/<int:pk>/", views.area_page, name="area"),
    *(
        path(
            f"{PLURAL[subject.kind]}<int:pk>/{change.name}/",
            views.changing(subject, change),
            name=f"{subject.kind}_{change.name}",
        )
        for subject in SUBJECTS
        for change in subject.changes
    ),
]
