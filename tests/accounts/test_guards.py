"""What the database itself keeps of the rule of two administrators, against the role of web and worker."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Appointment, Decision, GrantRequest, ServiceArea, Team, User
from accounts.roles import GUARDED, Role
from tests.accounts.administering import as_the_application, assert_refused, second_administrator
from tests.factories import a, a_person, appointed

pytestmark = pytest.mark.django_db
Kind = GrantRequest.Kind


@pytest.fixture
def asker(db):
    return a(Role.ADMINISTRATOR, name="administrator")


@pytest.fixture
def other(db):
    return second_administrator()


@pytest.fixture
def person(db):
    return a_person("new-person")


@pytest.fixture
def areas(db):
    return [ServiceArea.objects.create(name=name) for name in ("East", "West")]


@pytest.fixture
def hos(areas):
    return a(Role.HOS, name="hos", area=areas[0])


@pytest.fixture
def iro(db):
    return a(Role.IRO, name="iro")


def a_request(person, asker, **traits):
    now = timezone.now()
    asked = {"kind": Kind.APPOINTMENT, "role": Role.DCS, "starts_at": now, "because": "She starts."}
    return GrantRequest.objects.create(**{**asked, "person": person, "asked_by": asker, "asked_at": now, **traits})


def confirmed(request, by):
    request.decision, request.decided_by, request.decided_at = Decision.CONFIRMED, by, timezone.now()
    request.save()
    return request


def appointment_of(request, **traits):
    names = ("role", "team_id", "area_id", "starts_at", "ends_at", "acting_for_id", "line_manager_id")
    same = {name: getattr(request, name) for name in names}
    appointment = Appointment(**{**same, "user": request.person, "grant": request})
    for name, value in traits.items():
        setattr(appointment, name, value)
    return appointment


GRANTS_ONLY = "grants this role only as a second administrator has confirmed it"


@pytest.mark.parametrize("role", sorted(GUARDED))
def test_a_guarded_role_is_not_granted_without_a_request(person, role):
    assert_refused(lambda: Appointment.objects.create(user=person, role=role, starts_at=timezone.now()), GRANTS_ONLY)


def test_other_roles_are(person):
    with as_the_application():
        Appointment.objects.create(user=person, role=Role.IRO, starts_at=timezone.now())


def test_what_is_confirmed_is_granted_as_it_was_asked(person, asker, other):
    with as_the_application():
        request = confirmed(a_request(person, asker), other)
        appointment_of(request).save()
    assert person.holds(Role.DCS, at=timezone.now())


def test_what_waits_was_refused_or_was_asked_for_something_else_grants_nothing(person, asker, other):
    waits = a_request(person, asker)
    assert_refused(appointment_of(waits).save, GRANTS_ONLY)
    refused = a_request(person, asker)
    refused.decision, refused.decided_by, refused.decided_at = Decision.REFUSED, other, timezone.now()
    refused.save()
    assert_refused(appointment_of(refused).save, GRANTS_ONLY)
    another_kind = confirmed(a_request(person, asker, kind=Kind.RETURN), other)
    assert_refused(appointment_of(another_kind).save, GRANTS_ONLY)


@pytest.mark.parametrize(
    "field", ["user", "role", "area", "team", "starts_at", "ends_at", "acting_for", "line_manager"]
)
def test_the_appointment_equals_the_request(areas, hos, person, asker, other, field):
    until = timezone.now() + timedelta(days=30)
    request = confirmed(a_request(person, asker, role=Role.HOS, area=areas[0], ends_at=until), other)
    different = {
        "user": hos,
        "role": Role.DHOS,
        "area": areas[1],
        "team": Team.objects.create(name="Alder team", area=areas[0]),
        "starts_at": request.starts_at - timedelta(days=1),
        "ends_at": None,
        "acting_for": hos,
        "line_manager": hos,
    }
    traits = {field: different[field]} | ({"area": None} if field == "team" else {})
    assert_refused(appointment_of(request, **traits).save, GRANTS_ONLY)


def test_a_request_grants_one_appointment_and_no_second_one_when_that_has_ended(person, asker, other):
    request = confirmed(a_request(person, asker), other)
    first = appointment_of(request)
    with as_the_application():
        first.save()
        Appointment.objects.filter(pk=first.pk).update(ends_at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            appointment_of(request).save()


@pytest.mark.parametrize("days", [5, None])
def test_an_appointment_ends_sooner_and_never_later(hos, asker, days):
    held = hos.appointments.get()
    until = timezone.now() + timedelta(days=4)
    with as_the_application():
        Appointment.objects.filter(pk=held.pk).update(ends_at=until, line_manager=asker)
    later = timezone.now() + timedelta(days=days) if days else None
    assert_refused(lambda: Appointment.objects.filter(pk=held.pk).update(ends_at=later), GRANTS_ONLY)


def test_an_appointment_becomes_no_other(hos, iro, areas):
    harmless = iro.appointments
    assert_refused(lambda: harmless.update(role=Role.DCS), GRANTS_ONLY)
    held = hos.appointments
    assert_refused(lambda: held.update(user=iro), GRANTS_ONLY)
    assert_refused(lambda: held.update(area=areas[1]), GRANTS_ONLY)


LETS_IN = "lets this person in only as a second administrator has confirmed it"


@pytest.mark.parametrize("way", [{"email": "thief@example.org"}, {"directory_name": "thief"}])
def test_the_way_in_to_a_guarded_role_changes_only_as_confirmed(hos, iro, asker, other, way):
    account = User.objects.filter(pk=hos.pk)
    assert_refused(lambda: account.update(**way), LETS_IN)
    with as_the_application():
        User.objects.filter(pk=iro.pk).update(**way)
        User.objects.filter(pk=iro.pk).update(email="", directory_name=None)
        confirmed(a_request(hos, asker, kind=Kind.SIGN_IN, role="", **way), other)
        account.update(**way)


def test_of_two_confirmed_ways_in_only_the_last_counts(hos, asker, other):
    account = User.objects.filter(pk=hos.pk)
    for email in ("before@example.org", "now@example.org"):
        confirmed(a_request(hos, asker, kind=Kind.SIGN_IN, role="", email=email), other)
    assert_refused(lambda: account.update(email="before@example.org"), LETS_IN)
    with as_the_application():
        account.update(email="now@example.org")


def test_a_closed_sign_in_behind_a_guarded_role_opens_once_for_each_confirmation(hos, asker, other):
    account = User.objects.filter(pk=hos.pk)
    account.update(is_active=False)
    assert_refused(lambda: account.update(is_active=True), LETS_IN)
    with as_the_application():
        confirmed(a_request(hos, asker, kind=Kind.RETURN, role=""), other)
        account.update(is_active=True)


def test_nobody_asks_for_themselves(asker):
    with pytest.raises(IntegrityError, match="nobody_asks_for_themselves"):
        a_request(asker, asker)


@pytest.mark.parametrize("decision", [Decision.CONFIRMED, Decision.REFUSED])
def test_nobody_decides_what_they_asked_for_nor_what_is_about_them(person, asker, decision):
    for by in (asker, person):
        request = a_request(person, asker)
        request.decision, request.decided_by, request.decided_at = decision, by, timezone.now()
        with pytest.raises(IntegrityError, match="somebody_else_decides"), transaction.atomic():
            request.save()


def test_nobody_else_withdraws(person, asker, other):
    request = a_request(person, asker)
    request.decision, request.decided_by, request.decided_at = Decision.WITHDRAWN, other, timezone.now()
    with pytest.raises(IntegrityError, match="somebody_else_decides"):
        request.save()


def test_a_request_stays_as_it_was_asked_and_is_decided_once_even_for_the_owner(person, asker, other):
    request = a_request(person, asker)
    own = GrantRequest.objects.filter(pk=request.pk)
    for act in (lambda: own.update(role=Role.HOS), lambda: own.update(asked_by=other), own.delete):
        with pytest.raises(DatabaseError, match="stays as it was asked"), transaction.atomic():
            act()
    confirmed(request, other)
    with pytest.raises(DatabaseError, match="decided once"):
        own.update(decided_because="Another reason")


def test_only_administrators_of_the_moment_ask_and_confirm(iro, person, asker, other):
    says = "is written by two administrators"
    assert_refused(lambda: a_request(person, iro), says)
    request = a_request(person, asker)
    assert_refused(lambda: confirmed(request, iro), says)
    other.appointments.update(ends_at=timezone.now() - timedelta(days=1))
    request.refresh_from_db()
    assert_refused(lambda: confirmed(request, other), says)


def test_the_director_decides_only_where_no_other_administrator_is_left(person, asker, other):
    director = appointed(a_person("director"), Role.DCS)
    request, about_other = a_request(person, asker), a_request(other, asker)
    assert_refused(lambda: confirmed(request, director), "is written by two administrators")
    about_other.refresh_from_db()
    with as_the_application():
        confirmed(about_other, director)
    other.appointments.update(ends_at=timezone.now() - timedelta(days=1))
    request.refresh_from_db()
    with as_the_application():
        confirmed(request, director)


@pytest.fixture
def switched_off():
    """Every trigger, by the setting by which the library lets a session ignore them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname) FROM pg_trigger WHERE NOT tgisinternal")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s::text[]::text, true)", cursor.fetchone())


