"""Visiting forms as the tests fill them in: begun from a visit, whole or in part, through the pages or through the door."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse

from casework.sections.forms import typed_of
from casework.sections.parts import OF, SAID, Asks
from casework.steps import carry_out, write_down
from tests.factories import NOW, moment, visited
from visits.models import VisitingForm
from visits.states import FormKind
from visits.visiting_forms import rules
from visits.visiting_forms.beginning import new_from
from visits.visiting_forms.kinds import BY_CODE

SAYS = {
    "announced": "unannounced",
    "shown_round": "yes",
    "qualified": "level_5",
    "plan_met": "yes",
    "worried": "no",
    "applied": "yes",
    "fit": "yes",
    "seen": "yes",
    "staff_know": "yes",
}
THEME = {"theme": "Food", "child": "There is enough.", "logs": "Three meals a day.", "staff": "We cook.", "fits": "yes"}
ACTION = {
    "what": "Mend the window.",
    "owner": "Mr Hill, manager",
    "due_on": (NOW + timedelta(days=7)).date().isoformat(),
}


def content_of(form, /, **but):
    """A whole form: every question answered that has to be, nothing looked at that need not be."""
    said = {part.name: _answer(part) for part in rules.parts_asked(form)}
    asked = {name: but.get(name, answer) for name, answer in said.items()}
    parts = {part.name: part for part in rules.parts_asked(form)}
    whole = {name: answer if parts[name].is_asked(asked) else "" for name, answer in asked.items()}
    return {**whole, **but}


def _answer(part):
    if part.asks == Asks.GIVEN:
        return [
            {OF: row.code, SAID: row.says, **dict.fromkeys((c.name for c in part.columns), "")} for row in part.given
        ]
    if part.asks == Asks.ROWS:
        return [{**THEME, "what_not": ""}] if part.required else []
    if part.asks == Asks.CHOICE:
        return SAYS.get(part.name, "")
    return f"Said about {part.name}." if part.required else ""


def looked_at(part, /, **answers):
    """The rows of a part that is given, some of them answered: `looked_at(part, rota={"stands": "current"})`."""
    empty = dict.fromkeys((column.name for column in part.columns), "")
    return [{OF: row.code, SAID: row.says, **empty, **answers.get(row.code, {})} for row in part.given]


def begun(visit, kind=FormKind.PURPOSEFUL, *, at=NOW, by=None):
    """A form that was begun from a visit."""
    form = new_from(visit, BY_CODE[kind], at)
    write_down(form, act="begin_form", about=form, may=lambda *_: True, by=by or visit.visitor, at=at)
    return VisitingForm.objects.get(pk=form.pk)


def begun_on_a_visit(placement, kind=FormKind.PURPOSEFUL, *, on=NOW - timedelta(hours=2), **how):
    """A form that was begun from a visit, by the allocated social worker unless somebody else is named."""
    return begun(visited(placement, on, **how), kind)


def completed(form, /, *, by=None, at=NOW, **but):
    """The form goes through the door."""
    last = form.version
    told = {"content": content_of(form, **but), "digest": last.digest if last else ""}
    return carry_out(form.complete, by=by or form.author, at=at, **told)


def fill_url(form):
    """The page with the list of sections."""
    return reverse("visits:fill", args=[form.pk])


def section_url(form, name):
    """The page of one section."""
    return reverse("visits:fill_section", args=[form.pk, name])


def boxes_of(form, name, /, **but):
    """What is typed into the boxes of a section."""
    section = next(each for each in form.of_kind.sections_of(form) if each.name == name)
    version = VisitingForm.objects.get(pk=form.pk).version
    return {"digest": version.digest if version else "", **typed_of(section, content_of(form, **but))}


def fill(client, form, /, *, without=(), **but):
    """Type every section and save it."""
    for section in form.of_kind.sections_of(form):
        if section.name not in without:
            client.post(section_url(form, section.name), boxes_of(form, section.name, **but))


def complete(client, form, *, key=None, digest=None):
    """Press the button that completes it."""
    version = VisitingForm.objects.get(pk=form.pk).version
    digest = (version.digest if version else "") if digest is None else digest
    return client.post(fill_url(form), {"key": str(key or uuid4()), "digest": digest})


def in_days(count, *, at=NOW):
    """A day from now on, as content keeps it."""
    return (moment(at) + timedelta(days=count)).date().isoformat()
