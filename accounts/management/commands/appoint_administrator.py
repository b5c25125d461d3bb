"""Makes the first administrator of an installation, who then makes everybody else."""

import secrets

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import Role


class Command(BaseCommand):
    help = "Make a sign-in and appoint it administrator. Prints a password to be changed at the first sign-in."

    def add_arguments(self, parser):
        """The user name."""
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *, username, **options):
        """Refuses a name that is taken: an administrator is not made of somebody with other work."""
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a person with the user name {username} already. Choose another name.")
        password = secrets.token_urlsafe(15)
        user = User.objects.create_user(username, password=password, last_name=username)
        Appointment.objects.create(user=user, role=Role.ADMINISTRATOR, starts_at=timezone.now())
        self.stdout.write(f"{username} is administrator. The password is {password}; change it after signing in.")
