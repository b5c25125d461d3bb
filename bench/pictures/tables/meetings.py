"""Meetings: arranged, minuted, sent round; what was agreed in them, and what a case discussion agreed."""

from bench.pictures import acts, meeting, records
from bench.pictures.album import DESK, Group, Picture

CHAIR, DHOS = meeting.CHAIR, "dhos"

GROUPS: tuple[Group, ...] = (
    Group(
        "Meetings",
        "Who is invited, what was said and agreed, and who got the minutes.",
        (
            Picture(
                "Arranging a meeting",
                "Who chairs and who is invited, from inside by role and from outside by name.",
                CHAIR,
                "meetings:arrange",
                of=meeting.kind_and_file,
            ),
            Picture(
                "Arranging a meeting sent empty",
                "What is missing, each at its question.",
                CHAIR,
                "meetings:arrange",
                of=meeting.kind_and_file,
                first=acts.sent_empty,
                answers=422,
                only=DESK,
            ),
            Picture(
                "A meeting",
                "Who came, the minutes, what was agreed, and who got them.",
                CHAIR,
                "meetings:meeting",
                of=meeting.meeting("network"),
                prints=True,
            ),
            Picture(
                "A meeting without legal advice",
                "The reviewing officer reads what was said, but not the advice.",
                meeting.REVIEWER,
                "meetings:meeting",
                of=meeting.meeting("network"),
                only=DESK,
            ),
            Picture(
                "Typing minutes",
                "Each thing on the agenda has its part; drafts are kept.",
                CHAIR,
                "meetings:take",
                of=meeting.meeting("network"),
                step="minute",
            ),
            Picture(
                "Sending minutes round",
                "Who gets them, and what people from outside do not get.",
                CHAIR,
                "meetings:take",
                of=meeting.meeting("network"),
                step="circulate",
            ),
            Picture(
                "Minutes on paper",
                "As this reader may have them, with their digest.",
                CHAIR,
                "meetings:document",
                of=meeting.meeting("network"),
                is_pdf=True,
            ),
            Picture(
                "A copy to hand over",
                "The minutes as the grandmother gets them: no advice, and nobody else from outside by name.",
                CHAIR,
                "meetings:copy",
                of=meeting.copy,
                is_pdf=True,
            ),
            Picture(
                "Adding an action",
                "What is to be done, by whom and by when.",
                CHAIR,
                "meetings:agree",
                of=meeting.meeting("network"),
            ),
            Picture(
                "An action",
                "It is late: whoever chaired asks for it, then takes it higher.",
                CHAIR,
                "meetings:action",
                of=meeting.action,
            ),
            Picture(
                "Asking for an action",
                "How it was asked for, and what was answered.",
                CHAIR,
                "meetings:take_action",
                of=meeting.action,
                step="chase",
            ),
            Picture(
                "A case discussion as a meeting",
                "The four who came, and what they agreed; the record is in place of minutes.",
                DHOS,
                "meetings:meeting",
                of=meeting.meeting("case_discussion"),
            ),
            Picture(
                "Arranging a case discussion",
                "The four are invited beforehand, with a day and an agenda.",
                DHOS,
                "meetings:arrange_about",
                of=records.case_discussion_to_arrange,
            ),
        ),
    ),
)
