from django.apps import AppConfig


class BenchConfig(AppConfig):
    """The invented authority: people and children who do not exist."""

    name = "bench"
    verbose_name = "Invented authority"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Say the one act that only an invented history has, and know the errand of the fault runs."""
        from bench.soak.counting import COUNTING
        from casework import errands, timeline

        errands.register(COUNTING)
        timeline.tell("children", take_over="The file was taken over from the system before")
