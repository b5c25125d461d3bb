"""The documents that are written from the code: the rules in force, and the life of each record that has one.

`manage.py write_docs` writes them, a test holds them fresh.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django_fsm import RETURN_VALUE, FSMFieldMixin

from casework.not_kept import NOT_KEPT
from casework.own_values import may_be_set
from casework.procedures import Rule, declared
from casework.wording import cited

RULES = "rules.md"
LIFECYCLES = "lifecycles"
_more: dict[str, Callable[[], str]] = {}


def register(name: str, document: Callable[[], str]) -> None:
    """Add a document of an app's own, by its path below `docs/`. Registering it again changes nothing."""
    _more[name] = document


def documents() -> dict[str, str]:
    """Every generated document by its path below `docs/`."""
    lifecycles = {f"{LIFECYCLES}/{model._meta.label_lower}.md": lifecycle_of(model) for model in models_with_a_life()}
    return {RULES: rules_as_declared(), **lifecycles, **{name: document() for name, document in sorted(_more.items())}}


def rules_as_declared() -> str:
    """All rules in one table, in the order of their codes."""
    lines = [
        "# The rules",
        "",
        "Written from the rule tables (`*/rulebook.py`) by `manage.py write_docs`; do not edit. Where the source leaves a",
        "number open, the authority sets its own, dated and with a reason, and that one counts; a number that a source",
        "states may be made stricter, never laxer.",
        "",
        "| Code | Rule | Limit | Source | Holds | Where it acts | An authority may set |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    rules = [rule for rows in declared().values() for rule in rows]
    lines += [_row(rule) for rule in sorted(rules, key=lambda rule: (rule.code, str(rule.since)))]
    lines += ["", "## What Hearth does not keep yet", ""]
    lines += ["These limits stand in the sources too. Nothing becomes due by them, and nobody is told.", ""]
    lines += ["| Code | Limit | About |", "| --- | --- | --- |"]
    lines += [f"| {each.code} | {each.says} | {about} |" for about, limits in NOT_KEPT.items() for each in limits]
    return "\n".join(lines) + "\n"


def models_with_a_life() -> list[Any]:
    """Models with a state machine."""
    found = [m for m in apps.get_models() if any(isinstance(field, FSMFieldMixin) for field in m._meta.fields)]
    return sorted(found, key=lambda model: model._meta.label_lower)


def lifecycle_of(model: Any) -> str:
    """The states of a model and the steps between them, as a diagram and a table."""
    field = next(field for field in model._meta.fields if isinstance(field, FSMFieldMixin))
    words = dict(field.choices)
    order = list(words)
    steps = sorted(set(_steps(model, field)), key=lambda step: (order.index(step[0]), order.index(step[1]), step[2]))
    diagram = [f"    {source} --> {target}: {label}" for source, target, label, _ in steps]
    table = [
        f"| {label} | {words[source]} | {words[target]} | {who.rstrip(',')} |" for source, target, label, who in steps
    ]
    return "\n".join(
        [
            f"# {model._meta.verbose_name.capitalize()}",
            "",
            model.__doc__.strip().splitlines()[0],
            "",
            "Written from the transitions by `manage.py write_docs`; do not edit.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {field.default}",
            *diagram,
            "```",
            "",
            "| Step | From | To | By |",
            "| --- | --- | --- | --- |",
            *table,
            "",
        ]
    )


def _steps(model: Any, field: Any) -> Iterator[tuple[str, str, str, str]]:
    for transition in field.get_all_transitions(model):
        targets = transition.target
        allowed = targets.allowed_states if isinstance(targets, RETURN_VALUE) else [targets or transition.source]
        for target in allowed:
            yield str(transition.source), str(target), _words(transition, "label"), _words(transition, "who")


def _words(transition: Any, name: str) -> str:
    """What a step says of itself; where that depends on the record, what the function says that makes the words."""
    said = transition.custom[name]
    if isinstance(said, str):
        return said
    words = (said.__doc__ or transition.name.replace("_", " ").capitalize()).strip()
    return words.rstrip(".").removesuffix(", inside a sentence")


def _row(rule: Rule) -> str:
    limit = str(rule.limit) if rule.limit else "–"
    source = cited(rule.cites)
    if rule.local_default:
        source += " (local default, no source)"
    since = f"from {rule.since:%-d %B %Y}" if rule.since else ""
    until = f"until {rule.until:%-d %B %Y}" if rule.until else ""
    holds = " ".join(filter(None, (since, until))) or "always"
    cells = (rule.code, rule.says, limit, source, holds, rule.acts, may_be_set(rule))
    return f"| {' | '.join(cells)} |"
