from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Who has seen the child, and when the next visit is due."""

    name = "visits"
    verbose_name = "Visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the diary which visits are due, and the pages below who has seen the child."""
        from casework import diary, duty_links, panels, timeline
        from visits.duties import visit_duties
        from visits.models import Visit
        from visits.panels import visits_of_child, visits_of_placement, where_met
        from visits.trying import link

        diary.register_source("child", "visits", visit_duties)
        diary.register_readers(Visit, "visits")
        duty_links.register("visits", where_met, says="Visits", label="Record a visit")
        panels.add("procedures", link, order=10)
        panels.register("child", "Visits", "visits/panel.html", visits_of_child, order=20)
        panels.register("placement", "Visits", "visits/panel.html", visits_of_placement, order=20)
        timeline.tell("visits", record_visit="A visit was recorded")
