"""Who signs in. A right is a dated appointment: what counts is the moment of the act."""

from datetime import datetime

import pghistory
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.append_only import AppendOnly
from accounts.roles import Role


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


@kept_by_history()
class ServiceArea(models.Model):
    """A part of the service under one Deputy Head and one Head of Service."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


@kept_by_history()
class Team(models.Model):
    """Workers under one team manager, in one service area."""

    name = models.CharField(max_length=100, unique=True)
    area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


class PeopleManager(UserManager):
    """People, asked by the role that they hold."""

    def holding(self, *roles, at):
        """Those who hold one of these roles at a moment."""
        appointed = Appointment.objects.in_force(at).filter(role__in=roles).values("user")
        return self.filter(pk__in=appointed, is_active=True).order_by("last_name", "first_name")


@kept_by_history(exclude=["password", "last_login"])
class User(AbstractUser):
    """A person who signs in. What the person may do, the appointments say."""

    objects = PeopleManager()

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

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = [models.Index(fields=["role", "area", "team"]), models.Index(fields=["user", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="appointment_ends_after_it_starts",
                violation_error_message="An appointment ends after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(area__isnull=True),
                name="appointment_in_one_place",
                violation_error_message="An appointment is to a team, to a service area, or to the whole authority.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.title}"

    @property
    def title(self):
        """The role as it is said, with "acting" where it covers somebody's absence."""
        said = self.get_role_display()
        return f"{said}, acting for {self.acting_for}" if self.acting_for_id else said
