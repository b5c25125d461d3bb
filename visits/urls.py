"""The addresses of visits."""

from django.urls import include, path

from visits import mistakes, views
from visits.figures import views as figures
from visits.photos import views as photographs
from visits.trying import views as trying

app_name = "visits"
urlpatterns = [
    path("", include("visits.after.urls")),
    path("figures/", figures.figures, name="figures"),
    path("figures/list/", figures.figure_list, name="figure_list"),
    path("", include("visits.planning.urls")),
    path("forms/", include("visits.visiting_forms.urls")),
    path("offline/", include("visits.offline.urls")),
    path("try-the-rules/", trying.try_rules, name="try_rules"),
    path("try-the-rules/<int:placement>/", trying.try_rules_here, name="try_rules_here"),
    path("record/<int:placement>/", views.record_visit, name="record"),
    path("child/<int:pk>/", views.visits_of_child, name="visits_of_child"),
    path("<int:pk>/", views.visit, name="visit"),
    path("<int:pk>/mistake/", mistakes.strike_out, name="strike_out"),
    path("<int:pk>/photographs/new/", photographs.add_photograph, name="add_photograph"),
    path("photographs/<int:pk>/", photographs.photograph, name="photograph"),
]
