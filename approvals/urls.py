"""The addresses of the sign-off chain and of other senior decisions."""

from django.urls import path

from approvals import decision_views, views

app_name = "approvals"
urlpatterns = [
    path("convene/<int:placement>/", views.convene, name="convene"),
    path("decisions/begin/<slug:kind>/<int:placement>/", decision_views.begin, name="begin_decision"),
    path("decisions/<int:pk>/", decision_views.decision, name="decision"),
    path("decisions/<int:pk>/record.pdf", decision_views.decision_document, name="decision_document"),
    path("decisions/<int:pk>/<str:step>/", decision_views.take_decision, name="take_decision"),
    path("<int:pk>/", views.approval, name="approval"),
    path("<int:pk>/record.pdf", views.document, name="document"),
    path("<int:pk>/<str:step>/", views.take, name="take"),
]
