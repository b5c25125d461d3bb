"""Addresses of placements, homes and providers. No name stands in an address, only numbers."""

from django.urls import path

from placements import views
from placements.changes import MISTAKES, OF_HOMES, OF_PLACEMENTS, SECURE

app_name = "placements"

urlpatterns = [
    path("<int:pk>/", views.placement_page, name="placement"),
    *(
        path(f"<int:pk>/{change.name}/", views.fact_of(change), name=change.act)
        for change in (*OF_PLACEMENTS, *SECURE, *MISTAKES)
    ),
    path("child/<int:pk>/", views.homes_of_child, name="homes_of_child"),
    path("child/<int:pk>/moved/", views.moved, name="moved"),
    path("child/<int:pk>/care-ended/", views.care_ended, name="care_ended"),
    path("homes/", views.homes, name="homes"),
    path("homes/<int:pk>/", views.home_page, name="home"),
    *(path(f"homes/<int:pk>/{change.name}/", views.fact_of_home(change), name=change.act) for change in OF_HOMES),
    path("providers/<int:pk>/", views.provider_page, name="provider"),
]
