"""Steps of a chain as the tests take them: through the door, saying what the step asks for."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from approvals.states import ApprovedAs
from bench.chains import CONTENT, to_convene
from casework.steps import carry_out
from tests.factories import NOW, PASSWORD

LATER = NOW + timedelta(hours=1)
FOUR = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.LEGAL, Role.DHOS)


def take(discussion, step, *, by, at=NOW, because="Because it is so.", **said):
    """Take one step; what is not said is said as the person who owes it would."""
    return carry_out(
        getattr(discussion, step), by=by, at=at, because=because, **{**usually_said(discussion, step), **said}
    )


def usually_said(discussion, step):
    """What a step is told besides who, when and why."""
    digest = discussion.version.digest if discussion.pk and discussion.version else ""
    return {
        "record": {"content": {**CONTENT, "discussion": f"We talked again, after {digest[:8]}."}, "digest": digest},
        "agree": {"digest": digest},
        "approve": {"digest": digest, "approved_as": ApprovedAs.INTERIM},
        "sign_off": {"digest": digest},
        "feed_back": {"record_changes": True},
        "renew": {"digest": digest, "content": {"search": "Three agencies were asked again.", "why": "None is near."}},
        "file": {"reference": "DOC-1"},
    }.get(step, {})


def convene(world, placement, *, by=None, at=NOW, held_at=None, **people):
    """The case discussion of the first team's people."""
    named = {"social_worker": world.social_worker, "team_manager": world.team_manager, "legal": world.legal, **people}
    return carry_out(to_convene(placement).convene, by=by or world.dhos, at=at, held_at=held_at or at, **named)


def agree_all(world, discussion, *, at=NOW, roles=FOUR):
    """The four agree the record, one after the other."""
    for role in roles:
        discussion = take(discussion, "agree", by=world.person(role), at=at)
    return discussion


def signed_in_with_password(person):
    """A browser of its own in which this person is signed in and has just given the password again."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    give_password(client)
    return client


def give_password(client, **more):
    """Give the password again where it was asked."""
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD, **more})


def page_of(discussion, step=""):
    """The address of an approval, or of one step of it."""
    return f"/approvals/{discussion.pk}/{step}/" if step else f"/approvals/{discussion.pk}/"


def text_of(answer):
    """What a page says, without its tags."""
    html = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    html = re.sub(r"<[^>]+>", " ", html).replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"')
    return re.sub(r"\s+", " ", html)
