"""What several forms ask in the same words: what worries the visitor, what the provider is to do, and the conclusion."""

from typing import Final

from casework.sections.parts import YES_OR_NO, Asks, Lies, Part, Section

EARLIER, ACTIONS = "earlier", "actions"
WORRIED, TO_MANAGER = "worried", "to_manager"
YES: Final = "yes"

DONE, REMINDED, POSTPONED, DROPPED = "done", "reminded", "postponed", "dropped"
HOW_IT_STANDS: Final = (
    ("", "Not looked at"),
    (DONE, "It is done"),
    (REMINDED, "It is not done: I reminded them"),
    (POSTPONED, "It is not done: another day was agreed"),
    (DROPPED, "It is not needed any more"),
)

EARLIER_ACTIONS: Final = Part(
    EARLIER,
    "What earlier visits left open",
    "What the provider was asked to do and has not done. What you say here is carried out when the form is complete.",
    required=False,
    asks=Asks.GIVEN,
    row="Action",
    left_empty="Earlier visits left nothing open",
    columns=(
        Part("stands", "How does it stand?", asks=Asks.CHOICE, choices=HOW_IT_STANDS, required=False),
        Part("saw", "How do you know?", "What you saw, or who told you.", only_if=("stands", DONE, POSTPONED, DROPPED)),
        Part("by_day", "By when now?", asks=Asks.DAY, lies=Lies.FROM_THE_MEETING, only_if=("stands", POSTPONED)),
    ),
)

CONCERNS: Final = Section(
    "concerns",
    "Concerns",
    (
        Part(WORRIED, "Does anything worry you?", asks=Asks.CHOICE, choices=YES_OR_NO),
        Part("concerns", "What worries you, and how do you know?", only_if=(WORRIED, YES)),
        Part("concerns_done", "What have you done about it?", "Who was told, and when.", only_if=(WORRIED, YES)),
        Part(
            TO_MANAGER,
            "Do you ask your line manager to look at it?",
            "Your line manager then finds this form in My work.",
            asks=Asks.CHOICE,
            choices=YES_OR_NO,
            only_if=(WORRIED, YES),
        ),
    ),
    facts=("notices",),
)

TO_DO: Final = Part(
    ACTIONS,
    "What is the provider to do?",
    "Each action is chased by its day by whoever is in your role, until it is done.",
    required=False,
    asks=Asks.ROWS,
    row="Action",
    left_empty="Nothing was asked of the provider",
    columns=(
        Part("what", "What is to be done", "So that anybody can tell whether it is done."),
        Part("owner", "Who does it", "At the home or the provider: by name or by post.", asks=Asks.LINE, longest=200),
        Part("due_on", "By when", asks=Asks.DAY, lies=Lies.FROM_THE_MEETING),
    ),
)

CONCLUSION: Final = Section(
    "conclusion",
    "Actions and conclusion",
    (TO_DO, Part("conclusion", "What do you conclude?", "Is the child safe here, and well looked after?")),
)

LOOKED_AT: Final = (
    ("", "Not looked at"),
    ("current", "Seen, up to date"),
    ("undated", "Seen, no date"),
    ("outdated", "Seen, out of date"),
    ("not_shown", "Asked for, not shown"),
)
SEEN: Final = ("current", "undated", "outdated")

HOW_SEEN: Final = (
    Part("stands", "Did you look at it?", asks=Asks.CHOICE, choices=LOOKED_AT, required=False),
    Part(
        "dated",
        "Its date",
        "The last entry or review, or the day on which it runs out.",
        required=False,
        asks=Asks.DAY,
        only_if=("stands", *SEEN),
    ),
    Part("concern", "What worries you about it?", required=False, only_if=("stands", *SEEN, "not_shown")),
)
"""What is said of each record that is kept in a home."""

KEPT: Final = (
    ("", "Not looked at"),
    ("kept", "Yes"),
    ("partly", "Sometimes"),
    ("not_kept", "No"),
    ("none", "There was nothing to do"),
)
HOW_KEPT: Final = (
    Part("stands", "Is it so?", asks=Asks.CHOICE, choices=KEPT, required=False),
    Part("concern", "What is missing?", required=False, only_if=("stands", "partly", "not_kept")),
)
"""What is said of each thing that a provider owes."""

IN_ORDER: Final = (
    ("", "Not looked at"),
    ("good", "In order"),
    ("not_good", "Not in order"),
    ("does_not_apply", "Does not apply here"),
)
HOW_IT_IS: Final = (
    Part("stands", "Is it in order?", asks=Asks.CHOICE, choices=IN_ORDER, required=False),
    Part("concern", "What is not?", only_if=("stands", "not_good")),
)
"""What is said of each thing that is looked at in a home."""
