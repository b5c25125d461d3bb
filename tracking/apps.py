from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """What managers oversee: every unregulated arrangement at a glance."""

    name = "tracking"
    verbose_name = "Tracking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Put the dashboard where people find it."""
        from casework.context import add_place
        from tracking.views import OVERSEERS

        add_place("Dashboard", "tracking:dashboard", order=30, shown_to=lambda user, at: user.holds(*OVERSEERS, at=at))
