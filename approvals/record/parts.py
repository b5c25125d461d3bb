"""What the record of a case discussion says: the fields of S0 2.3-2.7, and those that follow from S0 1.2-1.3 and S1.

A record keeps the form in which it was typed ("form" in its content, sealed with the rest), and reads in it for ever: a
form that is in use is not changed, another is added to FORMS. PRESENT is the one that is typed now.
"""

from collections.abc import Mapping
from typing import Any, Final

from casework.sections.known import KNOWN, WRITTEN_BY_HEARTH
from casework.sections.parts import YES_OR_NO, Asks, Lies, Part, Section

FORM: Final = "form"
"""Where the content says which form it was typed in; records from before there were two say nothing: the first."""
OTHERS, ALTERNATIVES, ACTIONS = "others", "alternatives", "actions"

FIRST: Final = (
    Part("discussion", "What was discussed about the arrangement"),
    Part(
        "why_not_regulation_24",
        "Why temporary approval as a foster carer does not apply",
        "The carer declines, is unlikely to succeed, was refused, or the approval ran out. Give dates where there are any.",
    ),
    Part("alternatives", "Which alternatives were looked for, and why none serves"),
    Part("risks", "Risks, and what is done about them", "Include pets and where they are kept."),
    Part("views", "Views of the child, the parents, the carer and the IRO"),
    Part("legal_advice", "Legal advice", legal_advice=True),
    Part("support", "Support and visits while the arrangement lasts"),
    Part("actions", "Actions agreed: what, who, by when"),
    Part("proposed_decision", "Proposed decision"),
    Part("contingency", "What happens if the arrangement fails", required=False),
)
"""The form until November 2026: ten texts. Nobody types it any more."""


WHY_NOT: Final = (
    ("declines", "The carer declines to be assessed"),
    ("unlikely", "An assessment is unlikely to succeed"),
    ("refused", "Approval was refused"),
    ("lapsed", "A temporary approval ran out"),
)
PROPOSED: Final = (
    ("permanence", "Approve it as the child’s permanence plan"),
    ("interim", "Approve it as an interim arrangement, while a regulated home is found"),
    ("move", "Move the child to a regulated home"),
)

