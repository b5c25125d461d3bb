"""The addresses of the sign-off chain and of other senior decisions."""

from django.urls import path

from approvals import decision_views, proposing, views
from approvals.connected import views as connected

app_name = "approvals"
urlpatterns = [
    path("convene/<int:placement>/", views.convene, name="convene"),
    path("decisions/begin/<slug:kind>/<int:placement>/", decision_views.begin, name="begin_decision"),
    path("decisions/begin/<slug:kind>/for/<int:child>/", proposing.begin_for_child, name="begin_for_child"),
    path("decisions/<int:pk>/", decision_views.decision, name="decision"),
    path("decisions/<int:pk>/record.pdf", decision_views.decision_document, name="decision_document"),
    path("decisions/<int:pk>/<str:step>/", decision_views.take_decision, name="take_decision"),
    path("connected/", connected.connected_persons, name="connected_persons"),
    path("connected/for/<int:child>/", connected.enquire, name="enquire"),
    path("connected/<int:pk>/", connected.connected_person, name="connected_person"),
    path("connected/<int:pk>/household/", connected.add_to_household, name="add_to_household"),
    path("connected/<int:pk>/household/<int:member>/", connected.household_member, name="household_member"),
    path("connected/<int:pk>/begin/<slug:kind>/", connected.begin_about_person, name="begin_about_person"),
    path("connected/<int:pk>/<str:step>/", connected.take_about_person, name="take_about_person"),
    path("carers/<int:pk>/", connected.carer, name="carer"),
    path("<int:pk>/", views.approval, name="approval"),
    path("<int:pk>/record.pdf", views.document, name="document"),
    path("<int:pk>/<str:step>/", views.take, name="take"),
]
