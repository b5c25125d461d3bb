"""The addresses of Hearth, and the empty page that everything is measured against."""

from django.shortcuts import render
from django.urls import path

from casework.pages import Holds, page
from config.urls import handler500 as handler500, urlpatterns as of_hearth

EMPTY = "nothing/"


@page(Holds.NOTHING_PERSONAL)
def nothing(request):
    """What surrounds every page, and nothing inside it."""
    return render(request, "base.html")


urlpatterns = [path(EMPTY, nothing), *of_hearth]
