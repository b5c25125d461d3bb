"""Social workers, personal advisers and reviewing officers: the list of what is due, the child, and visits."""

from bench.pictures import acts, records
from bench.pictures.album import PHONE, Group, Picture
from placements.states import Setting

SW, IRO = "social-worker", "iro"
IN_FOSTER_CARE = records.placement(Setting.IN_HOUSE_FOSTER)

DUE = Group(
    "What is due",
    "The start page: duties that are mine, soonest first, each with its reason.",
    (
        Picture("My work", "What is due, soonest first, and why.", SW, "children:my_work", prints=True),
        Picture(
            "Why a duty is due",
            "The facts, the rule and its source, one tap away.",
            SW,
            "children:my_work",
            first=acts.every_why_opened,
        ),
        Picture(
            "My work with a filter", "One kind of work alone.", "legal", "children:my_work", query="?kind=sign-off"
        ),
        Picture("Nothing to do", "An empty list says what will stand there.", "exit-worker", "children:my_work"),
        Picture(
            "Finding a child", "Any part of a name finds the child.", SW, "children:search", first=acts.searched("ma")
        ),
        Picture("Nobody found", "What to try next.", SW, "children:search", first=acts.searched("Zzyzx")),
        Picture(
            "Before searching",
            "What can be looked for; names never stand in an address.",
            SW,
            "children:search",
            only=PHONE,
        ),
    ),
)
CHILD = Group(
    "The child",
    "What is lawful, who oversees it, what is due, and what happened.",
    (
        Picture(
            "A child",
            "An arrangement that is not lawful and not yet signed says so first.",
            SW,
            "children:child",
            of=records.child,
            prints=True,
        ),
        Picture(
            "A settled child",
            "A foster home, and the visits that are due there.",
            SW,
            "children:child",
            of=records.settled_child,
        ),
        Picture(
            "A child seen by a reviewing officer",
            "The same child, without the legal advice.",
            IRO,
            "children:child",
            of=records.child,
        ),
        Picture(
            "A child seen by commissioning",
            "The same page, without what workers wrote.",
            "commissioning",
            "children:child",
            of=records.child,
        ),
        Picture(
            "History",
            "Everything that happened, the latest first, with who did it.",
            SW,
            "children:timeline",
            of=records.child,
            prints=True,
        ),
        Picture("A new child", "A file is opened on one page.", SW, "children:new_child"),
        Picture(
            "A new child sent empty",
            "Each line of the summary leads to its box.",
            SW,
            "children:new_child",
            first=acts.sent_empty,
            answers=422,
        ),
        Picture(
            "A child with very long names",
            "Names of seventy letters break inside the page.",
            SW,
            "children:new_child",
            first=acts.opens_file_with_long_names,
        ),
        Picture(
            "The name changed",
            "Search still finds the child by the name before.",
            SW,
            "children:change_name",
            of=records.child,
            only=PHONE,
        ),
        Picture(
            "The legal status changed",
            "The status before ends by itself.",
            SW,
            "children:change_legal_status",
            of=records.child,
            only=PHONE,
        ),
        Picture(
            "A review arranged",
            "The day of the next review.",
            SW,
            "children:schedule_review",
            of=records.child,
            only=PHONE,
        ),
        Picture(
            "A review held",
            "How the child took part, and the day of the next.",
            IRO,
            "children:hold_review",
            of=records.child,
            only=PHONE,
        ),
    ),
)
VISITS = Group(
    "Visits",
    "Recorded on a phone, two taps from My work.",
    (
        Picture(
            "Recording a visit", "At most six answers, one of them typed.", SW, "visits:record", of=records.placement()
        ),
        Picture(
            "Recording a visit sent empty",
            "What is missing, each at its question.",
            SW,
            "visits:record",
            of=records.placement(),
            first=acts.sent_empty,
            answers=422,
        ),
        Picture("A visit", "As it was recorded, and when the next is due.", SW, "visits:visit", of=records.visit),
        Picture(
            "A very long account",
            "Five thousand words were typed, and what is due next stays first.",
            SW,
            "visits:record",
            of=IN_FOSTER_CARE,
            first=acts.records_a_long_visit,
        ),
        Picture(
            "All visits",
            "Every visit to one child, the latest first.",
            SW,
            "visits:visits_of_child",
            of=records.settled_child,
            prints=True,
        ),
    ),
)
LIVING = Group(
    "Where a child lives",
    "Moves, approvals, and what was recorded wrongly.",
    (
        Picture(
            "A home of a child",
            "Is it regulated and lawful, since when, and who oversees it.",
            SW,
            "placements:placement",
            of=records.placement(),
        ),
        Picture(
            "Every home of a child",
            "From the first day of care.",
            SW,
            "placements:homes_of_child",
            of=records.settled_child,
        ),
        Picture(
            "The child moved", "The home before ends with the move.", SW, "placements:moved", of=records.settled_child
        ),
        Picture(
            "The child moved sent empty",
            "What is missing, each at its question.",
            SW,
            "placements:moved",
            of=records.settled_child,
            first=acts.sent_empty,
            answers=422,
        ),
        Picture(
            "Care ended",
            "The last day of care, and how it ended.",
            SW,
            "placements:care_ended",
            of=records.settled_child,
            only=PHONE,
        ),
        Picture(
            "A home ended",
            "The child left, and the next home is not known.",
            SW,
            "placements:end_placement",
            of=IN_FOSTER_CARE,
            only=PHONE,
        ),
        Picture(
            "The carers’ approval",
            "Who approved them, for how long.",
            SW,
            "placements:approve_carer",
            of=records.placement(),
        ),
        Picture(
            "Naming a home",
            "A return does not say which family or home it is.",
            "placement-service",
            "placements:name_home",
            of=records.unnamed_placement,
            only=PHONE,
        ),
        Picture(
            "Meant to last",
            "A home until 18 is visited less often.",
            SW,
            "placements:meant_to_last_to_18",
            of=IN_FOSTER_CARE,
            only=PHONE,
        ),
        Picture(
            "Fewer visits agreed",
            "The child agrees, where the home is meant to last.",
            SW,
            "placements:fewer_visits_agreed",
            of=IN_FOSTER_CARE,
            only=PHONE,
        ),
        Picture(
            "Outside the terms of approval",
            "An emergency, for six working days at most.",
            SW,
            "placements:outside_terms",
            of=IN_FOSTER_CARE,
            only=PHONE,
        ),
        Picture(
            "Outside the authority’s area",
            "Which kind of distance, and since when.",
            SW,
            "placements:outside_area",
            of=IN_FOSTER_CARE,
            only=PHONE,
        ),
        Picture(
            "The authority of the area was told",
            "Once: then it is asked no more.",
            "placement-service",
            "placements:host_told",
            of=records.placement_outside_area,
            only=PHONE,
        ),
        Picture(
            "An order for secure accommodation",
            "By whom, from when, until when.",
            "placement-service",
            "placements:allow_secure",
            of=records.placement(Setting.SECURE_HOME),
            only=PHONE,
        ),
        Picture(
            "A review of the keeping",
            "Three people, one of them from outside.",
            "placement-service",
            "placements:review_secure",
            of=records.placement(Setting.SECURE_HOME),
            only=PHONE,
        ),
        Picture(
            "Living with a parent before the assessment",
            "Regulation 19, with who agreed it.",
            SW,
            "placements:record_regulation_19",
            of=records.placement(Setting.PARENT),
            only=PHONE,
        ),
        Picture(
            "Living with a looked-after parent",
            "A baby with a parent of 16 or 17 who is looked after.",
            "placement-service",
            "placements:with_looked_after_parent",
            of=records.placement(Setting.SUPPORTED_ACCOMMODATION),
            only=PHONE,
        ),
        Picture(
            "Correcting a home",
            "What stood before is kept, with the reason.",
            SW,
            "placements:correct_placement",
            of=IN_FOSTER_CARE,
        ),
        Picture(
            "Striking out",
            "What was never so is struck out, and stays readable.",
            SW,
            "placements:strike_out",
            of=IN_FOSTER_CARE,
            only=PHONE,
        ),
    ),
)
GROUPS = (DUE, CHILD, VISITS, LIVING)