SECTIONS: Final = (
    Section(
        "discussion",
        "Who met, and what was discussed",
        (
            Part(
                OTHERS,
                "Who else was there?",
                "Besides the four, who are on record. Each with a name, and in which role or as what relation of the child.",
                required=False,
                asks=Asks.ROWS,
                row="Person",
                left_empty="Nobody besides the four",
                columns=(
                    Part("name", "Name", asks=Asks.LINE, longest=200),
                    Part("as_what", "Role, or relation to the child", asks=Asks.LINE, longest=100),
                ),
            ),
            Part("discussion", "What was discussed about the arrangement"),
        ),
        facts=("met", "allocated"),
    ),
    Section(
        "regulation_24",
        "Why temporary approval does not apply",
        (
            Part("why_not", "Why is the carer not approved under regulation 24?", asks=Asks.CHOICE, choices=WHY_NOT),
            Part(
                "declined_on",
                "When did the carer decline?",
                asks=Asks.DAY,
                lies=Lies.IN_THE_PAST,
                only_if=("why_not", "declines"),
            ),
            Part(
                "assessed_on",
                "When was that assessed?",
                asks=Asks.DAY,
                lies=Lies.IN_THE_PAST,
                only_if=("why_not", "unlikely"),
            ),
            Part(
                "refused_on",
                "When was it refused?",
                asks=Asks.DAY,
                lies=Lies.IN_THE_PAST,
                only_if=("why_not", "refused"),
            ),
            Part(
                "approved_from",
                "From when did the approval hold?",
                asks=Asks.DAY,
                lies=Lies.IN_THE_PAST,
                only_if=("why_not", "lapsed"),
            ),
            Part(
                "approved_until",
                "What was its last day?",
                asks=Asks.DAY,
                lies=Lies.IN_THE_PAST,
                only_if=("why_not", "lapsed"),
            ),
            Part(
                "why_not_says",
                "Say more about why",
                "Only in very exceptional circumstances is a carer not approved. Say what they are here, what was asked or "
                "offered, and what the carer said.",
            ),
        ),
        facts=("regulation_24", "enquiry", "viability"),
    ),
    Section(
        "alternatives",
        "Alternatives",
        (
            Part(
                ALTERNATIVES,
                "Which homes or carers were asked?",
                required=False,
                asks=Asks.ROWS,
                row="Home or carer",
                left_empty="Nobody was asked",
                columns=(
                    Part("who", "Who was asked", asks=Asks.LINE),
                    Part("asked_on", "When asked", asks=Asks.DAY, lies=Lies.IN_THE_PAST),
                    Part("answer", "What they answered"),
                    Part("why_not", "Why it does not serve"),
                ),
            ),
            Part("alternatives_says", "Why does none serve?", "Where nobody was asked, say why not."),
        ),
    ),
    Section(
        "risks",
        "Risks, pets and checks",
        (
            Part("risks", "Risks, and what is done about them"),
            Part("pets", "Are there pets in the home?", asks=Asks.CHOICE, choices=YES_OR_NO),
            Part(
                "pet_risks",
                "The pets, where they are kept, and the risks",
                "The animal and its surroundings, with any conditions. Where the breed is in doubt, what a vet said.",
                only_if=("pets", "yes"),
            ),
            Part("checks", "Checks made", "Of whom, which, on which day, and what they showed. What is still missing."),
        ),
        facts=("household",),
    ),
    Section(
        "views",
        "Views",
        (
            Part("views_child", "What the child says and wishes", "Where the child was not asked, say why not."),
            Part("views_parents", "What the parents say"),
            Part("views_carer", "What the carer says"),
            Part("views_iro", "What the independent reviewing officer says"),
        ),
        facts=("iro", "reviews"),
    ),
    Section(
        "legal_advice",
        "Legal advice",
        (
            Part(
                "legal_advice",
                "Legal advice",
                "Read only by those who may see legal advice. It is in no output for anybody else.",
                legal_advice=True,
            ),
        ),
        facts=("lawfulness",),
    ),
    Section(
        "support",
        "Support, money and visits",
        (
            Part("support", "Support while the arrangement lasts"),
            Part("finance", "Money", "What is paid, to whom, and from when."),
            Part("visiting_plan", "Who visits, and how often"),
        ),
        facts=("visits", "visits_due"),
    ),
    Section(
        "plan",
        "The care plan, and what if it fails",
        (
            Part("care_plan", "How the arrangement fits the care plan"),
            Part("contingency", "What happens if the arrangement fails"),
        ),
        facts=("reviews",),
    ),
    Section(
        "actions",
        "Actions",
        (
            Part(
                ACTIONS,
                "Actions agreed",
                "Each action is owed from now on by its day, and whoever owes it sees it in My work.",
                required=False,
                asks=Asks.ROWS,
                row="Action",
                left_empty="No action was agreed",
                columns=(
                    Part("what", "What is to be done", "So that anybody can tell whether it is done."),
                    Part("owner", "Who does it", asks=Asks.OWNER),
                    Part("due_on", "By when", asks=Asks.DAY, lies=Lies.FROM_THE_MEETING),
                ),
            ),
        ),
        facts=("last_actions",),
    ),
    Section(
        "decision",
        "Proposed decision",
        (
            Part("proposed", "What do you propose?", asks=Asks.CHOICE, choices=PROPOSED),
            Part("proposed_says", "Reasons for the proposal"),
            Part("review_on", "When is it looked at again?", asks=Asks.DAY, lies=Lies.FROM_THE_MEETING),
        ),
    ),
)
"""The form that is typed now, section by section."""

PRESENT: Final = "2"
FORMS: Final[Mapping[str, tuple[Part, ...]]] = {
    "1": FIRST,
    PRESENT: (WRITTEN_BY_HEARTH, *(part for section in SECTIONS for part in section.parts)),
}
RECORD: Final = FORMS[PRESENT]
"""Everything that a record says which is typed now."""

CARRIED_OVER: Final = {
    "discussion": "discussion",
    "why_not_regulation_24": "why_not_says",
    "alternatives": "alternatives_says",
    "risks": "risks",
    "views": "views_child",
    "legal_advice": "legal_advice",
    "support": "support",
    "proposed_decision": "proposed_says",
    "contingency": "contingency",
}
"""Where the texts of the first form are taken up, so that nothing is typed twice; its actions become one row."""


def form_of(content: Mapping[str, Any]) -> str:
    """The form in which a record was typed."""
    return str(content.get(FORM, "1"))


def is_in_present_form(content: Mapping[str, Any]) -> bool:
    """Was it typed in the form that is typed now?"""
    return form_of(content) == PRESENT


def parts_of(content: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts of the form in which a record was typed."""
    return FORMS[form_of(content)]


def section_named(name: str) -> Section:
    """A section by its name. Raises KeyError."""
    return {section.name: section for section in SECTIONS}[name]


def without_known(content: Mapping[str, Any]) -> dict[str, Any]:
    """What people wrote, without what Hearth wrote."""
    return {name: answer for name, answer in content.items() if name != KNOWN}


def in_present_form(content: Mapping[str, Any]) -> dict[str, Any]:
    """What people wrote, as the present form asks it."""
    if is_in_present_form(content):
        return {name: answer for name, answer in without_known(content).items() if name != FORM}
    carried = {new: content[old] for old, new in CARRIED_OVER.items() if content.get(old)}
    what = content.get("actions", "")
    return {**carried, ACTIONS: [{"what": what, "owner": "", "due_on": ""}]} if what else carried
