"""What the pages of procedures say: the rules of a day, one rule, what changed, and what a preview found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst

from accounts.roles import Role
from casework.limits import local_day
from casework.links import link_to_rule
from casework.own_values import may_be_set, said_value
from casework.previewed import Figures
from casework.procedures import MaySet, OwnValue, Rule, RulesInForce, declared, row_on
from casework.rule_values import Moves, RuleProposal, RuleValue, Variant
from casework.subjects import Subject
from casework.wording import cited, due_on, said_day, said_moment

RULE_COLUMNS = [
    {"label": "Rule"},
    {"label": "What it says"},
    {"label": "In force"},
    {"label": "Source"},
]
HISTORY_COLUMNS = [{"label": "From"}, {"label": "What holds"}, {"label": "Who says so"}, {"label": "Why"}]
AMENDMENT_COLUMNS = [{"label": "From"}, {"label": "Rule"}, {"label": "What changed"}, {"label": "Who says so"}]
PROPOSAL_COLUMNS = [
    {"label": "Rule"},
    {"label": "Value asked for"},
    {"label": "Who decides"},
    {"label": "How it stands"},
]
MOVED_COLUMNS = [
    {"label": "Child"},
    {"label": "Rule"},
    {"label": "Who owes it"},
    {"label": "Team"},
    {"label": "Due now"},
    {"label": "Would be due"},
    {"label": "What changes"},
]
NO_SOURCE = "Local default, no source"


@dataclass(frozen=True, slots=True)
class Group:
    """The rules about one thing, as the rows of a table."""

    about: str
    rows: list[list[Any]]


def groups_on(rules: RulesInForce, day: date) -> list[Group]:
    """The rules in force on a day, by what they are about, in the order of the rule tables."""
    groups: dict[str, list[list[Any]]] = {}
    for code in rules.rules:
        if rule := row_on(code, day):
            groups.setdefault(rule.about or "Other rules", []).append(_row(rule, rules.own_value(rule, day)))
    return [Group(about, rows) for about, rows in groups.items()]


def _row(rule: Rule, own: OwnValue | None) -> list[Any]:
    number = (
        {"says": in_force(rule, own), "note": f"Our own since {said_day(own.since)}"} if own else in_force(rule, own)
    )
    source = {"says": cited(rule.cites), "note": NO_SOURCE if rule.local_default else ""}
    return [{"says": rule.code, "url": link_to_rule(rule.code)}, rule.says, number, source]


def in_force(rule: Rule, own: OwnValue | None) -> str:
    """What a rule says in numbers, with the authority's own value; a switch says Yes or No."""
    if own:
        return said_value(own.limit, own.is_on)
    return "Yes" if rule.may_set is MaySet.SWITCH else said_value(rule.limit, None)


# One rule


def facts_of(rule: Rule, own: OwnValue | None, *, is_over: bool) -> list[dict[str, str]]:
    """A rule with its names of fields: a summary list."""
    number = in_force(rule, own) or "No number: it holds as it stands"
    whose = f"{number}, this authority’s own since {said_day(own.since)}" if own else number
    source = cited(rule.cites)
    return [
        {"label": "In force now", "says": "No longer in force" if is_over else whose},
        {"label": "Source", "says": f"{source}\n{NO_SOURCE}" if rule.local_default else source},
        {"label": "Where it acts", "says": "\n".join(filter(None, (rule.acts, _stands_under(rule))))},
        {
            "label": "Who owes it",
            "says": ", ".join(role.label for role in rule.owed_by) or "Nobody: it makes nothing due",
        },
        {"label": "What we may set", "says": may_be_set(rule)},
    ]


def _stands_under(rule: Rule) -> str:
    return f"What it makes due stands under {rule.duties}." if rule.duties else ""


def history_of(code: str, values: Iterable[RuleValue], today: date) -> list[list[Any]]:
    """The rows and the own values of a rule, the latest first: rows of a table."""
    rows = [(rule.since or date.min, 0, _declared_row(rule)) for rule in declared().get(code, ())]
    rows += [(value.since, 1, _own_row(value, today)) for value in values]
    return [row for _, _, row in sorted(rows, key=lambda row: row[:2], reverse=True)]


