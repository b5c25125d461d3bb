"""What is looked at in the papers of a home: each with where it is held, and what to ask about it.

Source: Kent, placement standards (S3 L243-L326), incidents within 24 hours (K-20), the provider's reports (K-26), what the
contract includes (K-27, K-28). None is ever forced: a visit looks at what this child's plan makes matter. What concerns the
building is mainly looked at by Commissioning (S3 L328). The words are the product's own.
"""

from typing import Final

from casework.sections.parts import Given

MANAGER: Final = "Held by the manager of the home."
FILE: Final = "Held in the home’s file on the child."
FILE_AND_CHILD: Final = "Held in the home’s file; the child has a copy."

OF_CHILD: Final = (
    Given(
        "care_plan",
        "The home’s care plan for the child",
        f"{FILE_AND_CHILD} It has to fit the authority’s care plan.",
        (
            "Who has a copy?",
            "Who carries it out?",
            "Who reviews it, and how often?",
            "How is it marked when the child achieves something?",
        ),
    ),
    Given(
        "risk_plan",
        "Risk assessment and safe care plan",
        f"{MANAGER} Risks to the child and from the child, and what is done about them.",
        ("Is there one for this child?", "Who has a copy?", "When is it looked at again?"),
    ),
    Given(
        "daily_log",
        "Daily log",
        f"{MANAGER} Who was on shift, what the day was like, and where more is written of an incident.",
        ("Who can read it?", "How would growing worries be noticed in it?", "To whom would they be taken?"),
    ),
    Given(
        "incident_log",
        "Incident log and reports",
        f"{MANAGER} Hold it against the daily log.",
        (
            "Did somebody senior look at each incident, and at what was done?",
            "What did the staff learn from it, and what is done otherwise now?",
        ),
    ),
    Given(
        "restraint_log",
        "Restraint log and reports",
        MANAGER,
        (
            "Were the staff trained for it?",
            "What was tried before?",
            "How often does it happen, and does that change?",
        ),
    ),
    Given(
        "medication",
        "Medication log",
        f"{MANAGER} What is prescribed, and home remedies.",
        ("Is it up to date?", "Is medicine locked away?", "Is what is left over disposed of in time?"),
    ),
    Given(
        "sanctions",
        "Sanctions and rewards",
        f"{FILE_AND_CHILD} Each sanction, and why it was given.",
        (
            "How are rewards used, and did the child agree them?",
            "How were the rules, and what follows from breaking them, agreed with the child?",
        ),
    ),
    Given(
        "activities",
        "Activities",
        FILE_AND_CHILD,
        (
            "How is it found out what this child likes to do?",
            "How is the child encouraged to go?",
            "Who pays?",
        ),
    ),
)

OF_HOME: Final = (
    Given(
        "rota",
        "Staff rota",
        f"{MANAGER} Who is on shift, and how many.",
        ("Who can see it?", "Are changes written down?"),
    ),
    Given("visitors", "Visitor log", MANAGER, ("Who makes sure that it is filled in, and right?",)),
    Given(
        "regulation_44",
        "Monthly reports of the independent visitor (regulation 44)",
        MANAGER,
        (
            "Do they come every month?",
            "How is it known that they are fair and right?",
            "Is what they ask for done in time, and does it make a difference?",
            "Do they say what the children say?",
        ),
    ),
    Given(
        "safety",
        "Fire, health and safety, and electrical tests",
        f"{MANAGER} Commissioning looks at these: do so only where there is a reason.",
        ("Which assessments are there?", "Who can get at them?", "How often are they renewed?"),
    ),
    Given("training", "Training records", MANAGER, ("How are staff trained, and how do they develop?",)),
    Given(
        "policies",
        "Safeguarding policies",
        "On the provider’s website.",
        (
            "Which of them do the staff use most?",
            "How is it checked that the staff understand them?",
            "Do you see them at work in the home?",
        ),
    ),
    Given(
        "purpose",
        "Statement of purpose",
        "On the provider’s website, or held by the manager of the home.",
        ("Is this the home that it describes?", "Does it fit what this child needs?"),
    ),
    Given(
        "insurance",
        "Insurance",
        f"{MANAGER} With the day on which it runs out.",
        ("Which insurance is there?", "Where is the certificate, and who can get at it?"),
    ),
)

OWED_BY_PROVIDER: Final = (
    Given(
        "incidents_told",
        "Incidents are told to the authority within 24 hours, with a written account",
        "",
        ("Does every incident in the log stand in the child’s record as well?",),
    ),
    Given(
        "reports",
        "Reports on the child’s development come as agreed",
        "Weekly, monthly, or as was agreed.",
        ("Do they follow the care plan?",),
    ),
    Given(
        "contract",
        "The child gets what the contract includes",
        "Where the contract has to change and the provider does not answer, take it to Commissioning.",
        (
            "What does it include: cleaning, meals, hours of support?",
            "Does the child know what to expect?",
        ),
    ),
)
