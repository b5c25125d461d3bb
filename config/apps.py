"""The installation itself as an app, so that Django starts its parts."""

from django.apps import AppConfig


class HearthConfig(AppConfig):
    """Starts logging and binds shared tasks to this installation's Celery."""

    name = "config"
    verbose_name = "Installation"

    def ready(self):
        """Called once Django knows every model."""
        from config import celery, logs  # noqa: F401

        logs.configure_structlog()
