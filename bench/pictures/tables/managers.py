"""Team managers and service managers, and those who guard restricted records."""

from bench.pictures import acts, records
from bench.pictures.album import DESK, Group, Picture

TM, SM, DIRECTOR, OFFICER = "team-manager", "service-manager", "service-director", "privacy-officer"
ADVISER = "personal-adviser"
"""On call, with a record opened by break-glass."""

TEAMS = Group(
    "Teams",
    "Who carries how much, what is overdue, and who takes over.",
    (
        Picture(
            "My team", "Who carries how much, who has left, and what is overdue.", TM, "children:team", prints=True
        ),
        Picture(
            "The visits of a team",
            "What is overdue, met and seen in a month; each figure opens its list.",
            TM,
            "visits:figures",
            prints=True,
        ),
        Picture(
            "What is overdue, and what is missing",
            "The list behind a figure.",
            TM,
            "visits:figure_list",
            query="?figure=overdue",
        ),
        Picture("The visits of the teams", "Teams beside each other.", DIRECTOR, "visits:figures", only=DESK),
        Picture("The visits of the children whom an IRO reviews", "Own visits first.", "iro", "visits:figures"),
        Picture("All teams", "The teams of an area beside each other.", SM, "children:team"),
        Picture(
            "One team of several",
            "A team as the Service Director sees it.",
            DIRECTOR,
            "children:one_team",
            of=records.team,
        ),
        Picture(
            "What changed in a team",
            "Allocations and cases of one month.",
            TM,
            "children:team_changes",
            of=records.own_team,
        ),
        Picture(
            "Overdue in my team", "Everything overdue, the longest first.", TM, "children:team_overdue", prints=True
        ),
        Picture("Allocating children", "Several at once, as when somebody has left.", TM, "children:caseloads"),
        Picture(
            "Allocating nobody",
            "Nobody is ticked, and the summary says so.",
            TM,
            "children:caseloads",
            first=acts.sent_empty,
            answers=422,
            only=DESK,
        ),
        Picture(
            "Checking before allocating",
            "Every line once more, before all or none is written.",
            TM,
            "children:caseloads",
            first=acts.proposes_to_allocate,
        ),
        Picture("Nothing to check", "Nobody was chosen before.", DIRECTOR, "children:check_caseloads", only=DESK),
        Picture("Moving children to another team", "Several at once.", SM, "children:move_caseloads"),
        Picture(
            "Another worker",
            "Whoever was allocated before no longer is.",
            TM,
            "children:allocate",
            of=records.child,
            only=DESK,
        ),
        Picture(
            "Another team",
            "From then on the new team sees the record.",
            TM,
            "children:change_team",
            of=records.child,
            only=DESK,
        ),
    ),
)
RESTRICTED = Group(
    "Restricted records and break-glass",
    "Only people named see the record; every use of break-glass is reviewed by somebody else.",
    (
        Picture("Restricting a record", "Why, and who sees it from now on.", SM, "children:restrict", of=records.child),
        Picture(
            "Restricting a record sent empty",
            "What is missing, each at its question.",
            SM,
            "children:restrict",
            of=records.child,
            first=acts.sent_empty,
            answers=422,
            only=DESK,
        ),
        Picture(
            "A restricted child",
            "The bar at the top says that the record is restricted.",
            DIRECTOR,
            "children:child",
            of=records.restricted_child,
        ),
        Picture(
            "Who sees a restricted record",
            "Everybody named, since when and why.",
            DIRECTOR,
            "children:restriction",
            of=records.restricted_child,
        ),
        Picture(
            "Naming another",
            "The person is told by mail, without the child’s name.",
            DIRECTOR,
            "children:name_person",
            of=records.restricted_child,
            only=DESK,
        ),
        Picture(
            "Taking a name off",
            "The person sees nothing of it from the next click on.",
            DIRECTOR,
            "children:take_off",
            of=records.restricted_child,
            only=DESK,
        ),
        Picture(
            "Lifting a restriction",
            "Everybody whose role reaches the child sees the record again.",
            DIRECTOR,
            "children:lift_restriction",
            of=records.restricted_child,
            only=DESK,
        ),
        Picture(
            "Names wanted", "Restricted records on which a step waits for a name.", OFFICER, "children:names_wanted"
        ),
        Picture(
            "A name wanted",
            "Which roles are missing; the child is not shown.",
            OFFICER,
            "children:name_wanted",
            of=records.name_wanted,
        ),
        Picture(
            "Asking somebody named",
            "A mail that names no child.",
            OFFICER,
            "children:ask_to_name",
            of=records.name_wanted,
            only=DESK,
        ),
        Picture(
            "Naming by role",
            "The privacy officer names somebody without seeing the record.",
            OFFICER,
            "children:name_by_role",
            of=records.name_wanted,
            only=DESK,
        ),
        Picture("Break-glass", "For a reason and for hours; an alert goes out.", "legal", "children:break_glass"),
        Picture(
            "Break-glass sent empty",
            "What is missing, each at its question.",
            "legal",
            "children:break_glass",
            first=acts.sent_empty,
            answers=422,
        ),
        Picture(
            "A record opened by break-glass",
            "Until when it is open, and the way to close it.",
            ADVISER,
            "children:child",
            of=records.child_opened_by_break_glass,
        ),
        Picture(
            "Closing what was opened",
            "Before its hour, by whoever opened it or was told.",
            ADVISER,
            "children:close_break_glass",
            of=records.own_open_use,
            only=DESK,
        ),
        Picture("Uses of break-glass", "Those to review first.", OFFICER, "children:break_glass_uses"),
        Picture(
            "Reviewing a use",
            "Who, when, why, and which pages were read.",
            OFFICER,
            "children:break_glass_review",
            of=records.use_of_break_glass,
        ),
    ),
)
GROUPS = (TEAMS, RESTRICTED)
