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

        from accounts.roles import Role
        from casework import check_page, long_documents, tidying
        from casework.context import add_place
        from casework.drafts import take_up_after_sign_in
        from casework.grants import grant_rights
        from casework.preview import register

        register()
        long_documents.register()
        tidying.register("long documents", long_documents.forget_old)
        tidying.register("checks of digests", check_page.forget_old)
        add_place("Procedures", "casework:procedures", order=70)
        post_migrate.connect(grant_rights, sender=self)
        user_logged_in.connect(take_up_after_sign_in)
        add_place("People", "people:people", order=90, shown_to=lambda user, at: user.holds(Role.ADMINISTRATOR, at=at))
