from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """The child, legal status, reviews, allocation, and who may see whom."""

    name = "children"
    verbose_name = "Children"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Say who may see a child's file, who owes its duties, and where its pages are."""
        from casework import holders, scope, subjects, timeline
        from casework.context import add_place
        from children.access import case_files_of_children_not_hidden_from, case_files_of_children_visible_to
        from children.caseloads.reach import SEE_TEAMS
        from children.holders import files_with_new_holders, find_holders, teams_holding
        from children.permissions import teams_of
        from children.work import subjects_of_children

        scope.register("child", case_files_of_children_visible_to, counted=case_files_of_children_not_hidden_from)
        holders.register("child", find_holders, files_with_new_holders)
        holders.register_teams("child", teams_holding)
        subjects.register("child", subjects_of_children)
        self._hold_meetings()
        add_place("My work", "children:my_work", order=10)
        add_place("Team", "children:team", order=20, shown_to=lambda user, at: user.holds(*SEE_TEAMS, at=at))
        add_place("New child", "children:new_child", order=80, shown_to=lambda user, at: bool(teams_of(user, at)))
        timeline.tell(
            "children",
            open="The child’s file was opened",
            change_legal_status="The legal status changed",
            schedule_review="A looked-after review was arranged",
            hold_review="A looked-after review was held",
            record_review="A looked-after review was recorded",
            allocate="A worker was allocated",
            change_team="Another team took the case",
            change_name="The name changed",
            cease_care="The child is no longer looked after",
            restrict="The record was restricted",
            name_person="Somebody was named on the restricted record",
            ask_to_name="The privacy officer asked to have somebody named",
            take_off="Somebody was taken off the restricted record",
            lift_restriction="The restriction was lifted",
            break_glass="The record was opened by break-glass",
            close_break_glass="What was opened by break-glass was closed before its hour",
            review_break_glass="A use of break-glass was reviewed",
        )
        self._guard_records()

    def _hold_meetings(self):
        """Say which meetings are held about a child, who may be invited, and who reads what of them."""
        from casework import panels
        from casework.meetings import kind, whose
        from casework.meetings.panels import meetings_about
        from children.meetings import KINDS, OF_CHILDREN

        kind.declare(KINDS)
        whose.register("child", OF_CHILDREN)
        panels.register("child", "Meetings", "meetings/panel.html", meetings_about("child"), order=60)

    def _guard_records(self):
        """Say what is due after break-glass, and where records are restricted, opened and reviewed."""
        from accounts.roles import Role
        from casework import diary, duty_links, panels
        from casework.context import add_place
        from children import breaking_glass
        from children.breaking_glass_views import url_of_review
        from children.caseload_of import caseload_of
        from children.ceasing import ceasings_without_agreement
        from children.duties import reviews_of_break_glass
        from children.restricting_views import what_to_do

        diary.register_source("child", "break_glass", reviews_of_break_glass)
        diary.register_source("child", "ceasing", ceasings_without_agreement)
        duty_links.register("break_glass", url_of_review, says="Break-glass", label="Review a use of break-glass")
        panels.add("child.changes", what_to_do, order=90)
        panels.add("person.holds", caseload_of, order=10)
        add_place(
            "Break-glass",
            "children:break_glass_uses",
            order=60,
            shown_to=lambda user, at: user.holds(*breaking_glass.REVIEWERS, at=at),
        )
        add_place(
            "Names wanted",
            "children:names_wanted",
            order=61,
            shown_to=lambda user, at: user.holds(Role.PRIVACY_OFFICER, at=at),
        )
