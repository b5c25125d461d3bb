"""Where a visit begins without a connection: one page without personal data, and the worker that keeps it in the browser.

Its form is the form for a visit, with every question and nobody's answers. Scripts fill in what the browser has kept for
whoever was signed in here last, sealed under that person's key.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from casework.context import authority
from casework.pages import Holds, page
from visits.forms import VisitForm
from visits.permissions import VISITING

STYLES = ("vendor/govuk/govuk-frontend.min.css", "vendor/moj/moj-frontend.min.css", "hearth/hearth.css")
SCRIPTS_FROM_ELSEWHERE = ("vendor/govuk/govuk-frontend.min.js",)
LOOKED_FOR_ANEW = 10 * 60
"""Seconds until a browser asks whether there is a new worker."""


class FormForAnybody(VisitForm):
    """The form for a visit before anybody knows who visits whom: in which role is asked of whoever holds several."""

    def __init__(self) -> None:
        super().__init__(about=None, by=None, at=None)
        for field in self.fields.values():
            field.initial = None

    def _ask_role_of_several(self) -> None:
        self.fields["role"].choices = [(role.value, role.label) for role in VISITING]

    @property
    def sentences(self) -> str:
        """What to say of each question that must be answered, for the script that asks before it keeps the form."""
        revealed = {name for answers in self.reveals.values() for names in answers.values() for name in names}
        return json.dumps(
            {
                name: str(field.error_messages["required"])
                for name, field in self.fields.items()
                if field.required and name not in {*revealed, "key"}
            }
        )


@require_safe
@page(Holds.NOTHING_PERSONAL, is_public=True)
@cache_control(no_cache=True)
def shell(request: HttpRequest) -> HttpResponse:
    """The page that opens without a connection."""
    return render(request, "visits/offline.html", {"form": FormForAnybody()})


@require_safe
@page(Holds.NOTHING_PERSONAL, is_public=True)
@cache_control(max_age=LOOKED_FOR_ANEW)
def worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the shell in the browser, for all pages of this site."""
    files = [*kept_files(), *_colours(request)]
    version = _version(json.dumps([*files, authority(request)["authority"]["name"]]))
    told = {"version": version, "shell": reverse("visits:offline"), "files": files}
    script = f"self.offline = {json.dumps(told)};\nimportScripts({json.dumps(static('hearth/worker.js'))});\n"
    return HttpResponse(script, content_type="text/javascript", headers={"Service-Worker-Allowed": "/"})


def kept_files() -> list[str]:
    """The addresses of all files that the shell loads; none of them holds anything personal."""
    return sorted({static(name) for name in (*STYLES, *SCRIPTS_FROM_ELSEWHERE, "hearth/icon.svg", *_modules())})


def _modules() -> list[str]:
    folder = Path(settings.BASE_DIR) / "static/hearth"
    return [f"hearth/{file.name}" for file in sorted(folder.glob("*.js")) if file.name != "worker.js"]


def _colours(request: HttpRequest) -> list[str]:
    return [f"{reverse('casework:colours')}?{authority(request)['authority']['version']}"]


@cache
def _version(files: str) -> str:
    """Another one as soon as the shell or any of its files is another."""
    digest = hashlib.sha256(files.encode())
    digest.update(render_to_string("visits/offline.html", {"form": FormForAnybody()}).encode())
    for name in (*STYLES, *SCRIPTS_FROM_ELSEWHERE, *_modules(), "hearth/worker.js"):
        found: Any = finders.find(name)
        digest.update(Path(found).read_bytes() if found else b"")
    return digest.hexdigest()[:16]
