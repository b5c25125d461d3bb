"""What one administrator asks for and another confirms, refuses, or the asker withdraws (C-33)."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client
from django.urls import reverse

from accounts.models import Decision, GrantRequest, ServiceArea, User
from accounts.roles import Role
from casework.models import OutgoingMail
from casework.people import acts
from casework.steps import NotYet, NotYou
from tests.accounts.administering import has_just_confirmed, second_administrator
from tests.factories import NOW, PASSWORD, a, a_person, appointed, days_before

pytestmark = pytest.mark.django_db
Kind = GrantRequest.Kind


@pytest.fixture
def asker(db):
    asker = a(Role.ADMINISTRATOR, name="administrator")
    User.objects.filter(pk=asker.pk).update(email="first@example.org")
    return asker


@pytest.fixture
def other(db):
    other = second_administrator()
    User.objects.filter(pk=other.pk).update(email="second@example.org")
    return other


@pytest.fixture
def person(db):
    return a_person("sam-field")


@pytest.fixture
def area(db):
    return ServiceArea.objects.create(name="East")


def asked(person, asker, *, at=NOW, **traits):
    """A request that waits."""
    wanted = {"kind": Kind.APPOINTMENT, "role": Role.DCS, "starts_at": at, "because": "She starts.", **traits}
    request = GrantRequest(person=person, **wanted)
    assert acts.ask(request, by=asker, at=at) is False
    return request


def decide(signed_in, send, request, by, decision="confirmed", **typed):
    client = has_just_confirmed(signed_in(by))
    return send(client, reverse("people:request_decide", args=[request.pk]), decision=decision, **typed)


def test_a_role_that_signs_waits_and_the_confirmed_appointment_equals_the_request(
    signed_in, send, asker, other, person, area
):
    first = signed_in(asker)
    covered = a(Role.HOS, area=area)
    typed = {
        "role": Role.HOS,
        "where": f"area:{area.pk}",
        "from_on": date(2026, 3, 12),
        "until_on": date(2026, 3, 20),
        "acting_for": covered.pk,
        "line_manager": covered.pk,
        "because": "He is on leave.",
    }
    answer = send(first, reverse("people:person_appoint", args=[person.pk]), **typed)
    assert "It holds once another administrator has confirmed it" in first.get(answer["Location"]).content.decode()
    request = GrantRequest.objects.get()
    assert (request.asked_by, request.asked_at, request.because) == (asker, NOW, "He is on leave.")
    assert not person.appointments.exists()

    decide(signed_in, send, request, other)
    held = person.appointments.get()
    for name in ("role", "team", "area", "starts_at", "ends_at", "acting_for", "line_manager"):
        assert getattr(held, name) == getattr(request, name), name
    assert held.grant == request
    page = first.get(reverse("people:person", args=[person.pk])).content.decode()
    assert "Administrator Person, confirmed by Administrator 2 on 9 March 2026" in page


def test_confirming_asks_for_the_password_again(signed_in, send, asker, other, person):
    request = asked(person, asker)
    client = signed_in(other)
    answer = send(client, reverse("people:request_decide", args=[request.pk]), decision="confirmed")
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not person.appointments.exists()
    client.post(answer["Location"], {"password": PASSWORD})
    assert person.appointments.exists()


def test_nobody_confirms_their_own_request(signed_in, send, asker, other, person):
    request = asked(person, asker)
    answer = decide(signed_in, send, request, asker)
    assert (answer.status_code, "You asked for this yourself" in answer.content.decode()) == (403, True)
    page = signed_in(asker).get(reverse("people:request", args=[request.pk])).content.decode()
    assert "Withdraw the request" in page
    assert "Confirm or refuse" not in page


def test_nobody_confirms_what_is_about_them(signed_in, send, asker, other):
    third = a(Role.ADMINISTRATOR, name="administrator-3")
    request = asked(third, asker)
    answer = decide(signed_in, send, request, third)
    assert (answer.status_code, "This is about you" in answer.content.decode()) == (403, True)
    assert decide(signed_in, send, request, other).status_code == 302


def test_nobody_asks_for_themselves(asker, other):
    with pytest.raises(NotYou, match="your own account"):
        acts.ask(GrantRequest(kind=Kind.APPOINTMENT, person=asker, role=Role.IRO, starts_at=NOW), by=asker, at=NOW)
    assert not GrantRequest.objects.exists()


@pytest.mark.parametrize("ended", [days_before(1), NOW])
def test_an_administrator_whose_appointment_has_ended_neither_asks_nor_confirms(asker, other, person, ended):
    request = asked(person, asker)
    other.appointments.update(ends_at=ended)
    former = User.objects.get(pk=other.pk)
    with pytest.raises(NotYou, match="Only administrators"):
        acts.decide(request, Decision.CONFIRMED, by=former, at=NOW)
    with pytest.raises(NotYou, match="Only administrators"):
        acts.ask(GrantRequest(kind=Kind.APPOINTMENT, person=person, role=Role.HOS), by=former, at=NOW)


def test_the_right_page_and_the_wrong_role_decide_nothing(signed_in, send, asker, person):
    request = asked(person, asker)
    assert decide(signed_in, send, request, a(Role.PRIVACY_OFFICER)).status_code == 403
    assert not person.appointments.exists()


def test_whoever_covers_an_administrator_confirms(asker, person):
    cover = appointed(a_person("cover"), Role.ADMINISTRATOR, until=NOW + timedelta(days=1), acting_for=asker)
    acts.decide(asked(person, asker), Decision.CONFIRMED, by=cover, at=NOW)
    assert person.appointments.get().role == Role.DCS


def test_with_two_administrators_the_director_decides_what_is_asked_for_one_of_them(signed_in, send, asker, other):
    director = a(Role.DCS, name="dcs")
    User.objects.filter(pk=director.pk).update(email="dcs@example.org")
    request = asked(other, asker)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [director]
    page = signed_in(asker).get(reverse("people:request", args=[request.pk])).content.decode()
    assert director.name in page
    assert decide(signed_in, send, request, other).status_code == 403
    page = signed_in(director).get(reverse("people:request", args=[request.pk])).content.decode()
    assert "Confirm or refuse" in page
    assert reverse("people:person", args=[other.pk]) not in page
    answer = decide(signed_in, send, request, director)
    assert answer["Location"] == reverse("people:request", args=[request.pk])
    assert signed_in(director).get(answer["Location"]).status_code == 200
    assert other.appointments.get(role=Role.DCS).grant == request


def test_the_director_decides_for_the_last_administrator(asker, person, area):
    director = a(Role.DCS, name="dcs")
    acts.decide(asked(person, asker, role=Role.HOS, area=area), Decision.CONFIRMED, by=director, at=NOW)
    assert person.appointments.get().role == Role.HOS


def test_the_director_decides_nothing_while_another_administrator_can(signed_in, send, asker, other, person):
    director = a(Role.DCS, name="dcs")
    request = asked(person, asker)
    answer = decide(signed_in, send, request, director)
    assert (answer.status_code, "This is decided by Administrator 2" in answer.content.decode()) == (403, True)
    assert signed_in(director).get(reverse("people:request", args=[request.pk])).status_code == 403
    assert signed_in(director).get("/people/").status_code == 403
    other.appointments.update(ends_at=NOW)
    acts.decide(request, Decision.CONFIRMED, by=User.objects.get(pk=director.pk), at=NOW)


def test_the_director_decides_nothing_about_the_own_account(asker):
    director = a(Role.DCS, name="dcs")
    request = asked(director, asker, role=Role.HOS)
    with pytest.raises(NotYou, match="This is about you"):
        acts.decide(request, Decision.CONFIRMED, by=director, at=NOW)


def test_where_nobody_can_decide_the_page_says_what_to_do(signed_in, asker, person):
    request = asked(person, asker)
    page = signed_in(asker).get(reverse("people:request", args=[request.pk])).content.decode()
    assert "Nobody here can decide this now" in page
    assert "appoint_administrator" in page


def test_a_way_in_that_somebody_else_has_meanwhile_is_not_confirmed(asker, other, person):
    appointed(person, Role.LEGAL)
    wanted = {"kind": Kind.SIGN_IN, "role": "", "starts_at": None, "email": "new@example.org", "directory_name": "sam"}
    request = asked(person, asker, **wanted)
    User.objects.filter(pk=a_person("quicker").pk).update(email="NEW@example.org", directory_name="sam")
    with pytest.raises(NotYet) as refused:
        acts.decide(request, Decision.CONFIRMED, by=other, at=NOW)
    assert [sentence.partition(" since")[0] for sentence in refused.value.sentences] == [
        "Somebody else has this mail address",
        "Somebody else has this name in the directory",
    ]


def test_a_refusal_needs_a_reason_and_grants_nothing(signed_in, send, asker, other, person):
    request = asked(person, asker)
    without = decide(signed_in, send, request, other, decision="refused")
    assert (without.status_code, "Answer “Why do you refuse?”" in without.content.decode()) == (422, True)
    decide(signed_in, send, request, other, decision="refused", because="She is not registered.")
    request.refresh_from_db()
    assert (request.decision, request.decided_because) == (Decision.REFUSED, "She is not registered.")
    assert not person.appointments.exists()


def test_the_asker_withdraws_and_nobody_else(signed_in, send, asker, other, person):
    request = asked(person, asker)
    address = reverse("people:request_withdraw", args=[request.pk])
    answer = send(signed_in(other), address, because="No.")
    assert (answer.status_code, "Only whoever asked" in answer.content.decode()) == (403, True)
    send(signed_in(asker), address, because="A mistake.")
    request.refresh_from_db()
    assert (request.decision, request.decided_by) == (Decision.WITHDRAWN, asker)


def test_what_is_decided_is_not_decided_again(asker, other, person):
    request = asked(person, asker)
    third = a(Role.ADMINISTRATOR)
    acts.decide(request, Decision.CONFIRMED, by=other, at=NOW)
    with pytest.raises(NotYet, match="decided before: confirmed by Administrator 2"):
        acts.decide(request, Decision.REFUSED, by=third, at=NOW)
    assert person.appointments.count() == 1


def test_a_request_lapses_after_thirty_days(asker, other, person, signed_in):
    request = asked(person, asker)
    later = NOW + timedelta(days=30)
    with pytest.raises(NotYet, match="has lapsed"):
        acts.decide(request, Decision.CONFIRMED, by=other, at=later)
    with time_machine.travel(later, tick=False):
        client = Client()
        client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert "has lapsed" in client.get(reverse("people:request", args=[request.pk])).content.decode()
        assert "Nothing waits" in client.get("/people/").content.decode()
    asked(person, asker, at=later)


def test_the_same_is_asked_for_once_at_a_time(asker, person):
    asked(person, asker)
    with pytest.raises(NotYet, match="asked for already"):
        asked(person, asker)


def test_nobody_is_appointed_who_has_left_meanwhile(asker, other, person):
    request = asked(person, asker)
    acts.leave(person, by=other, at=NOW, because="She changed her mind.")
    with pytest.raises(NotYet, match="has left since"):
        acts.decide(request, Decision.CONFIRMED, by=other, at=NOW)


def test_what_waits_stands_above_the_list_with_its_number(signed_in, asker, other, person):
    request = asked(person, asker)
    answer = signed_in(other).get("/people/")
    (waiting,) = answer.context["waiting"]
    assert waiting.url == reverse("people:request", args=[request.pk])
    assert waiting.says.startswith("Sam Field is to be appointed Director of Children’s Services, the whole authority")
    assert '<span class="hearth-count">1</span>' in answer.content.decode()


def test_the_other_administrators_are_told_that_something_waits_and_nothing_more(asker, other, person):
    about_them = a(Role.ADMINISTRATOR, name="administrator-3")
    User.objects.filter(pk=about_them.pk).update(email="third@example.org")
    request = asked(person, asker)
    mails = OutgoingMail.objects.order_by("to__username")
    assert [mail.to for mail in mails] == [other, about_them]
    for mail in mails:
        assert reverse("people:request", args=[request.pk]) in mail.body
        assert "Sam" not in mail.subject + mail.body
        assert "Director" not in mail.subject + mail.body
    OutgoingMail.objects.all().delete()
    asked(about_them, asker)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [other]


def test_the_asker_is_told_what_became_of_it(asker, other, person):
    request = asked(person, asker)
    OutgoingMail.objects.all().delete()
    acts.decide(request, Decision.REFUSED, by=other, at=NOW, because="Not she.")
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (asker, "Hearth: your request was refused")
    assert "Not she" not in mail.body


# The way in to a role that signs


def change_sign_in(signed_in, send, by, person, **typed):
    answers = {"email": "new@example.org", "directory_name": "", "because": "She asked me."}
    return send(signed_in(by), reverse("people:person_sign-in", args=[person.pk]), **{**answers, **typed})


def test_the_address_of_somebody_who_signs_nothing_changes_at_once(signed_in, send, asker, person):
    appointed(person, Role.IRO)
    person.emailaddress_set.create(email="before@example.org", verified=True, primary=True)
    change_sign_in(signed_in, send, asker, person)
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert not person.emailaddress_set.exists()


@pytest.mark.parametrize(
    "when", [{}, {"since": NOW + timedelta(days=5)}, {"since": days_before(9), "until": NOW + timedelta(days=1)}]
)
def test_the_address_of_whoever_signs_now_or_later_needs_a_second_administrator(
    signed_in, send, asker, other, person, when
):
    appointed(person, Role.LEGAL, **when)
    change_sign_in(signed_in, send, asker, person, directory_name="sam")
    person.refresh_from_db()
    assert (person.email, person.directory_name) == ("", None)
    decide(signed_in, send, GrantRequest.objects.get(), other)
    person.refresh_from_db()
    assert (person.email, person.directory_name) == ("new@example.org", "sam")


@pytest.mark.parametrize("until", [days_before(1), NOW])
def test_the_address_of_whoever_signed_until_yesterday_does_not(signed_in, send, asker, person, until):
    appointed(person, Role.LEGAL, until=until)
    change_sign_in(signed_in, send, asker, person)
    person.refresh_from_db()
    assert person.email == "new@example.org"


def test_the_address_does_not_change_behind_a_request_that_waits(signed_in, send, asker, other, person):
    """Otherwise whoever confirms would confirm somebody else."""
    asked(person, asker)
    change_sign_in(signed_in, send, asker, person)
    person.refresh_from_db()
    assert person.email == ""
    assert GrantRequest.objects.filter(kind=Kind.SIGN_IN).exists()


def test_whoever_confirms_reads_where_a_link_would_go_and_since_when(signed_in, asker, other, person):
    User.objects.filter(pk=person.pk).update(email="sam@example.org")
    request = asked(person, asker)
    page = signed_in(other).get(reverse("people:request", args=[request.pk])).content.decode()
    assert "The mail address sam@example.org" in page
    assert "That address since" in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": "taken@example.org"}, "Somebody else has this mail address"),
        ({"email": ""}, "This is how it stands already"),
        ({"because": ""}, "Answer “Why?”"),
    ],
)
def test_a_change_of_the_way_in_changes_something_and_takes_nobodys(signed_in, send, asker, person, typed, says):
    User.objects.filter(pk=a_person("taken").pk).update(email="taken@example.org")
    answer = change_sign_in(signed_in, send, asker, person, **typed)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(("role", "waits"), [(Role.IRO, False), (Role.HOS, True)])
def test_a_lost_second_factor_is_taken_away_from_whoever_signs_by_two(asker, other, person, area, role, waits):
    TOTP.activate(person, generate_totp_secret())
    appointed(person, role)
    request = GrantRequest(kind=Kind.SECOND_FACTOR, person=person, because="The phone fell into the sea.")
    assert acts.ask(request, by=asker, at=NOW) is not waits
    assert is_mfa_enabled(person) is waits
    if waits:
        acts.decide(request, Decision.CONFIRMED, by=other, at=NOW)
        assert not is_mfa_enabled(User.objects.get(pk=person.pk))
