from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """Where the child lives: homes, carers, providers, placements, and what is lawful."""

    name = "placements"
    verbose_name = "Placements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the diary where placements stand, and what that makes due."""
        from casework import diary
        from placements.standing import keep_standings, placement_duties

        diary.register_derivation("child", "standings", keep_standings)
        diary.register_source("child", "placements", placement_duties)
        self._add_to_pages()

    def _add_to_pages(self):
        """Say who sees homes, what an event on a home changes, and what the child's page shows of where it lives."""
        from casework import diary, duty_links, panels, scope, subjects, timeline
        from casework.context import add_place
        from placements import changes, keeping, where
        from placements.models import CarerApproval, Home, HomeRegistration, RegulatorNotice
        from placements.panels import (
            identity_line,
            standing_of_child,
            standing_of_placement,
            what_to_do,
            where_met,
            where_the_child_lives,
        )
        from placements.permissions import keeps_homes

        scope.register("home", where.files_of_homes_visible_to)
        scope.register("provider", where.files_of_providers_visible_to)
        subjects.register("home", where.subjects_of_homes)
        subjects.register("provider", where.subjects_of_providers)
        diary.register_dependents(where.children_at_home, Home, HomeRegistration, RegulatorNotice)
        diary.register_dependents(where.children_with_the_same_carers, CarerApproval)
        duty_links.register("placements", where_met, says="Homes and approvals", label=what_to_do)
        add_place("Homes", "placements:homes", order=40, shown_to=keeps_homes)
        panels.add("child.identity", identity_line, order=10)
        panels.add("child.standing", standing_of_child, order=10)
        panels.add("child.standing", keeping.keeping_of_child, order=20)
        panels.add("placement.standing", keeping.keeping_of, order=20)
        panels.add("child.changes", changes.changes_for_child, order=10)
        panels.add("placement.standing", standing_of_placement, order=10)
        panels.add("placement.changes", changes.changes_for_placement, order=10)
        panels.register("child", "Where the child lives", "placements/panel.html", where_the_child_lives, order=10)
        timeline.tell(
            "placements",
            place="The child moved",
            end_placement="The child left a home",
            name_home="It was found out which family or home it is",
            approve_carer="The carers’ approval was recorded",
            outside_terms="An emergency outside the carers’ terms was recorded (regulation 23)",
            record_regulation_19="A stay with a parent before the assessment was recorded (regulation 19)",
            outside_area="The home lies outside the authority’s area",
            host_told="The authority of the area was told",
            allow_secure="An order or an approval for secure accommodation was recorded",
            review_secure="Three people reviewed whether the child has to be kept",
            meant_to_last_to_18="The home is meant to last until 18",
            fewer_visits_agreed="The child agreed to fewer visits",
            with_looked_after_parent="The child lives with a parent who is looked after",
            correct_placement="What was recorded of a home was corrected",
            strike_out="Something recorded by mistake was struck out",
            open="The file was opened",
            describe_home="What is known of the home was recorded",
            strike_out_registration="A registration recorded by mistake was struck out",
            change_registration="The registration changed",
            record_inspection="The home was inspected",
            record_notice="The regulator gave notice of a concern",
        )
