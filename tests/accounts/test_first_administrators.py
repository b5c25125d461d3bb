"""The first administrators of an installation are made by a command with the rights of the database's owner."""

import io
import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from casework.grants import APPLICATION

pytestmark = pytest.mark.django_db


def appoint(name, **options):
    said = io.StringIO()
    call_command("appoint_administrator", name, stdout=said, **options)
    return said.getvalue()


def test_the_first_administrator_can_sign_in_holds_only_that_role_and_is_told_to_make_a_second_one():
    said = appoint("first", email="first@example.org")
    password = re.search(r"password is (\S+);", said).group(1)
    assert authenticate(username="first", password=password)
    first = User.objects.get(username="first")
    assert (first.roles_at(timezone.now()), first.email) == ({Role.ADMINISTRATOR}, "first@example.org")
    assert "Make a second one" in said
    assert "Make a second one" not in appoint("second")


def test_a_name_that_is_taken_is_refused_with_a_sentence():
    appoint("first")
    with pytest.raises(CommandError, match="already"):
        appoint("FIRST")


def test_the_application_makes_no_administrator():
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        with pytest.raises(CommandError, match="rights of the database’s owner"):
            appoint("first")
        cursor.execute("RESET ROLE")
    assert not User.objects.filter(username="first").exists()
