"""What is asked when somebody records where a child lives, and what is known of the carers and the home.

Where a child is, is always accepted (C-45): a form refuses only what cannot be, a move in the future or two homes at once.
"""

from datetime import timedelta

from django import forms
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Model, Q, QuerySet

from casework.forms import DayField, Form, MomentField
from casework.limits import end_of, local_day
from casework.recording import RecordingForm
from casework.templatetags.hearth import said_day
from children.forms import NOTHING, ChildForm
from children.models import Child
from children.states import CareEnded
from placements.models import (
    Carer,
    CarerApproval,
    Home,
    HomeRegistration,
    Inspection,
    Placement,
    PlacementFact,
    RegulatorNotice,
)
from placements.states import (
    ApprovalKind,
    BeforeEnding,
    FactKind,
    FosteringSector,
    RegistrationStatus,
    Regulator,
    Setting,
    WhyEnded,
)

PLACE = "place"
FAMILIES = (
    Setting.IN_HOUSE_FOSTER,
    Setting.IFA_FOSTER,
    Setting.CONNECTED_PERSON,
    Setting.PARENT,
    Setting.ADOPTIVE,
)
PLACES = tuple(setting for setting in Setting if setting not in FAMILIES)
SECTOR_OF = {
    Setting.IN_HOUSE_FOSTER: FosteringSector.IN_HOUSE,
    Setting.IFA_FOSTER: FosteringSector.AGENCY,
}
SAID_OF_SECTOR = {
    FosteringSector.IN_HOUSE: "foster carers of the authority",
    FosteringSector.AGENCY: "foster carers of an agency",
}
NEED_APPROVAL = (*SECTOR_OF, Setting.CONNECTED_PERSON)
NEW = "new"
NOT_APPROVED = "none"
CANDIDATES = 8
LONGEST_TEXT = 2000
WHY_ENDED = NOTHING + [(why, why) for why in WhyEnded.values]
NEXT_DAY = timedelta(days=1)


