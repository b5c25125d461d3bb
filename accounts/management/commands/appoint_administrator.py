"""Makes the first administrators of an installation, who then make everybody else."""

import secrets

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import Role

AS_OWNER = "Run this with the rights of the database’s owner: one administrator alone makes no other."


class Command(BaseCommand):
    help = (
        "Make a sign-in and appoint it administrator. Prints a password to be changed at the first sign-in. "
        "Make two: what weighs most, one administrator asks for and another confirms."
    )

    def add_arguments(self, parser):
        """The user name, and where mails go."""
        parser.add_argument("username")
        parser.add_argument("--email", default="", help="told when a request waits")

    @transaction.atomic
    def handle(self, *, username, email, **options):
        """Refuses a name that is taken: an administrator is not made of somebody with other work."""
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"There is a person with the user name {username} already. Choose another name.")
        password = secrets.token_urlsafe(15)
        user = User.objects.create_user(username, email=email, password=password, last_name=username)
        try:
            with transaction.atomic():
                Appointment.objects.create(user=user, role=Role.ADMINISTRATOR, starts_at=timezone.now())
        except DatabaseError as refused:
            raise CommandError(AS_OWNER) from refused
        self.stdout.write(f"{username} is administrator. The password is {password}; change it after signing in.")
        if User.objects.holding(Role.ADMINISTRATOR, at=timezone.now()).count() == 1:
            self.stdout.write("There is one administrator now. Make a second one in the same way, for another person.")