def _declared_row(rule: Rule) -> list[Any]:
    since = said_day(rule.since) if rule.since else "Always"
    ends = f"Until {said_day(rule.until)}" if rule.until else ""
    return [{"says": since, "note": ends}, in_force(rule, None) or rule.says, cited(rule.cites), ""]


def _own_row(value: RuleValue, today: date) -> list[Any]:
    note = "To come" if value.since > today else ""
    says = {"says": value.says, "note": "Also for deadlines that ran already" if value.takes_running_along else ""}
    return [{"says": said_day(value.since), "note": note}, says, decided(value), value.because]


def decided(value: RuleValue) -> dict[str, str]:
    """Who decided a value, in which role, and when; and who asked for it."""
    role = f", {value.get_decided_as_display()}" if value.decided_as else ""
    asked = f". Asked for by {value.asked_by}" if value.asked_by else ""
    return {"says": f"{value.decided_by}{role}", "note": f"Decided on {said_day(local_day(value.decided_at))}{asked}"}


# What changed


def amendments(values: Iterable[RuleValue], today: date) -> list[list[Any]]:
    """Every dated change of a rule, by the law or by the authority, the latest first: rows of a table."""
    changes = [*_changes_of_source(), *_changes_of_own(list(values))]
    return [_amendment(*change, today) for change in sorted(changes, key=lambda change: change[:2], reverse=True)]


Change = tuple[date, str, str, Any]
"""From which day, which rule, what changed, who says so."""


def _changes_of_source() -> Iterator[Change]:
    for code, rules in declared().items():
        begins = {rule.since: rule for rule in rules if rule.since}
        ended = {rule.until: rule for rule in rules if rule.until}
        for day in begins.keys() | ended.keys():
            new, old = begins.get(day), ended.get(day)
            yield day, code, _changed(new, old), cited((new or old).cites)


def _changed(new: Rule | None, old: Rule | None) -> str:
    if new is None:
        return f"Ends. {old.says}"
    if old is None:
        return f"Begins. {new.says}"
    return f"{in_force(new, None)} instead of {in_force(old, None)}. {new.says}"


def _changes_of_own(values: list[RuleValue]) -> Iterator[Change]:
    for value in values:
        earlier = [each for each in values if each.code == value.code and each.since < value.since]
        rule = row_on(value.code, value.since)
        before = max(earlier, key=lambda each: each.since).says if earlier else in_force(rule, None) if rule else ""
        along = ", also for deadlines that ran already" if value.takes_running_along else ""
        says = f"{value.says} instead of {before}{along}. {rule.says if rule else ''}"
        yield value.since, value.code, says, {**decided(value), "because": value.because}


def _amendment(day: date, code: str, says: str, who: Any, today: date) -> list[Any]:
    because = who.get("because", "") if isinstance(who, dict) else ""
    return [
        {"says": said_day(day), "note": "To come" if day > today else ""},
        {"says": code, "url": link_to_rule(code)},
        {"says": says, "note": f"Why: {because}" if because else ""},
        who,
    ]


# A proposal and its preview


def proposal_row(proposal: RuleProposal) -> list[Any]:
    """One proposal of a list."""
    stands = proposal.get_answer_display() if proposal.answer else "Waits for a decision"
    return [
        {"says": proposal.code, "url": proposal.get_absolute_url()},
        {"says": proposal.says, "note": f"From {said_day(proposal.since)}"},
        str(proposal.decider),
        {"says": stands, "tone": "" if proposal.answer else "watch"},
    ]


def facts_of_proposal(proposal: RuleProposal, rules: RulesInForce) -> list[dict[str, str]]:
    """What is asked for, by whom, and what it would replace."""
    rule = row_on(proposal.code, proposal.since)
    now = in_force(rule, rules.own_value(rule, proposal.since)) if rule else ""
    rows = [
        {"label": "Rule", "says": f"{proposal.code}: {rule.says}" if rule else proposal.code},
        {
            "label": "Value asked for",
            "says": f"{proposal.says}\nInstead of {now}" if not proposal.answer else proposal.says,
        },
        {"label": "In force from", "says": said_day(proposal.since)},
        {"label": "Why", "says": proposal.because},
        {"label": "Asked for by", "says": f"{proposal.asked_by}\n{said_moment(proposal.asked_at)}"},
        {"label": "Who decides", "says": str(proposal.decider)},
    ]
    if proposal.answer:
        said = f"{proposal.get_answer_display()}, {proposal.answered_by}\n{said_moment(proposal.answered_at)}"
        rows.append({"label": "Answer", "says": said})
        if proposal.value and proposal.is_on is None:
            along = "Are taken along" if proposal.value.takes_running_along else "Keep their day"
            rows.append({"label": "Deadlines that run", "says": along})
        rows.append({"label": "Why so", "says": proposal.answered_because})
    return rows


