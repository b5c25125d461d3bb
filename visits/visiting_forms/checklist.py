"""The caseworker's checklist for a home without registration: before the child moves in, or within 24 hours (K-11).

Source: Kent names it (S3 L191) and does not print it: what it asks is worked out here from what such a home lacks, somebody
else who has looked. The words are the product's own.
"""

from typing import Final

from casework.sections.parts import YES_OR_NO, Asks, Given, Part, Section
from visits.visiting_forms.asked import CONCERNS, CONCLUSION, HOW_IT_IS

HOUSE: Final = (
    Given(
        "street", "The street and the area", "Who lives around, how it is at night, and how far from school and family."
    ),
    Given("doors", "Doors, windows and keys", "They lock; the child has a key, and can lock the own room."),
    Given("room", "The child’s room", "A bed, bedding, storage, heating, light, and a window that opens."),
    Given("bathroom", "Bathroom and toilet", "Clean, with warm water and a lock."),
    Given("kitchen", "Kitchen", "Somewhere to cook, a fridge, and something to eat in it."),
    Given("fire", "Smoke alarms and a way out", "They work, and the child knows the way out."),
    Given("others", "Who else lives there or comes in and out", "Adults as well as children."),
)
SUPPORT: Final = (
    Given("hours", "Staff are there in the hours that were agreed"),
    Given("night", "Somebody is there, or answers, at night"),
    Given("checked", "The staff are checked and cleared to work with children"),
    Given("risks_known", "The staff know the risks to this child, and the plan for them"),
    Given("missing", "The staff know what to do if the child goes missing"),
    Given("medicine", "Medicine can be kept and given safely"),
)
MOVING_IN: Final = (
    Given("told", "The child knows who looks after him or her, and whom to ring"),
    Given("rules", "The child knows the rules of the home"),
    Given("money", "Money for food, clothes and travel is arranged"),
    Given("school", "School, college or work goes on from here"),
    Given("doctor", "A doctor and a dentist are within reach"),
    Given("family", "Family and friends can be reached"),
)


def _looked_at(name: str, label: str, rows: tuple[Given, ...]) -> Part:
    return Part(name, label, required=False, asks=Asks.GIVEN, row="What", columns=HOW_IT_IS, given=rows)


SECTIONS: Final = (
    Section(
        "house", "The house", (_looked_at("house", "Look at each of these", HOUSE),), facts=("where", "registration")
    ),
    Section("support", "Staff and support", (_looked_at("support", "Ask about each of these", SUPPORT),)),
    Section("moving_in", "Moving in", (_looked_at("moving_in", "For this child", MOVING_IN),), facts=("allocated",)),
    Section(
        "regulator",
        "The regulator",
        (
            Part("applied", "Has the provider applied for registration?", asks=Asks.CHOICE, choices=YES_OR_NO),
            Part(
                "applied_says",
                "What did you see of the application?",
                "Its date and its number.",
                only_if=("applied", "yes"),
            ),
            Part("why_not_applied", "Why not, and when will they?", only_if=("applied", "no")),
        ),
        facts=("registration", "lawfulness", "notices"),
    ),
    CONCERNS,
    Section(
        "conclusion",
        "Actions and conclusion",
        (
            *CONCLUSION.parts[:1],
            Part(
                "fit",
                "Can the child live here safely?",
                asks=Asks.CHOICE,
                choices=(("yes", "Yes"), ("with_actions", "Yes, once the actions above are done"), ("no", "No")),
            ),
            *CONCLUSION.parts[1:],
        ),
    ),
)
