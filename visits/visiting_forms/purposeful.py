"""The purposeful visiting form: what a visit to a home looks at, so that what is said can be held against what is seen.

Source: Kent, purposeful visiting (S3 L106-L131, L234-L328). The words are the product's own.
"""

from typing import Final

from casework.sections.parts import YES_OR_NO, Asks, Part, Section
from visits.visiting_forms.asked import CONCERNS, CONCLUSION, EARLIER_ACTIONS, HOW_KEPT, HOW_SEEN
from visits.visiting_forms.standards import OF_CHILD, OF_HOME, OWED_BY_PROVIDER

THEMES_SAID, FITS, MISMATCH = "said", "fits", "no"
THEMES: Final = (
    "Safety",
    "Food",
    "Bedroom and house",
    "Health",
    "School",
    "Contact with the family",
    "Friends",
    "Activities",
    "Rewards and sanctions",
    "Incidents and restraint",
    "Money",
    "Staff",
)
AGREES: Final = (
    ("yes", "Yes"),
    (MISMATCH, "No: they do not fit together"),
    ("unknown", "I cannot say yet"),
)

SECTIONS: Final = (
    Section(
        "purpose",
        "Purpose of the visit",
        (
            Part(
                "purpose", "What was the purpose of this visit?", "What the care plan, or what was heard, made matter."
            ),
            Part(
                "announced",
                "Did the home know that you were coming?",
                asks=Asks.CHOICE,
                choices=(("announced", "Yes"), ("unannounced", "No")),
            ),
            EARLIER_ACTIONS,
        ),
        facts=("visit", "where", "lives_there", "registration", "lawfulness", "visits", "reviews"),
    ),
    Section(
        "home",
        "The home",
        (
            Part("bedroom", "What is the child’s bedroom like?", "Where the child sleeps, and the state of the room."),
            Part("facilities", "What is the rest of the home like?", "Kitchen, bathroom, where one sits, outside."),
        ),
        facts=("where",),
    ),
    Section(
        "child",
        "The child",
        (
            Part(
                "shown_round",
                "Did the child show you round?",
                asks=Asks.CHOICE,
                choices=(("yes", "Yes"), ("partly", "In part"), ("no", "No")),
            ),
            Part("why_not_round", "Why not all of it?", only_if=("shown_round", "partly", "no")),
            Part(
                "how_child_is",
                "How is the child?",
                "What you saw: health, clothes, mood, with the adults and the others.",
            ),
            Part("child_wishes", "What does the child want you to know, or to change?", "In the child’s own words."),
        ),
        facts=("seen",),
    ),
    Section(
        "records",
        "Records about the child",
        (
            Part(
                "records",
                "What the home keeps about the child",
                "Look at what matters for this child. What you leave open reads “Not looked at”.",
                required=False,
                asks=Asks.GIVEN,
                row="Record",
                columns=HOW_SEEN,
                given=OF_CHILD,
            ),
        ),
        facts=("incidents",),
    ),
    Section(
        "home_records",
        "Records of the home",
        (
            Part(
                "home_records",
                "What the home keeps about itself",
                "Commissioning looks at what concerns the building: these need not all be seen.",
                required=False,
                asks=Asks.GIVEN,
                row="Record",
                columns=HOW_SEEN,
                given=OF_HOME,
            ),
            Part(
                "provider",
                "What the provider owes the authority",
                required=False,
                asks=Asks.GIVEN,
                row="What is owed",
                columns=HOW_KEPT,
                given=OWED_BY_PROVIDER,
            ),
        ),
        facts=("inspections", "incidents", "reports"),
    ),
    Section(
        "staff",
        "Staff",
        (
            Part(
                "spoken_to",
                "Whom did you speak with?",
                required=False,
                asks=Asks.ROWS,
                row="Person",
                left_empty="Nobody of the staff was spoken with",
                columns=(
                    Part("name", "Name", asks=Asks.LINE),
                    Part("post", "What the person does here", asks=Asks.LINE),
                ),
            ),
            Part(
                "qualified",
                "Does the manager hold a level 4 or level 5 qualification?",
                asks=Asks.CHOICE,
                choices=(
                    ("level_5", "Yes, level 5"),
                    ("level_4", "Yes, level 4"),
                    ("working", "Not yet: working towards it"),
                    ("no", "No"),
                    ("unknown", "Not asked"),
                ),
            ),
            Part(
                "first_aid",
                "How many of the staff are trained in first aid?",
                required=False,
                asks=Asks.LINE,
                longest=100,
            ),
            Part("training", "How are the staff trained and supported?", required=False, left_empty="Not asked"),
        ),
    ),
    Section(
        "triangulation",
        "Does it fit together?",
        (
            Part(
                THEMES_SAID,
                "What the child says, what the logs say, what the staff say",
                "One theme at a time. Where they do not fit together, say so: that is what a purposeful visit is for.",
                asks=Asks.ROWS,
                row="Theme",
                columns=(
                    Part(
                        "theme",
                        "What is it about?",
                        "One of those offered, or your own words.",
                        asks=Asks.LINE,
                        suggests=THEMES,
                    ),
                    Part("child", "What the child says", required=False),
                    Part("logs", "What the logs and papers say", required=False),
                    Part("staff", "What the staff say", required=False),
                    Part(FITS, "Does it fit together?", asks=Asks.CHOICE, choices=AGREES),
                    Part("what_not", "What does not fit?", only_if=(FITS, MISMATCH)),
                ),
            ),
        ),
        facts=("incidents",),
    ),
    Section(
        "plan",
        "The care plan",
        (
            Part(
                "plan_met",
                "Is the care plan being met here?",
                asks=Asks.CHOICE,
                choices=(("yes", "Yes"), ("partly", "In part"), ("no", "No")),
            ),
            Part("plan_says", "How do you know, and what is missing?"),
            Part(
                "more_visits",
                "Should the child be visited more often?",
                asks=Asks.CHOICE,
                choices=YES_OR_NO,
                required=False,
                left_empty="Not said",
            ),
        ),
        facts=("plan", "reviews", "reports", "allocated"),
    ),
    CONCERNS,
    CONCLUSION,
)
