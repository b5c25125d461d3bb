"""The placement assurance tool: what a health professional sees of a child's health and safety in a home (K-14).

Source: Kent names it (S3 L111, L203-L206): health at its centre, and what worries about safeguarding and the home. It is the
professional's own, and others read it once it is shared. The words are the product's own.
"""

from typing import Final

from casework.sections.parts import YES_OR_NO, Asks, Given, Part, Section
from visits.visiting_forms.asked import CONCERNS, CONCLUSION, HOW_IT_IS

HEALTH: Final = (
    Given("registered", "Doctor, dentist and optician", "Registered, and seen when due."),
    Given("plan", "The health plan", "Known in the home, and carried out."),
    Given("medicine", "Medicine", "Locked away, given as prescribed, and written down."),
    Given("vaccinations", "Vaccinations and checks of development"),
    Given("food", "Food and weight"),
    Given("sleep", "Sleep"),
    Given("feelings", "Feelings and mental health", "And whether help that was asked for has come."),
    Given("substances", "Smoking, alcohol and drugs"),
    Given("relationships", "Growing up and relationships"),
)

SECTIONS: Final = (
    Section(
        "health",
        "Health",
        (
            Part("seen", "Did you see the child?", asks=Asks.CHOICE, choices=YES_OR_NO),
            Part("why_not_seen", "Why not?", only_if=("seen", "no")),
            Part(
                "how_child_is", "How is the child?", "What you saw, and what the child says.", only_if=("seen", "yes")
            ),
            Part(
                "health",
                "What you looked at",
                required=False,
                asks=Asks.GIVEN,
                row="What",
                columns=HOW_IT_IS,
                given=HEALTH,
            ),
        ),
    ),
    Section(
        "home",
        "The home",
        (
            Part("home", "How is the child looked after here?", "The home itself, the adults, and the other children."),
            Part(
                "staff_know", "Do the adults know what this child’s health needs?", asks=Asks.CHOICE, choices=YES_OR_NO
            ),
            Part("staff_says", "How do you know?"),
        ),
    ),
    CONCERNS,
    CONCLUSION,
)
