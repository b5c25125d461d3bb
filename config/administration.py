"""The administration pages: people, appointments, teams. No child's record is reached from here."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils import timezone

from accounts.roles import Role


class Administration(AdminSite):
    """Open to whoever is appointed administrator at the moment, and to nobody else."""

    site_header = site_title = "Hearth administration"
    index_title = "People and places"

    def has_permission(self, request):
        """Does this person hold the role now?"""
        user = request.user
        return user.is_authenticated and user.is_active and user.holds(Role.ADMINISTRATOR, at=timezone.now())


class AdministrationConfig(AdminConfig):
    """Puts these pages in the place of Django's own."""

    default_site = "config.administration.Administration"
