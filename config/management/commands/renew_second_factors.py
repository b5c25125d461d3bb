"""Encrypts the secrets of all second factors anew: `manage.py renew_second_factors`, after SECRET_KEY was changed."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from config.second_factor import renewed


class Command(BaseCommand):
    """Reads each with whichever key it was written with, and writes it with the present one."""

    help = (
        "Encrypt all second factors with the present SECRET_KEY, so that none needs those among SECRET_KEY_FALLBACKS."
    )

    @transaction.atomic
    def handle(self, *args, **options):
        """All of them or none."""
        number = 0
        for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
            authenticator.data = renewed(authenticator.data)
            authenticator.save(update_fields=["data"])
            number += 1
        self.stdout.write(f"{number} second factors are encrypted with the present key.")
