"""Who is at work is told to the database where accounts change, and with no other statement."""

import pytest
from django.urls import reverse

from tests.factories import NOW, PASSWORD, with_unapproved_relative

pytestmark = pytest.mark.django_db
TOLD = "pghistory.context_metadata"


def test_whoever_changes_their_own_account_is_told_to_the_database(world, signed_in, asked):
    worker = world.social_worker
    client = signed_in(worker)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    new = "a-different-phrase-altogether"
    with asked() as queries:
        answer = client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )
    assert answer.status_code == 302
    [written] = [query for query in queries if 'UPDATE "accounts_user"' in query and '"password"' in query]
    assert TOLD in written
    assert f'"user": {worker.pk}' in written


def test_what_happens_to_children_is_in_events_and_goes_without(world, signed_in, send, asked):
    home = with_unapproved_relative(world.own_child)
    client = signed_in(world.social_worker)
    with asked() as queries:
        send(
            client,
            reverse("visits:record", args=[home.pk]),
            seen="alone",
            account="We cooked together.",
            worries="no",
            made_at=NOW,
        )
    assert any('INSERT INTO "visits_visit"' in query for query in queries)
    assert not [query for query in queries if TOLD in query]