def test_web_and_worker_cannot_switch_the_guards_off(person, hos, switched_off):
    says = "only as a second administrator has confirmed it"
    assert_refused(lambda: appointed(person, Role.DCS), says)
    assert_refused(lambda: User.objects.filter(pk=hos.pk).update(email="mine@example.org"), says)


@pytest.mark.parametrize("model", [Appointment, ServiceArea, Team, User])
def test_who_and_what_was_here_is_ended_and_never_deleted(hos, areas, model):
    Team.objects.create(name="Elder", area=areas[0])
    rows = model.objects.all()
    assert_refused(lambda: rows._raw_delete(rows.db), "permission denied")


def test_web_and_worker_cannot_switch_the_history_off(person, switched_off):
    kept = apps.get_model("accounts", "UserEvent").objects.filter(id=person.pk)
    before = kept.count()
    with as_the_application():
        User.objects.filter(pk=person.pk).update(last_name="Somebody else")
    assert kept.count() == before + 1


def test_no_request_is_born_confirmed(person, asker, other):
    now = timezone.now()
    born = {"decision": Decision.CONFIRMED, "decided_by": other, "decided_at": now}
    assert_refused(lambda: a_request(person, asker, **born), "is written by two administrators")


def test_the_owner_is_exempt(person):
    appointed(person, Role.DCS)
    assert person.holds(Role.DCS, at=timezone.now())
