"""The addresses of planning."""

from django.urls import path

from visits.planning import feed_views, round_views, views

urlpatterns = [
    path("plan/<int:placement>/", views.plan_visit, name="plan"),
    path("go-along/<int:pk>/", views.plan_company, name="plan_company"),
    path("planned/", views.planned, name="planned"),
    path("planned/<int:pk>/", views.planned_visit, name="planned_visit"),
    path("planned/<int:pk>/change-the-day/", views.step_of("rearrange"), name="rearrange"),
    path("planned/<int:pk>/made-on-another-day/", views.step_of("was_made"), name="was_made"),
    path("planned/<int:pk>/call-off/", views.step_of("call_off"), name="call_off"),
    path("round/", round_views.day_round, name="round"),
    path("calendar/", feed_views.calendar, name="calendar"),
    path("dates.ics", feed_views.dates, name="feed"),
]
