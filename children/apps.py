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
        from children.access import case_files_of_children_visible_to
        from children.holders import files_with_new_holders, find_holders
        from children.permissions import teams_of
        from children.work import subjects_of_children

        scope.register("child", case_files_of_children_visible_to)
        holders.register("child", find_holders, files_with_new_holders)
        subjects.register("child", subjects_of_children)
        add_place("My work", "children:my_work", order=10)
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
        )
