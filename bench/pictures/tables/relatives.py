"""Relatives and friends who may care for a child: asked about, looked into, approved for a time, and the report."""

from bench.pictures import acts, relative
from bench.pictures.album import DESK, PHONE, Group, Picture

WORKER, MANAGER, HOS = "social-worker", "team-manager", "hos"

GROUPS: tuple[Group, ...] = (
    Group(
        "Relatives and friends",
        "Regulation 24: an enquiry, a viability assessment, an approval in its countdown, and what came of it.",
        (
            Picture("An enquiry", "Who it is, and how connected.", WORKER, "approvals:enquire", of=relative.child),
            Picture(
                "An enquiry sent empty",
                "What is missing, each at its question.",
                WORKER,
                "approvals:enquire",
                of=relative.child,
                first=acts.sent_empty,
                answers=422,
                only=DESK,
            ),
            Picture(
                "A relative who is looked into",
                "The way so far, and who lives there with the checks that are back.",
                MANAGER,
                "approvals:connected_person",
                of=relative.with_viability_to_confirm,
                prints=True,
            ),
            Picture(
                "Somebody else who lives there",
                "Everybody in the home, the carer too.",
                WORKER,
                "approvals:add_to_household",
                of=relative.with_viability_to_confirm,
                only=PHONE,
            ),
            Picture(
                "What a check found",
                "It is written down how it is weighed.",
                WORKER,
                "approvals:household_member",
                of=relative.member,
            ),
            Picture(
                "An approval in its countdown",
                "How many days are left.",
                WORKER,
                "approvals:connected_person",
                of=relative.approved_now,
            ),
            Picture(
                "Beginning an extension",
                "What the law asks for first.",
                WORKER,
                "approvals:begin_about_person",
                of=relative.approved_now,
                step="extension",
                only=DESK,
            ),
            Picture(
                "An extended approval",
                "Extended once: the law allows no second time.",
                HOS,
                "approvals:connected_person",
                of=relative.extended,
                only=DESK,
            ),
            Picture(
                "An approval that ran out",
                "Another home is arranged and this one ends, or senior managers decide.",
                HOS,
                "approvals:connected_person",
                of=relative.ran_out,
            ),
            Picture(
                "Taking an enquiry no further",
                "How it ended, the main reason, and the reasons in words.",
                WORKER,
                "approvals:take_about_person",
                of=relative.with_viability_to_confirm,
                step="take_no_further",
            ),
            Picture(
                "The carer’s page",
                "Approvals, and the children whom the reader may see.",
                WORKER,
                "approvals:carer",
                of=relative.carer,
            ),
            Picture(
                "The report on relatives and friends",
                "How many did not become foster carers, and why; each figure leads to its list.",
                HOS,
                "approvals:connected_persons",
                prints=True,
            ),
            Picture(
                "The report without names",
                "Whoever counts sees counts.",
                "performance",
                "approvals:connected_persons",
                only=DESK,
            ),
        ),
    ),
)
