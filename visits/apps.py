from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Who has seen the child, and when the next visit is due."""

    name = "visits"
    verbose_name = "Visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the diary which visits are due, and the pages below who has seen the child."""
        from casework import diary, duty_links, panels, timeline
        from visits.after import registering as after
        from visits.duties import visit_duties, what_to_do
        from visits.figures import registering as figures
        from visits.models import Visit, VisitAskedFor
        from visits.panels import visits_of_child, visits_of_placement, where_met
        from visits.planning import registering as planning
        from visits.trying.views import link
        from visits.visiting_forms import registering as forms

        diary.register_source("child", "visits", visit_duties)
        diary.register_readers(Visit, "visits")
        diary.register_readers(VisitAskedFor, "visits")
        duty_links.register("visits", where_met, says="Visits", label=what_to_do)
        panels.add("procedures", link, order=10)
        panels.register("child", "Visits", "visits/panel.html", visits_of_child, order=20)
        panels.register("placement", "Visits", "visits/panel.html", visits_of_placement, order=20)
        for part in (after, figures, forms, planning):
            part.register()
        timeline.tell(
            "visits",
            record_visit="A visit was recorded",
            strike_out_visit="A visit that was recorded by mistake was struck out",
            add_photograph="A photograph was added to a visit",
        )
