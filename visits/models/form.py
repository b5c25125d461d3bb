"""A form that is filled in on a visit: section by section, sealed version by version, and read by whoever answers for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django_fsm import FSMField, transition

from accounts.append_only import AppendOnly
from accounts.roles import Role
from casework.limits import local_day
from casework.steps import NotYet
from casework.versions import Version
from casework.wording import said_day, said_moment
from children import access
from children.models import Child
from placements.models import Carer, Home, Placement
from visits import permissions
from visits.models.visit import Visit
from visits.states import FormKind, FormState, Reading
from visits.visiting_forms import actions, known, rules
from visits.visiting_forms.kinds import BY_CODE

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}
OVERTAKEN = "Somebody else has sent this form since you opened it. Read it as it now stands."


class VisitingFormQuerySet(models.QuerySet):
    """Forms, reached through their children."""

    def visible_to(self, user, *, at):
        """Forms about children whom this person may see."""
        return self.filter(access.children_visible_to(user, at, "child"))

    def complete(self):
        """Those that count."""
        return self.filter(state=FormState.COMPLETE)


class VisitingForm(models.Model):
    """One form about one child and one home, made on a visit or, before the child moves in, on a look at the home."""

    kind = models.CharField(max_length=20, choices=FormKind.choices)
    state = FSMField(default=FormState.BEGUN, choices=FormState.choices, protected=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="visiting_forms")
    placement = models.ForeignKey(
        Placement, null=True, blank=True, on_delete=models.PROTECT, related_name="visiting_forms"
    )
    """None for a form that was made before the child moved in: it counts for the placement in the same home (K-01, K-11)."""
    home = models.ForeignKey(Home, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    carer = models.ForeignKey(Carer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Which home, or whose, the form is about, where there is no placement yet."""
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="forms")
    """The visit on which it was filled in; None where the child was not there to be seen."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    role = models.CharField(max_length=40, choices=Role.choices)
    made_at = models.DateTimeField()
    """When the home was visited."""
    begun_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    has_concerns = models.BooleanField(default=False)
    to_line_manager = models.BooleanField(default=False)
    """The author asks the line manager to look at it (S3, L388)."""
    begun_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="made_for_others"
    )
    """The form with which it was begun for several children of one home at once: it says what that one says."""

    read_with = ("child__case_file", "placement__home", "placement__carer", "home", "carer", "visit")
    objects = VisitingFormQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        indexes = [models.Index(fields=["child", "-made_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "kind"],
                condition=Q(visit__isnull=False) & ~Q(state=FormState.WITHDRAWN),
                name="one_form_of_a_kind_on_a_visit",
                violation_error_message="This form has been begun for this visit already.",
            ),
            models.UniqueConstraint(
                fields=["child", "kind", "author", "made_at"],
                condition=Q(visit__isnull=True) & ~Q(state=FormState.WITHDRAWN),
                name="one_form_of_a_kind_at_a_moment",
                violation_error_message="You have begun this form for this moment already.",
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=False) | Q(home__isnull=False) | Q(carer__isnull=False),
                name="a_form_is_about_a_home",
                violation_error_message="Say which home was visited.",
            ),
            models.CheckConstraint(
                condition=Q(state=FormState.COMPLETE, completed_at__isnull=False) | ~Q(state=FormState.COMPLETE),
                name="a_complete_form_says_since_when",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of {said_day(local_day(self.made_at))}"

    @property
    def case_file_id(self):
        """A form belongs to the child's file."""
        return self.child.case_file_id

    @property
    def of_kind(self):
        """Its row in the table of forms."""
        return BY_CODE[self.kind]

    @property
    def place(self):
        """The home, or the carers at home, that it is about; None where nobody has named them yet."""
        return self.home or self.carer or (self.placement and (self.placement.home or self.placement.carer))

    @property
    def saw_child(self):
        """Was it filled in on a visit at which the child was seen?"""
        return self.visit is not None and self.visit.child_seen

    def is_shared(self, at):
        """Did its author share it, as the IRO asked (K-14)?"""
        if self.placement is None:
            return False
        return self.placement.health_asked.filter(professional=self.author_id, shared_at__lte=at).exists()

    @cached_property
    def version(self):
        """The version that counts; None while it is not complete."""
        return self.versions.order_by("-number").first()

    def told_of(self, step, said):
        """What the event tells of a step."""
        told = {"form": self.get_kind_display(), "made_at": said_moment(self.made_at)}
        return told | ({"version": self.version.number} if step == "complete" else {})

    @transition(
        field=state,
        source=[FormState.BEGUN, FormState.COMPLETE],
        target=FormState.COMPLETE,
        permission=permissions.may_complete,
        custom={"label": "Complete the form", "who": "whoever made the visit"},
    )
    def complete(self, *, by, at, because, content, digest):
        """Every section is done. A form that is completed again has a further version; the earlier ones stay readable."""
        last = self.versions.order_by("-number").first()
        if digest != (last.digest if last else ""):
            raise NotYet(OVERTAKEN)
        objections = rules.objections_to_form(self, content, at)
        if objections:
            raise NotYet(*objections)
        version = FormVersion(form=self, number=last.number + 1 if last else 1, typed_by=by, typed_at=at)
        version.content = known.sealed(self, content, at)
        version.save()
        self.completed_at = self.completed_at or at
        self.has_concerns, self.to_line_manager = rules.is_worried(content), rules.is_for_manager(content)
        self.__dict__["version"] = version
        actions.follow_from(self, last.content if last else {}, content, by=by, at=at)

    @transition(
        field=state,
        source=FormState.BEGUN,
        target=FormState.WITHDRAWN,
        permission=permissions.may_complete,
        custom={"label": "It was begun by mistake", "who": "whoever made the visit"},
    )
    def withdraw(self, *, by, at, because):
        """It is no form of this visit."""


class FormVersion(Version):
    """What a form says."""

    form = models.ForeignKey(VisitingForm, on_delete=models.PROTECT, related_name="versions")

    class Meta(Version.Meta):
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]
        triggers = [AppendOnly()]

    @property
    def asks(self):
        """The parts of the edition in which it was typed."""
        return self.form.of_kind.parts_of(self.content)

    @property
    def belongs_to(self):
        """What its digest says of whose form it is."""
        return ["visiting form", self.form_id]


class FormReading(models.Model):
    """Somebody who answers for it read one version of a form, and what that person concluded."""

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    role = models.CharField(max_length=40, choices=Role.choices)
    at = models.DateTimeField()
    concludes = models.CharField(max_length=20, choices=Reading.choices)
    says = models.TextField(blank=True)

    class Meta:
        ordering = ("at",)
        constraints = [models.UniqueConstraint(fields=["version", "by"], name="each_reads_a_version_once")]
        triggers = [AppendOnly()]

    def __str__(self):
        return f"{self.by}: {self.get_concludes_display()}"

    @property
    def case_file_id(self):
        """A reading belongs to the file of the form."""
        return self.version.form.case_file_id
