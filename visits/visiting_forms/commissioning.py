"""Commissioning's own form on a look at a home: the building, its papers and the contract. The child need not be seen (K-15).

Source: Kent names it (S3 L207-L210), and leaves to it what concerns the building (S3 L328). The words are the product's own.
The form is kept in the file of every child for whom it is made: it names none of them.
"""

from typing import Final

from casework.sections.parts import Asks, Given, Part, Section
from visits.visiting_forms.asked import CONCERNS, CONCLUSION, HOW_IT_IS, HOW_KEPT, HOW_SEEN
from visits.visiting_forms.standards import OF_HOME, OWED_BY_PROVIDER

BUILDING: Final = (
    Given("outside", "Outside and way in"),
    Given("state", "State of the rooms"),
    Given("fire_doors", "Fire doors, alarms and way out"),
    Given("heating", "Heating, water, gas and electricity"),
    Given("kitchen", "Kitchen and food"),
    Given("security", "Locks, cameras and who holds keys"),
)
PROPERTY_PAPERS: Final = (
    Given("gas", "Gas safety certificate"),
    Given("electricity", "Electrical installation report and tests of appliances"),
    Given("fire", "Fire risk assessment and drills"),
    Given("health_safety", "Health and safety risk assessment"),
    Given("lease", "Deed, lease or licence for the house"),
    Given("checks", "Checks of everybody who works there", "That each was checked and cleared before the first shift."),
)
NO_NAMES: Final = "It is kept in the file of each child who lives here: name no child in it."

SECTIONS: Final = (
    Section(
        "building",
        "The building",
        (
            Part("purpose", "Why did you look at this home?", NO_NAMES),
            Part(
                "building",
                "What you looked at",
                required=False,
                asks=Asks.GIVEN,
                row="What",
                columns=HOW_IT_IS,
                given=BUILDING,
            ),
        ),
        facts=("where", "registration", "inspections", "notices"),
    ),
    Section(
        "papers",
        "Papers",
        (
            Part(
                "papers",
                "What the provider showed you",
                "What you leave open reads “Not looked at”.",
                required=False,
                asks=Asks.GIVEN,
                row="Paper",
                columns=HOW_SEEN,
                given=(*PROPERTY_PAPERS, *OF_HOME),
            ),
        ),
    ),
    Section(
        "contract",
        "Contract and registration",
        (
            Part(
                "provider",
                "What the provider owes the authority",
                required=False,
                asks=Asks.GIVEN,
                row="What is owed",
                columns=HOW_KEPT,
                given=OWED_BY_PROVIDER,
            ),
            Part("contract", "Does the contract fit what is given, and what has to change?"),
            Part("registration", "How far is registration, and what stands in its way?"),
        ),
        facts=("registration", "reports"),
    ),
    CONCERNS,
    CONCLUSION,
)
