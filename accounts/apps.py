from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who signs in, in which role, where, and from when to when."""

    name = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"
