"""The addresses of the sign-off chain and of other senior decisions."""

from django.urls import path

from approvals import views
from approvals.connected import views as connected
from approvals.decisions import proposing, views as decision_views
from approvals.inbox import views as inbox_views
from approvals.inbox.piles import Pile
from approvals.kinds import written
from approvals.record import views as record_views

app_name = "approvals"
urlpatterns = [
    path("who-decides/", written.who_decides, name="who_decides"),
    path("", inbox_views.show, name="inbox"),
    path("coming/", inbox_views.show, {"pile": Pile.COMING}, name="inbox_coming"),
    path("with-others/", inbox_views.show, {"pile": Pile.OTHERS}, name="inbox_others"),
    path("done/", inbox_views.show, {"pile": Pile.DONE}, name="inbox_done"),
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
    path("<int:pk>/record/", record_views.record, name="record"),
    path("<int:pk>/record/<slug:name>/", record_views.section, name="record_section"),
    path("<int:pk>/compare/", record_views.compare, name="compare"),
    path("<int:pk>/<str:step>/", views.take, name="take"),
]