SAYS = {
    Variant.KEEP: "This is how it stands on the first day if deadlines that run keep their day. "
    "What starts from then on has the new value.",
    Variant.TAKE_ALONG: "This is how it stands on the first day if deadlines that run get the new value too.",
    Variant.AS_IF: "On its first day a rule that is switched changes nothing: what was done before keeps counting. "
    "So this shows what would be due on that day had it been switched three months earlier.",
}
LABELS = {
    Moves.EARLIER: "due earlier",
    Moves.LATER: "due later",
    Moves.OPENS: "open",
    Moves.NO_LONGER_DUE: "no longer due",
}
BY = {"role": "By who owes it", "team": "By team", "kind": "By rule"}


@dataclass(frozen=True, slots=True)
class Section:
    """What a page shows of one variant."""

    title: str
    says: str
    all: int
    figures: list[dict[str, Any]]
    tables: list[dict[str, Any]]


def section_of(found: Figures, list_url: str) -> Section:
    """One variant; `list_url` is where the lists are, empty for whoever sees no child of them."""

    def url(**chosen: str) -> str:
        query = "&".join(f"{name}={value}" for name, value in {"variant": found.variant.value, **chosen}.items())
        return f"{list_url}?{query}" if list_url else ""

    figures = [
        {"label": label, "number": found.how[how], "url": url(how=how.value)}
        for how, label in LABELS.items()
        if found.how.get(how)
    ]
    at_once = {"label": "overdue at once", "number": found.overdue_at_once, "tone": "alarm", "url": url(overdue="yes")}
    return Section(
        Variant(found.variant).label,
        SAYS[found.variant],
        found.all,
        [*figures, at_once] if found.overdue_at_once else figures,
        [_table(part, rows, url) for part, rows in found.by.items() if len(rows) > (part == "kind")],
    )


def _table(part: str, rows: list[tuple[str, str, int, int]], url: Any) -> dict[str, Any]:
    return {
        "caption": BY[part],
        "columns": [
            {"label": BY[part].removeprefix("By ").capitalize()},
            {"label": "Duties that change", "numeric": True},
            {"label": "Overdue at once", "numeric": True},
        ],
        "rows": [
            [{"says": label, "url": url(**{part: value})}, f"{number:,}", f"{overdue:,}"]
            for value, label, number, overdue in rows
        ],
    }


def kept_section(kept: dict[str, Any]) -> Section:
    """The same of what was kept with a decision: no lists any more."""
    found = Figures(
        Variant(kept["variant"]),
        kept["how"],
        kept["overdue_at_once"],
        {part: [("", *row) for row in rows] for part, rows in kept["by"].items()},
    )
    return section_of(found, "")


def chosen_in_words(chosen: Mapping[str, Any]) -> str:
    """Which of the duties that change a list shows, in words; nothing where all of them."""
    parts = (
        Variant(chosen["variant"]).label if "variant" in chosen else "",
        LABELS.get(Moves(chosen["how"]), "") if "how" in chosen else "",
        "overdue at once" if "is_overdue_at_once" in chosen else "",
    )
    return capfirst(", ".join(filter(None, parts)))


def moved_row(moved: Any, subject: Subject | None) -> list[Any]:
    """One duty of a list that somebody may see."""
    at_once = {"note": "Overdue at once"} if moved.is_overdue_at_once else {}
    return [
        {"says": subject.name, "url": subject.url} if subject else "–",
        {"says": moved.kind, "url": link_to_rule(moved.kind)} if moved.kind in declared() else moved.kind,
        Role(moved.role).label,
        moved.team.name if moved.team else "–",
        due_on(moved.due_before) or "–",
        due_on(moved.due_after) or "–",
        {"says": Moves(moved.how).label, **at_once},
    ]
