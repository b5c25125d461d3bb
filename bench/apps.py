from django.apps import AppConfig


class BenchConfig(AppConfig):
    """The invented authority: people and children who do not exist."""

    name = "bench"
    verbose_name = "Invented authority"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Say the one act that only an invented history has."""
        from casework import timeline

        timeline.tell("children", take_over="The file was taken over from the system before")
