"""Addresses that every page uses, and those of the procedures."""

from django.urls import include, path

from casework import draft_page
from casework.check_page import check_document
from casework.context import colours
from casework.duty_links import meet
from casework.errand_page import errand
from casework.pages import Holds, page
from casework.procedure_pages import views as procedure_pages

app_name = "casework"

procedures = [
    path("", procedure_pages.rules, name="procedures"),
    path("what-changed/", procedure_pages.amendments, name="amendments"),
    path("proposals/", procedure_pages.all_proposals, name="proposals"),
    path("proposals/<int:pk>/", procedure_pages.proposal, name="proposal"),
    path("proposals/<int:pk>/duties/", procedure_pages.moved, name="moved"),
    path("proposals/<int:pk>/decide/", procedure_pages.decide_value, name="decide_value"),
    path("proposals/<int:pk>/take-back/", procedure_pages.withdraw_value, name="withdraw_value"),
    path("proposals/<int:pk>/work-out-again/", procedure_pages.look_again, name="look_again"),
    path("rules/<str:code>/", procedure_pages.rule, name="procedure"),
    path("rules/<str:code>/ask/", procedure_pages.ask_value, name="ask_value"),
]

urlpatterns = [
    path("session/", draft_page.session, name="session"),
    path("drafts/", draft_page.save_draft, name="save_draft"),
    path("drafts/thrown-away/", draft_page.discard_draft, name="discard_draft"),
    path("duties/<int:pk>/", meet, name="duty"),
    path("errands/<int:pk>/", errand, name="errand"),
    path("check-a-document/", check_document, name="check_document"),
    path("procedures/", include(procedures)),
    path("colours.css", page(Holds.NOTHING_PERSONAL, is_public=True)(colours), name="colours"),
]
