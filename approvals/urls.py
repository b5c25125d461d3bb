"""The addresses of the sign-off chain."""

from django.urls import path

from approvals import views

app_name = "approvals"
urlpatterns = [
    path("convene/<int:placement>/", views.convene, name="convene"),
    path("<int:pk>/", views.approval, name="approval"),
    path("<int:pk>/record.pdf", views.document, name="document"),
    path("<int:pk>/<str:step>/", views.take, name="take"),
]
