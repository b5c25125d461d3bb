"""Senior decisions of every kind: begun, written up, read, decided; and the table that says who decides what."""

from bench.pictures import acts
from bench.pictures.album import DESK, PHONE, Group, Picture
from bench.pictures.decision import DEPUTY, DIRECTOR, REVIEWER, WORKER, decision, setting_to_begin, to_begin

GROUPS: tuple[Group, ...] = (
    Group(
        "Senior decisions",
        "Prepared by whoever works with the child, checked, and decided by one person with no other part in it.",
        (
            Picture(
                "Who decides what",
                "Every decision: who prepares it, who is consulted, who decides, and how soon.",
                WORKER,
                "approvals:who_decides",
                only=DESK,
            ),
            Picture(
                "Beginning a decision about contact",
                "With whom: one for each parent can be under way.",
                WORKER,
                "approvals:begin_for_child",
                of=to_begin("contact"),
                only=PHONE,
            ),
            Picture(
                "Beginning a decision about a home",
                "What will be asked, and who asks for it.",
                WORKER,
                "approvals:begin_decision",
                of=setting_to_begin,
                only=DESK,
            ),
            Picture(
                "Writing up a decision sent empty",
                "What is missing, each at its question.",
                WORKER,
                "approvals:take_decision",
                of=decision("with_parents", "prepared"),
                step="put",
                first=acts.sent_empty,
                answers=422,
                only=DESK,
            ),
            Picture(
                "The reviewing officer is consulted",
                "What they think is asked for by name, and whoever decides reads it.",
                REVIEWER,
                "approvals:take_decision",
                of=decision("with_parents", "prepared"),
                step="say",
                only=PHONE,
            ),
            Picture(
                "Secure accommodation to be signed",
                "Said yes to by telephone; how many hours are left stands above the record.",
                DIRECTOR,
                "approvals:decision",
                of=decision("secure_accommodation", "put"),
            ),
            Picture(
                "A decision as a document",
                "As it is printed and filed, with every signature.",
                DEPUTY,
                "approvals:decision_document",
                of=decision("contact", "granted"),
                is_pdf=True,
            ),
        ),
    ),
)
