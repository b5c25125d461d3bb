from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Files in and out: the statutory return."""

    name = "exchange"
    verbose_name = "Exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Say what an import is called in the record of events."""
        from casework import timeline

        timeline.tell("children", load_return="Loaded from the statutory return")
        timeline.tell("placements", load_return="Named in the statutory return", not_confirmed="Absent from the return")
