"""What a device takes along where there is no connection: one page without personal data, and first names, sealed there."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests.factories import days_before, restricted_to, settled, with_unapproved_relative
from visits.offline.shell import kept_files

pytestmark = pytest.mark.django_db
SHELL, WORKER, ALONG = (reverse(f"visits:{name}") for name in ("offline", "worker", "taken_along"))
HEARTH = Path(settings.BASE_DIR) / "static/hearth"
IMPORTED = re.compile(r"""(?:from|import\()\s*["'](\.{1,2}/[^"']+)["']""")
ASKED, OF_THE_PAGE = re.compile(r'name="([a-z_]+)"'), {"csrfmiddlewaretoken", "typist", "q", "viewport", "robots"}
FIRST_VISIT, LATER_PAGES = 100_000, 20_000


def test_the_shell_is_the_same_for_everybody_and_asks_what_the_form_asks(client, world, signed_in):
    strangers = client.get(SHELL).content.decode()
    worker = signed_in(world.social_worker)
    assert worker.get(SHELL).content.decode() == strangers
    home = with_unapproved_relative(world.own_child)
    asked = ASKED.findall(worker.get(reverse("visits:record", args=[home.pk])).content.decode())
    assert {"made_at_day", "seen", "account", "worries", "concerns"} <= set(asked)
    assert set(asked) - OF_THE_PAGE <= set(ASKED.findall(strangers))
    assert "csrfmiddlewaretoken" not in strangers
    assert world.social_worker.name not in strangers
    assert not re.search(r'name="(key|made_at_day)"[^>]* value="[^"]', strangers)


def test_the_worker_keeps_files_and_the_shell_for_all_pages(client):
    answer = client.get(WORKER)
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Content-Type"].startswith("text/javascript")
    told = json.loads(re.search(r"self.offline = (.*);", answer.content.decode())[1])
    assert told["shell"] == SHELL
    assert {url.partition("?")[0] for url in told["files"]} == {*kept_files(), reverse("casework:colours")}
    assert all(url.startswith("/static/") for url in kept_files())


def test_every_module_that_the_shell_loads_is_kept():
    kept = set(kept_files())
    for module in HEARTH.glob("*.js"):
        for name in IMPORTED.findall(module.read_text()):
            path = (module.parent / name).resolve().relative_to(HEARTH.parent)
            if "autocomplete" not in str(path):
                assert f"/static/{path}" in kept, (module.name, name)


def test_one_takes_along_whom_one_may_visit_by_first_name_and_nothing_else(world, signed_in):
    home = with_unapproved_relative(world.own_child)
    with_unapproved_relative(world.teams_child)
    answer = signed_in(world.social_worker).get(ALONG)
    assert answer.json() == {
        "children": [{"placement": home.pk, "name": world.own_child.forename}],
        "roles": ["social_worker"],
    }
    assert "no-store" in answer["Cache-Control"]


def test_whoever_is_out_of_sight_is_not_taken_along(world, signed_in):
    settled(world.own_child)
    restricted_to(world.own_child, world.dhos, since=days_before(1))
    assert signed_in(world.social_worker).get(ALONG).json()["children"] == []


def test_whoever_visits_nobody_takes_nobody_along(world, signed_in):
    settled(world.own_child)
    assert signed_in(world.legal).get(ALONG).json() == {"children": [], "roles": []}


def test_the_list_is_asked_for_by_as_many_questions_for_one_child_as_for_many(world, signed_in, asked):
    client = signed_in(world.social_worker)
    settled(world.own_child)
    with asked() as of_one:
        client.get(ALONG)
    for _ in range(4):
        settled(world.a_child(worker=world.social_worker))
    with asked() as of_many:
        assert len(client.get(ALONG).json()["children"]) == 5
    assert len(of_many) == len(of_one)


def test_scripts_stay_small():
    """Compressed; what every page loads, and at the first visit the styles as well. The rest comes where it is needed."""
    every = [
        module for module in HEARTH.glob("*.js") if module.name not in ("worker.js", "shell.js", "autocomplete.js")
    ]
    own = sum(len(gzip.compress(module.read_bytes())) for module in every)
    names = (
        "vendor/govuk/govuk-frontend.min.css",
        "vendor/moj/moj-frontend.min.css",
        "vendor/govuk/govuk-frontend.min.js",
    )
    vendors = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in names)
    styles = len(gzip.compress((HEARTH / "hearth.css").read_bytes()))
    assert own < LATER_PAGES
    assert own + vendors + styles < FIRST_VISIT
    assert max(len(module.read_text().splitlines()) for module in HEARTH.glob("*.js")) < 400
