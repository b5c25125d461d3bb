"""The house keeps its style by machine: what every transition, rule, page, job and template must have."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django_fsm import FSMFieldMixin

from casework.procedures import declared
from casework.timetable import JOBS
from casework.written import documents, models_with_a_life

ROOT = Path(settings.BASE_DIR)
OURS = ("accounts", "approvals", "casework", "children", "exchange", "meetings", "placements", "tracking", "visits")
OTHERS_PAGES = ("allauth.", "django.contrib.", "django.views.", "config.directory.", "config.health")
"""Pages of libraries, which keep sign-in and rights by themselves; tests of access walk them too."""


def transitions():
    for model in models_with_a_life():
        field = next(field for field in model._meta.fields if isinstance(field, FSMFieldMixin))
        for transition in field.get_all_transitions(model):
            yield pytest.param(model, transition, id=f"{model._meta.label}.{transition.name} from {transition.source}")


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS and not is_history(model)]


def is_history(model):
    return model.__name__.endswith("Event") and hasattr(model, "pgh_tracked_model")


def views(patterns=None, prefix=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


@pytest.mark.parametrize(("model", "transition"), list(transitions()))
def test_every_step_has_a_label_a_permission_and_says_who_takes_it(model, transition):
    assert transition.custom["label"]
    assert transition.custom["who"]
    assert callable(transition.permission)
    parameters = inspect.signature(inspect.unwrap(getattr(model, transition.name))).parameters
    assert parameters["by"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["at"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["because"].kind is inspect.Parameter.KEYWORD_ONLY


@pytest.mark.parametrize(("model", "transition"), list(transitions()))
def test_every_condition_of_a_step_keeps_its_sentences(model, transition):
    assert all(callable(condition.objections) for condition in transition.conditions)


def test_states_are_protected():
    fields = [
        field for model in models_with_a_life() for field in model._meta.fields if isinstance(field, FSMFieldMixin)
    ]
    assert fields
    assert all(field.protected for field in fields)


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.code) for rows in declared().values() for r in rows])
def test_every_rule_cites_and_is_said_in_a_sentence(rule):
    assert rule.cites
    assert rule.says[0].isupper()


def test_only_the_door_takes_steps():
    """Nobody else calls a transition: the names of steps are called nowhere but through `carry_out`."""
    steps = {transition.name for model in models_with_a_life() for transition in _all(model)}
    found = []
    for path in sources():
        tree = ast.parse(path.read_text())
        modules = _modules_of(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in steps:
                if isinstance(node.func.value, ast.Name) and node.func.value.id in modules:
                    continue  # a function of that name, and no record's step
                keywords = {keyword.arg for keyword in node.keywords}
                if {"by", "at"} <= keywords:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.func.attr}")
    assert found == []


def _modules_of(tree):
    """What a file imports under a name in small letters, as modules are called."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    return {name for name in names if name.islower()}


def _all(model):
    field = next(field for field in model._meta.fields if isinstance(field, FSMFieldMixin))
    return field.get_all_transitions(model)


def test_every_page_states_its_policy():
    without = [
        address
        for address, view in views()
        if not hasattr(view, "policy") and not getattr(view, "__module__", "").startswith(OTHERS_PAGES)
    ]
    assert without == []


def test_every_job_of_the_timetable_names_a_task():
    from config.celery import app

    app.loader.import_default_modules()
    assert {job.name for job in JOBS} <= {name.rpartition(".")[2] for name in app.tasks}


@pytest.mark.parametrize("model", [pytest.param(m, id=m._meta.label) for m in our_models()])
def test_whoever_acted_cannot_be_deleted(model):
    people = [
        f
        for f in model._meta.fields
        if isinstance(f, models.ForeignKey) and f.related_model is apps.get_model("accounts.User")
    ]
    kept = [field for field in people if field.remote_field.on_delete is not models.PROTECT]
    own_things = {"casework.Draft", "children.ChildUserObjectPermission"}
    assert not kept or model._meta.label in own_things


@pytest.mark.parametrize("model", [pytest.param(m, id=m._meta.label) for m in our_models()])
def test_every_model_says_what_it_is_in_the_field(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@pytest.mark.parametrize(("name", "text"), [pytest.param(*item, id=item[0]) for item in documents().items()])
def test_generated_documents_are_fresh(name, text):
    path = ROOT / "docs" / name
    assert path.exists()
    assert path.read_text() == text, "run: .venv/bin/python manage.py write_docs"


def test_no_document_describes_a_life_that_nobody_leads():
    described = {f"lifecycles/{path.name}" for path in (ROOT / "docs/lifecycles").glob("*.md")}
    assert described == {name for name in documents() if name.startswith("lifecycles/")}


def test_no_template_is_unused():
    """Each template is named somewhere: in code, in another template, or by the library that looks for it."""
    named = "\n".join(path.read_text() for path in [*sources(), *(ROOT / "templates").rglob("*.html")])
    by_library = re.compile(
        r"^((account|allauth|django|mfa|socialaccount|usersessions|admin|errors|forms|events)/|\d{3}(_csrf)?\.html$)"
    )
    unused = [
        name
        for path in (ROOT / "templates").rglob("*.html")
        if not by_library.match(name := str(path.relative_to(ROOT / "templates"))) and name not in named
    ]
    assert unused == []


def test_templates_decide_by_neither_state_nor_role():
    decides = re.compile(r"{% *(el)?if [^%]*(\.state *==|\.role *==|is_superuser|\.is_staff)")
    found = [path.name for path in (ROOT / "templates").rglob("*.html") if decides.search(path.read_text())]
    assert found == []


def test_only_children_knows_guardian():
    found = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"^\s*(from|import) guardian", path.read_text(), re.MULTILINE)
        and path.parts[len(ROOT.parts)] != "children"
    ]
    assert found == []


def test_weasyprint_is_imported_only_inside_functions():
    found = [str(path) for path in sources() if re.search(r"^(from|import) weasyprint", path.read_text(), re.MULTILINE)]
    assert found == []


def test_no_module_is_named_for_nothing():
    nothings = {"utils", "helpers", "common", "core", "services", "misc"}
    assert [
        str(path) for path in sources() if path.stem in nothings or nothings & set(path.relative_to(ROOT).parts)
    ] == []


def sources():
    folders = [*OURS, "config", "bench"]
    return [p for folder in folders for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts]