class MovedForm(ChildForm):
    """The child lives somewhere else: where, with whom, since when."""

    where = forms.ChoiceField(
        label="Where does the child live now?",
        choices=[
            (Setting.IN_HOUSE_FOSTER.value, "With foster carers of the authority"),
            (Setting.IFA_FOSTER.value, "With foster carers of an agency"),
            (Setting.CONNECTED_PERSON.value, "With a relative, friend or other connected person"),
            (Setting.PARENT.value, "With a parent"),
            (Setting.ADOPTIVE.value, "With the people who plan to adopt"),
            (PLACE, "In a home or another place"),
        ],
        widget=forms.RadioSelect,
    )
    relationship = forms.CharField(
        label="How they and the child are connected", max_length=100, required=False, help_text="For example: aunt."
    )
    approved = forms.ChoiceField(
        label="Are they approved as foster carers, or for a time?",
        choices=[("yes", "Yes: I will record the approval next"), ("no", "No"), ("unknown", "Not known yet")],
        widget=forms.RadioSelect,
    )
    setting = forms.ChoiceField(
        label="What kind of place is it?", choices=NOTHING + [(place.value, place.label) for place in PLACES]
    )
    name = forms.CharField(
        label="Name of the family or home",
        max_length=200,
        required=False,
        help_text="Leave this empty if you do not know it yet.",
    )
    which = forms.ChoiceField(label="Is it one of these?", widget=forms.RadioSelect)
    address = forms.CharField(
        label="Address",
        max_length=300,
        required=False,
        help_text="Only if the family or home is new here.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    postcode = forms.CharField(label="Postcode", max_length=8, required=False)
    started_at = MomentField(label="When did the child move?")
    why_ended = forms.ChoiceField(label="Why the last home ended", choices=WHY_ENDED, required=False)
    reveals = {"where": {Setting.CONNECTED_PERSON.value: ("relationship", "approved"), PLACE: ("setting",)}}
    refusals = {
        "one_placement_at_a_time": ("started_at", ""),
        "placement_ends_after_it_starts": ("started_at", "The present home began later: enter a later moment"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("started_at", self.at)
        if not Placement.objects.live(self.at).filter(child=self.child).exists():
            del self.fields["why_ended"]
        self._offer_known()

    def _offer_known(self):
        """Ask which of the known families or homes it is, where some are called so; nothing is asked before a name."""
        name = self.data.get(self.add_prefix("name"), "").strip() if self.is_bound else ""
        is_place = self.data.get(self.add_prefix("where")) == PLACE
        self.known = {str(each.pk): each for each in self._candidates(name, is_place)} if name else {}
        if not self.known:
            del self.fields["which"]
            return
        choices = [(pk, _told(each)) for pk, each in self.known.items()]
        self.fields["which"].choices = [*choices, (NEW, "None of these: it is new here")]

    def _candidates(self, name: str, is_place: bool) -> QuerySet:
        found = Home.objects.all() if is_place else self._carers()
        alike = Q(name__trigram_similar=name)
        parts = Q(*[Q(name__icontains=word) for word in name.split()])
        likeness = TrigramSimilarity("name", name)
        return found.filter(alike | parts).annotate(likeness=likeness).order_by("-likeness", "name", "pk")[:CANDIDATES]

    def _carers(self) -> QuerySet[Carer]:
        """Foster carers, and the families of children whom the person may see: other families are nobody's business."""
        seen = Child.objects.visible_to(self.by, at=self.at)
        return Carer.objects.filter(~Q(sector="") | Q(placements__child__in=seen)).distinct()

    def clean(self):
        """The child has moved, after being born, and lives in no later home."""
        cleaned = super().clean()
        self.refuse_future("started_at")
        self.refuse_before_birth("started_at")
        started_at = cleaned.get("started_at")
        later = started_at and self.child.placements.filter(started_at__gte=started_at).order_by("started_at").first()
        if later:
            self.add_error(
                "started_at", f"Another home is on record from {said_day(later.started_at)}: enter a later moment"
            )
        return cleaned

    @property
    def lives_in(self) -> Setting:
        """The kind of place or family."""
        where = self.cleaned_data["where"]
        return Setting(self.cleaned_data["setting"] if where == PLACE else where)

    def before(self) -> Placement | None:
        """The home that ends with this move, now ended; None where the child lived nowhere."""
        started_at = self.cleaned_data["started_at"]
        before = Placement.objects.live(started_at).filter(child=self.child, ended_at=None).first()
        if before:
            before.ended_at, before.why_ended = started_at, self.cleaned_data.get("why_ended", "")
        return before

    def carer(self) -> Carer | None:
        """The family, known or new; None where it is no family, or nobody knows yet which."""
        if self.lives_in not in FAMILIES or not self.cleaned_data["name"]:
            return None
        about = {"sector": SECTOR_OF.get(self.lives_in, ""), "address": self.cleaned_data["address"]}
        return self._known() or Carer(
            name=self.cleaned_data["name"], postcode=self.cleaned_data["postcode"].upper(), **about
        )

    def home(self) -> Home | None:
        """The home, known or new without a file yet; None where it is a family, or nobody knows yet which."""
        if self.lives_in in FAMILIES or not self.cleaned_data["name"]:
            return None
        said = {"address": self.cleaned_data["address"], "postcode": self.cleaned_data["postcode"].upper()}
        return self._known() or Home(name=self.cleaned_data["name"], setting=self.lives_in, **said)

    def _known(self) -> Carer | Home | None:
        return self.known.get(self.cleaned_data.get("which", ""))

    def placement(self, home: Home | None, carer: Carer | None) -> Placement:
        """The new home of the child."""
        return Placement(
            child=self.child,
            setting=self.lives_in,
            home=home,
            carer=carer,
            relationship=self.cleaned_data["relationship"] or "",
            started_at=self.cleaned_data["started_at"],
            approval_recorded=self._is_approval_known(carer),
        )

    def _is_approval_known(self, carer: Carer | None) -> bool:
        if self.lives_in == Setting.CONNECTED_PERSON and self.cleaned_data["approved"] == "no":
            return True
        return self.lives_in not in NEED_APPROVAL or bool(carer and carer.pk and carer.approvals.exists())


class PlacementForm(RecordingForm):
    """A form that records facts about one placement."""

    @property
    def placement(self) -> Placement:
        """The placement whom the facts are about."""
        return self.about

    def refuse_before_start(self, name: str) -> None:
        """A fact about a home holds while the child lives there."""
        day = self.cleaned_data.get(name)
        if day is not None and day < local_day(self.placement.started_at):
            self.add_error(
                name,
                f"{self.fields[name].label} must not be before the child moved in on {said_day(self.placement.started_at)}",
            )


class EndForm(PlacementForm):
    """The child no longer lives here. What came before is asked, and stops nothing (C-19, C-45)."""

    ended_at = MomentField(label="When did it end?")
    why_ended = forms.ChoiceField(label="Why did it end?", choices=WHY_ENDED)
    before = forms.ChoiceField(label="What came before?", choices=BeforeEnding.choices, widget=forms.RadioSelect)
    review_on = DayField(label="Day of the review")
    reasons = forms.CharField(label="The risk, in your words", max_length=LONGEST_TEXT, widget=forms.Textarea)
    reveals = {"before": {BeforeEnding.REVIEW.value: ("review_on",), BeforeEnding.RISK.value: ("reasons",)}}
    refusals = {"placement_ends_after_it_starts": ("ended_at", "The end must be after the child moved in")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ended_at", self.at)

    def clean(self):
        """It has ended, after it began."""
        cleaned = super().clean()
        self.refuse_future("ended_at")
        ended_at = cleaned.get("ended_at")
        if ended_at and ended_at <= self.placement.started_at:
            self.add_error("ended_at", self.refusals["placement_ends_after_it_starts"][1])
        return cleaned

    def facts(self) -> list[Model]:
        """The placement, now over."""
        self.placement.ended_at = self.cleaned_data["ended_at"]
        self.placement.why_ended = self.cleaned_data["why_ended"]
        return [self.placement]

    def because(self) -> str:
        """The risk, where that is why no review came first."""
        return self.cleaned_data["reasons"] or ""

    def details(self) -> dict[str, str]:
        """What came before, for the timeline."""
        review_on = self.cleaned_data["review_on"]
        return {
            "why": self.cleaned_data["why_ended"],
            "before": BeforeEnding(self.cleaned_data["before"]).label,
            "review_on": said_day(review_on),
        }


class ApprovalForm(PlacementForm):
    """On what footing the carers are approved, and between which days; or that they are not."""

    name = forms.CharField(label="Name of the carers", max_length=200)
    kind = forms.ChoiceField(
        label="Approval",
        choices=[*ApprovalKind.choices, (NOT_APPROVED, "Not approved, as far as anybody knows")],
        widget=forms.RadioSelect,
    )
    from_on = DayField(label="From which day", required=False)
    last_on = DayField(label="Last day", required=False, help_text="Leave this empty if no end is set.")
    decided_by = forms.CharField(label="Who decided", max_length=200, required=False)
    refusals = {"carer_approval_ends_after_it_starts": ("last_on", "Last day must not be before the first")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.placement.carer_id:
            del self.fields["name"]

    def clean(self):
        """An approval has a first day; its last is not before it."""
        cleaned = super().clean()
        self.refuse_future("from_on")
        from_on, last_on = cleaned.get("from_on"), cleaned.get("last_on")
        if cleaned.get("kind") not in (None, NOT_APPROVED) and not from_on and "from_on" not in self.errors:
            self.add_error("from_on", "Enter the first day of the approval")
        if from_on and last_on and last_on < from_on:
            self.add_error("last_on", self.refusals["carer_approval_ends_after_it_starts"][1])
        return cleaned

    def carer(self) -> Carer:
        """The carers, new where nobody had recorded them."""
        return self.placement.carer or Carer(name=self.cleaned_data["name"])

    def details(self) -> dict[str, str]:
        """The footing, for the timeline."""
        return {"approval": dict(self.fields["kind"].choices)[self.cleaned_data["kind"]]}

    def facts(self, carer: Carer) -> list[Model]:
        """The placement, whose carers' approval is known now; the period of approval, if there is one."""
        placement = self.placement
        if not placement.approval_recorded:
            placement.approval_recorded, placement.approval_recorded_at = True, self.at
        placement.carer = carer
        if self.cleaned_data["kind"] == NOT_APPROVED:
            return [placement]
        last_on = self.cleaned_data["last_on"]
        approval = CarerApproval(
            carer=carer,
            kind=self.cleaned_data["kind"],
            from_on=self.cleaned_data["from_on"],
            to_on=last_on + NEXT_DAY if last_on else None,
            decided_by=self.cleaned_data["decided_by"],
        )
        return [placement, approval]


class FactForm(PlacementForm):
    """A dated fact about the placement; one that holds already is shown, to be ended."""

    from_on = DayField(label="From which day")
    last_on = DayField(label="Last day", required=False, help_text="Leave this empty while it holds.")
    kind: FactKind
    refusals = {"placement_fact_ends_after_it_starts": ("last_on", "Last day must not be before the first")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fact = self.placement.facts.filter(kind=self.kind, to_on=None).last()
        self.initial.setdefault("from_on", self.fact.from_on if self.fact else local_day(self.placement.started_at))

    def clean(self):
        """It holds while the child lives here."""
        cleaned = super().clean()
        self.refuse_future("from_on")
        self.refuse_before_start("from_on")
        from_on, last_on = cleaned.get("from_on"), cleaned.get("last_on")
        if from_on and last_on and last_on < from_on:
            self.add_error("last_on", self.refusals["placement_fact_ends_after_it_starts"][1])
        return cleaned

    def facts(self) -> list[Model]:
        """The fact, new or ended."""
        fact = self.fact or PlacementFact(placement=self.placement, kind=self.kind)
        last_on = self.cleaned_data["last_on"]
        fact.from_on, fact.to_on = self.cleaned_data["from_on"], last_on + NEXT_DAY if last_on else None
        return [fact]


class LongTermForm(FactForm):
    """The placement is meant to last until the child is 18."""

    kind = FactKind.MEANT_TO_LAST_TO_18


class FewerVisitsForm(FactForm):
    """The child agrees to fewer visits."""

    kind = FactKind.FEWER_VISITS_AGREED


class WithLookedAfterParentForm(FactForm):
    """The child lives here with a parent of 16 or 17 who is looked after."""

    kind = FactKind.WITH_LOOKED_AFTER_PARENT


class BeforeAssessmentForm(FactForm):
    """The child went to live with a parent before the assessment was complete (regulation 19)."""

    kind = FactKind.REG19
    assessed_on = DayField(label="Day on which the assessment was complete", required=False)
    last_on = DayField(
        label="Day before the decision took effect", required=False, help_text="Leave this empty until it is decided."
    )
    field_order = ["from_on", "assessed_on", "last_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.fact and self.fact.assessed_on:
            self.initial.setdefault("assessed_on", self.fact.assessed_on)

    def clean(self):
        """An assessment is complete after the child moved in."""
        cleaned = super().clean()
        self.refuse_future("assessed_on")
        self.refuse_before_start("assessed_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The stay, with the day of its assessment."""
        (fact,) = super().facts()
        fact.assessed_on = self.cleaned_data["assessed_on"]
        return [fact]


class CareEndedForm(ChildForm):
    """The child is no longer looked after: the end of the period of care, and of the home on record."""

    ended_on = DayField(label="Last day of care")
    how = forms.ChoiceField(label="How it ended", choices=NOTHING + CareEnded.choices)
    refusals = {"care_ends_after_it_starts": ("ended_on", ""), "placement_ends_after_it_starts": ("ended_on", "")}

    def clean(self):
        """Care ended, after it and the present home began."""
        cleaned = super().clean()
        self.refuse_future("ended_on")
        ended_on = cleaned.get("ended_on")
        if ended_on and ended_on < self.period.started_on:
            self.add_error(
                "ended_on", f"Care began on {said_day(self.period.started_on)}: enter that day or a later one"
            )
        elif ended_on and self._living().filter(started_at__gte=self._ends_at()).exists():
            self.add_error("ended_on", "A home is on record from a later day: enter that day or a later one")
        return cleaned

    @property
    def period(self):
        """The period of care that is running."""
        return self.child.care_periods.get(ended_on=None)

    def _living(self) -> QuerySet[Placement]:
        return self.child.placements.filter(ended_at=None)

    def _ends_at(self):
        return min(self.at, end_of(self.cleaned_data["ended_on"]) - timedelta(minutes=1))

    def facts(self) -> list[Model]:
        """The period of care and the home, both over."""
        period, how = self.period, self.cleaned_data["how"]
        period.ended_on, period.how_ended = self.cleaned_data["ended_on"], how
        facts: list[Model] = [period]
        for placement in self._living():
            placement.ended_at, placement.why_ended = self._ends_at(), CareEnded(how).label
            facts.append(placement)
        return facts


class HomeForm(RecordingForm):
    """A form that records facts about one home."""

    @property
    def home(self) -> Home:
        """The home whom the facts are about."""
        return self.about


class RegistrationForm(HomeForm):
    """Where the home stands with its regulator from a day on."""

    status = forms.ChoiceField(label="Registration", choices=RegistrationStatus.choices, widget=forms.RadioSelect)
    regulator = forms.ChoiceField(label="Regulator", choices=Regulator.choices)
    from_on = DayField(label="From which day")
    accepted_on = DayField(
        label="Day on which the application was accepted",
        required=False,
        help_text="Only where the home has applied and is not registered yet.",
    )
    refusals = {"one_registration_status_per_day": ("from_on", "A registration is on record from that day already")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last = self.home.registrations.last()
        self.initial.setdefault("regulator", last.regulator if last else self.home.regulator or Regulator.OFSTED)

    def clean(self):
        """A registration holds from a day that has come."""
        cleaned = super().clean()
        self.refuse_future("from_on")
        self.refuse_future("accepted_on")
        return cleaned

    def facts(self) -> list[Model]:
        """Where the home stands; the row before ends by itself."""
        said = {name: self.cleaned_data[name] for name in ("status", "regulator", "from_on", "accepted_on")}
        return [HomeRegistration(home=self.home, **said)]


class InspectionForm(HomeForm):
    """The regulator inspected the home."""

    inspected_on = DayField(label="Day of the inspection")
    judgement = forms.CharField(label="Judgement", max_length=100)

    def clean(self):
        """An inspection has happened."""
        cleaned = super().clean()
        self.refuse_future("inspected_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The inspection."""
        said = {name: self.cleaned_data[name] for name in ("inspected_on", "judgement")}
        return [Inspection(home=self.home, **said)]


class NoticeForm(HomeForm):
    """The regulator told the authority of a concern about the home."""

    given_on = DayField(label="Day of the notice")
    says = forms.CharField(label="What the notice says", max_length=LONGEST_TEXT, required=False, widget=forms.Textarea)

    def clean(self):
        """A notice was given."""
        cleaned = super().clean()
        self.refuse_future("given_on")
        return cleaned

    def facts(self) -> list[Model]:
        """The notice."""
        return [RegulatorNotice(home=self.home, given_on=self.cleaned_data["given_on"], says=self.cleaned_data["says"])]


class HomesForm(Form):
    """Finds homes by a part of the name, by the regulator's number or by the postcode."""

    says_optional = False
    q = forms.CharField(label="Name, regulator’s number or postcode", max_length=100, required=False)

    def found(self) -> QuerySet[Home]:
        """The homes that fit what was typed; all of them where nothing was."""
        said = self.cleaned_data["q"] if self.is_valid() else ""
        return Home.objects.filter(Q(name__icontains=said) | Q(urn__iexact=said) | Q(postcode__istartswith=said))


def _told(known: Carer | Home) -> str:
    kind = known.get_setting_display() if isinstance(known, Home) else SAID_OF_SECTOR.get(known.sector, "")
    return ", ".join(part for part in (known.name, kind.lower(), known.postcode) if part)
