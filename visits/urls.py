"""The addresses of visits."""

from django.urls import path

from visits import trying, views

app_name = "visits"
urlpatterns = [
    path("try-the-rules/", trying.try_rules, name="try_rules"),
    path("record/<int:placement>/", views.record_visit, name="record"),
    path("child/<int:pk>/", views.visits_of_child, name="visits_of_child"),
    path("<int:pk>/", views.visit, name="visit"),
]
