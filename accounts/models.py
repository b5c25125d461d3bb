"""Who signs in. A right is a dated appointment: what counts is the moment of the act."""

from collections.abc import Iterable
from datetime import datetime

import pghistory
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.append_only import AppendOnly
from accounts.granting import LAPSES_AFTER, STANDS_IN
from accounts.guards import AsDecided, TwoAdministratorsAppoint, TwoAdministratorsLetIn
from accounts.roles import Place, Role


def kept_by_history(**how):
    """Every row that was ever written is kept by triggers of the database, with who wrote it; and kept for good."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,
        meta={"triggers": [AppendOnly()]},
        **how,
    )


class PlaceQuerySet(models.QuerySet):
    """Teams and service areas, asked by moment."""

    def open_at(self, at: datetime):
        """Those that are not closed at a moment."""
        return self.exclude(closed_at__lte=at)


NAME_TAKEN = "There is {} of this name already."


class DatedPlace(models.Model):
    """A team or a service area: it is closed from a day on, never deleted."""

    closed_at = models.DateTimeField(null=True, blank=True, help_text="From when nobody and nothing new comes to it.")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_closed(self, at: datetime):
        """Does it take nobody and nothing new at a moment?"""
        return self.closed_at is not None and self.closed_at <= at


@kept_by_history()
class ServiceArea(DatedPlace):
    """A part of the service under one Deputy Head and one Head of Service."""

    name = models.CharField(max_length=100, unique=True, error_messages={"unique": NAME_TAKEN.format("an area")})

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


@kept_by_history()
class Team(DatedPlace):
    """Workers under one team manager, in one service area."""

    name = models.CharField(max_length=100, unique=True, error_messages={"unique": NAME_TAKEN.format("a team")})
    area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


class PeopleManager(UserManager):
    """People, asked by the role that they hold."""

    def holding(self, *roles: Role, at: datetime) -> "models.QuerySet[User]":
        """Those who hold one of these roles at a moment."""
        appointed = Appointment.objects.in_force(at).filter(role__in=roles).values("user")
        return self.filter(pk__in=appointed, is_active=True).order_by("last_name", "first_name", "pk")

    def with_appointments(self, people: "Iterable[int]", *, at: datetime) -> "list[User]":
        """These people, the appointments of all of them read at once."""
        found = list(self.filter(pk__in=people))
        held: dict[int, list[Appointment]] = {person.pk: [] for person in found}
        for appointment in Appointment.objects.in_force(at).filter(user__in=held).select_related("team", "area"):
            held[appointment.user_id].append(appointment)
        for person in found:
            person._appointments_read = (at, tuple(held[person.pk]))
        return found


@kept_by_history(exclude=["password", "last_login"])
class User(AbstractUser):
    """A person who signs in. What the person may do, the appointments say."""

    directory_name = models.CharField(
        max_length=255,
        unique=True,
        null=True,
        blank=True,
        help_text="By which the authority’s directory knows this person.",
        error_messages={"unique": "Somebody else has this name in the directory."},
    )

    objects = PeopleManager()

    class Meta(AbstractUser.Meta):
        triggers = [TwoAdministratorsLetIn()]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name shown to colleagues."""
        return self.get_full_name() or self.username

    def appointments_at(self, at):
        """The appointments in force at a moment, read once per moment."""
        read_at, appointments = getattr(self, "_appointments_read", (None, None))
        if read_at != at:
            appointments = tuple(self.appointments.in_force(at).select_related("team", "area"))
            self._appointments_read = (at, appointments)
        return appointments

    def roles_at(self, at):
        """The roles held at a moment; none for somebody who has left."""
        return frozenset(Role(a.role) for a in self.appointments_at(at)) if self.is_active else frozenset()

    def holds(self, *roles, at):
        """Does this person hold one of these roles at a moment?"""
        return not self.roles_at(at).isdisjoint(roles)

    def _get_session_auth_hash(self, secret=None):
        """Ends the sessions of a person whose password or roles change: it covers the appointments now in force."""
        now = timezone.now()
        appointments = sorted(self.appointments.in_force(now).values_list("pk", flat=True)) if self.is_active else []
        value = f"{self.password}|{appointments}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class AppointmentQuerySet(models.QuerySet):
    """Appointments, asked by moment."""

    def in_force(self, at: datetime):
        """Those that hold at a moment: started by then and not yet ended (the end itself is exclusive)."""
        return self.filter(starts_at__lte=at).exclude(ends_at__lte=at)

    def changed_between(self, after: datetime, until: datetime):
        """Those that started or ended after one moment and not later than another."""
        return self.filter(Q(starts_at__gt=after, starts_at__lte=until) | Q(ends_at__gt=after, ends_at__lte=until))


