"""The addresses of meetings. No name stands in an address, only numbers."""

from django.urls import path

from casework.meetings import views

app_name = "meetings"

urlpatterns = [
    path("arrange/<slug:kind>/<int:file>/", views.arrange, name="arrange"),
    path("arrange/<slug:kind>/<int:file>/<int:about>/", views.arrange, name="arrange_about"),
    path("actions/<int:pk>/", views.action, name="action"),
    path("actions/<int:pk>/<str:step>/", views.take_action, name="take_action"),
    path("copies/<int:pk>.pdf", views.copy, name="copy"),
    path("<int:pk>/", views.meeting, name="meeting"),
    path("<int:pk>/agree/", views.agree, name="agree"),
    path("<int:pk>/minutes.pdf", views.minutes_document, name="document"),
    path("<int:pk>/meeting.ics", views.calendar, name="calendar"),
    path("<int:pk>/<str:step>/", views.take, name="take"),
]
