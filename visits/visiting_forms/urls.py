"""The addresses of visiting forms."""

from django.urls import path

from visits.visiting_forms import beginning, views

urlpatterns = [
    path("begin/<slug:kind>/visit/<int:visit>/", beginning.begin_from_visit, name="begin_from_visit"),
    path("begin/<slug:kind>/child/<int:pk>/", beginning.begin_before_move, name="begin_before_move"),
    path("begin/<slug:kind>/home/<int:placement>/", beginning.begin_at_home, name="begin_at_home"),
    path("child/<int:pk>/", views.forms_of_child, name="forms_of_child"),
    path("<int:pk>/", views.form, name="form"),
    path("<int:pk>/form.pdf", views.document, name="form_document"),
    path("<int:pk>/compare/", views.compare, name="compare_form"),
    path("<int:pk>/mistake/", views.withdraw, name="withdraw_form"),
    path("<int:pk>/fill/", views.fill, name="fill"),
    path("<int:pk>/fill/<slug:name>/", views.section, name="fill_section"),
]
