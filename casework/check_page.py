"""The page on which the digest of a paper is typed, to learn whether the record still stands as the paper says.

Whoever types digests that are not known waits after as many as after wrong passwords, and as long.
"""

import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casework.digests import ENOUGH, WHOLE, groups_that_differ, look_up
from casework.forms import Form
from casework.models import FailedCheck
from casework.pages import Holds, page
from casework.wording import counted, said_time

MISREAD: Final = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1"})
"""What people type for a digit that looks like it: a digest holds none of these letters."""
HOLDS: Final = frozenset("0123456789abcdef")


class DigestForm(Form):
    """The digest as it stands on the paper, however it was typed."""

    digest = forms.CharField(
        label="Digest",
        max_length=500,
        help_text="It stands at the end of the document. The first two groups are enough; spaces and capitals do not matter.",
        widget=forms.TextInput(
            attrs={"class": "hearth-digest", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def clean_digest(self) -> str:
        """Digits and small letters alone, at least the first two groups."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["digest"]).casefold().translate(MISREAD)
        letters = [letter for letter in typed if letter.isalnum()]
        foreign = sorted(set(letters) - HOLDS)
        if foreign:
            raise forms.ValidationError(
                f"A digest has only the digits 0 to 9 and the letters a to f. You also typed: {', '.join(foreign[:10])}."
            )
        if len(letters) < ENOUGH:
            raise forms.ValidationError(
                f"Type at least the first two groups, {ENOUGH} letters and digits. You typed {len(letters)}."
            )
        if len(letters) > WHOLE:
            raise forms.ValidationError(f"A digest has {WHOLE} letters and digits. You typed {len(letters)}.")
        return "".join(letters)


@page(Holds.THOSE_IN_SIGHT)
def check_document(request: HttpRequest) -> HttpResponse:
    """Type the digest of a document, and learn whether this is how the record stands."""
    if request.method != "POST":
        return _shown(request, DigestForm())
    form = DigestForm(request.POST)
    waits_until = locked_until(request.user, request.at)
    if waits_until:
        return _shown(request, form, status=429, waits_until=said_time(waits_until), tries=_tries())
    if not form.is_valid():
        return _shown(request, form, status=422)
    typed = form.cleaned_data["digest"]
    told = look_up(typed, request.user, request.at)
    if told is None:
        FailedCheck.objects.create(by=request.user, at=request.at)
        return _shown(request, form, is_unknown=True)
    told = replace(told, differs=groups_that_differ(typed, told.version.digest))
    return _shown(request, DigestForm(), told=told)


def locked_until(user: Any, at: datetime) -> datetime | None:
    """When this person may try again; None where nothing is in the way."""
    failed = FailedCheck.objects.filter(by=user, at__gt=at - settings.AXES_COOLOFF_TIME).order_by("-at")
    last = list(failed.values_list("at", flat=True)[: settings.AXES_FAILURE_LIMIT])
    return last[-1] + settings.AXES_COOLOFF_TIME if len(last) == settings.AXES_FAILURE_LIMIT else None


def forget_old(at: datetime) -> int:
    """Delete the tries that lock nobody any more; how many they were."""
    return FailedCheck.objects.filter(at__lte=at - settings.AXES_COOLOFF_TIME).delete()[0]


def _tries() -> str:
    return counted(settings.AXES_FAILURE_LIMIT, "digest")


def _shown(request: HttpRequest, form: DigestForm, *, status: int = 200, **told: Any) -> HttpResponse:
    return render(request, "check_document.html", {"form": form, **told}, status=status)
