from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CaseworkConfig(AppConfig):
    """The door, the event record, duties, procedures, jobs: what every case needs and no child is named in."""

    name = "casework"
    verbose_name = "Casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Give the application's database role its rights after every migration; take up what was typed before sign-in."""
        from django.contrib.auth.signals import user_logged_in

        from casework.drafts import take_up_after_sign_in
        from casework.grants import grant_rights

        post_migrate.connect(grant_rights, sender=self)
        user_logged_in.connect(take_up_after_sign_in)