class Decision(models.TextChoices):
    """What became of a request."""

    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class GrantRequestQuerySet(models.QuerySet):
    """Requests, asked by what became of them."""

    def waiting(self, at: datetime):
        """Those that another administrator can still decide: not decided, and not lapsed."""
        return self.filter(decision="", asked_at__gt=at - LAPSES_AFTER)


class GrantRequest(models.Model):
    """What one administrator asks for and another decides: an appointment that grants rights, or a way in to them."""

    class Kind(models.TextChoices):
        """What is asked for."""

        APPOINTMENT = "appointment", "An appointment"
        SIGN_IN = "sign_in", "A change of how somebody signs in"
        RETURN = "return", "Somebody comes back"
        SECOND_FACTOR = "second_factor", "A second factor is taken away"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests_about")
    role = models.CharField(max_length=40, choices=Role.choices, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    acting_for = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line_manager = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(blank=True)
    directory_name = models.CharField(max_length=255, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    because = models.TextField()
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_because = models.TextField(blank=True)

    objects = GrantRequestQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "pk")
        indexes = [models.Index(fields=["person", "asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("person")),
                name="nobody_asks_for_themselves",
                violation_error_message="Nobody asks for something for themselves.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__gte=F("asked_at"))),
                name="who_decided_and_when_go_together",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(decision="withdrawn", decided_by=F("asked_by"))
                | (~Q(decision="withdrawn") & ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("person"))),
                name="somebody_else_decides",
                violation_error_message="Nobody decides what they asked for, nor what is for themselves.",
            ),
        ]
        triggers = [AsDecided()]

    def __str__(self):
        return f"{self.get_kind_display()} for {self.person}"

    def deciders(self, at: datetime) -> "models.QuerySet[User]":
        """Who can decide it at a moment: the other administrators; where there is none, whoever stands in for them."""
        involved = [self.asked_by_id, self.person_id]
        others = User.objects.holding(Role.ADMINISTRATOR, at=at).exclude(pk__in=involved)
        return others if others.exists() else User.objects.holding(STANDS_IN, at=at).exclude(pk__in=involved)


@kept_by_history()
class Appointment(models.Model):
    """A person holds a role in a team, a service area or the whole authority, from a moment until a moment."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")
    area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="The first moment at which it holds no longer.")
    acting_for = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="covered_by",
        help_text="Whose absence an acting appointment covers.",
    )
    line_manager = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="manages", help_text="In this appointment."
    )
    grant = models.OneToOneField(
        GrantRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointment",
        help_text="The confirmed request that it carries out, where the role needs one.",
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = [models.Index(fields=["role", "area", "team"]), models.Index(fields=["user", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                # One that was called off before it began ends as it starts, and never holds.
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="appointment_ends_after_it_starts",
                violation_error_message="An appointment ends after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(area__isnull=True),
                name="appointment_in_one_place",
                violation_error_message="An appointment is to a team, to a service area, or to the whole authority.",
            ),
        ]
        triggers = [TwoAdministratorsAppoint()]

    def __str__(self):
        return f"{self.user}, {self.title}"

    def holds_at(self, at: datetime) -> bool:
        """Does it hold at a moment: started by then and not yet ended (the end itself is exclusive)?"""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    @property
    def title(self):
        """The role as it is said, with "acting" where it covers somebody's absence."""
        said = self.get_role_display()
        return f"{said}, acting for {self.acting_for}" if self.acting_for_id else said

    @property
    def where(self):
        """The team, the service area, or the whole authority."""
        return self.team.name if self.team else self.area.name if self.area else Place.AUTHORITY.value
