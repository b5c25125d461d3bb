"""The addresses of what follows from visits and of what stands around reviews."""

from django.urls import path

from visits.after import agreed_views, review_views, views
from visits.after.agreed import ABOUT_HOME, FOLLOWING

urlpatterns = [
    path("child/<int:pk>/actions/", views.actions_of_child, name="actions_of_child"),
    path("action/<int:pk>/", views.action, name="action"),
    *(path(f"action/<int:pk>/{step}/", views.taking_of(step), name=f"action_{step}") for step in views.STEPS),
    path("form/<int:pk>/read/", views.read_form, name="read_form"),
    path("reading/<int:pk>/", views.reading, name="reading"),
    path("reading/<int:pk>/raise/", views.raise_reading, name="raise_reading"),
    path("review/<int:pk>/", review_views.around_review, name="around_review"),
    path("review/<int:pk>/conversation/", review_views.speak_privately, name="speak_privately"),
    path("review/<int:pk>/visits/", review_views.consider_visits, name="consider_visits"),
    path("home/<int:pk>/missing-form/", review_views.missing_form, name="missing_form"),
    path("home/<int:pk>/agreed/", agreed_views.agreed, name="agreed"),
    *(
        path(f"home/<int:pk>/{row.name.replace('_', '-')}/", agreed_views.recording_of(row), name=row.name)
        for row in ABOUT_HOME
    ),
    *(
        path(f"agreed/<int:pk>/{row.name.replace('_', '-')}/", agreed_views.recording_of(row), name=row.name)
        for row in FOLLOWING
    ),
]
