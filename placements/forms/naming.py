"""Which family or home it is: asked when a child moves, and again once somebody has found out."""

from typing import Final

from django import forms
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Model, Q, QuerySet

from casework.forms import CONTROLS
from casework.recording import RecordingForm
from children.models import Child
from placements.forms.facts import PlacementForm
from placements.models import Carer, Home
from placements.states import FAMILIES, FosteringSector, Setting

SECTOR_OF: Final = {
    Setting.IN_HOUSE_FOSTER: FosteringSector.IN_HOUSE,
    Setting.IFA_FOSTER: FosteringSector.AGENCY,
}
SAID_OF_SECTOR: Final = {
    FosteringSector.IN_HOUSE: "foster carers of the authority",
    FosteringSector.AGENCY: "foster carers of an agency",
}
NEW: Final = "new"
CANDIDATES: Final = 8
LONGEST_NAME: Final = 200


class NamingForm(RecordingForm):
    """The name of a family or home: one that is known already, or a new one with its address."""

    name = forms.CharField(label="Name of the family or home", max_length=LONGEST_NAME)
    which = forms.ChoiceField(label="Is it one of these?", widget=forms.RadioSelect)
    address = forms.CharField(
        label="Address",
        max_length=300,
        required=False,
        help_text="Only if the family or home is new here.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    postcode = forms.CharField(label="Postcode", max_length=8, required=False)

    lives_in: Setting
    """The kind of family or place, once the form is clean."""
    names_place: bool
    """Is it a home or another place, and no family?"""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_known()

    def _offer_known(self):
        """Ask which of the known families or homes it is, where some are called so; nothing is asked before a name."""
        name = self.typed("name") if self.is_bound else ""
        self.known = {str(each.pk): each for each in self._candidates(name)} if name else {}
        if not self.known:
            del self.fields["which"]
            return
        choices = [(pk, _told(each)) for pk, each in self.known.items()]
        self.fields["which"].choices = [*choices, (NEW, "None of these: it is new here")]

    def typed(self, name: str) -> str:
        """What was typed, before the form is clean: as much as a name can be, and nothing that no database can hold."""
        return str(self.data.get(self.add_prefix(name), "")).translate(CONTROLS)[:LONGEST_NAME].strip()

    def _candidates(self, name: str) -> QuerySet:
        found = Home.objects.all() if self.names_place else self._carers()
        alike = Q(name__trigram_similar=name)
        parts = Q(*[Q(name__icontains=word) for word in name.split()])
        likeness = TrigramSimilarity("name", name)
        return found.filter(alike | parts).annotate(likeness=likeness).order_by("-likeness", "name", "pk")[:CANDIDATES]

    def _carers(self) -> QuerySet[Carer]:
        """Foster carers, and the families of children whom the person may see: other families are nobody's business."""
        children = Child.objects.visible_to(self.by, at=self.at)
        seen = Q(placements__child__in=children, placements__struck_out=False) | Q(proposed_for__child__in=children)
        return Carer.objects.filter(~Q(sector="") | seen).distinct()

    def carer(self) -> Carer | None:
        """The family, known or new; None where it is no family, or nobody knows yet which."""
        if self.lives_in not in FAMILIES or not self.cleaned_data["name"]:
            return None
        return self._known() or Carer(sector=SECTOR_OF.get(self.lives_in, ""), **self._said())

    def home(self) -> Home | None:
        """The home, known or new without a file yet; None where it is a family, or nobody knows yet which."""
        if self.lives_in in FAMILIES or not self.cleaned_data["name"]:
            return None
        return self._known() or Home(setting=self.lives_in, **self._said())

    def _known(self) -> Carer | Home | None:
        return self.known.get(self.cleaned_data.get("which", ""))

    def _said(self) -> dict[str, str]:
        said = self.cleaned_data
        return {"name": said["name"], "address": said["address"], "postcode": said["postcode"].upper()}


class NamedForm(NamingForm, PlacementForm):
    """Somebody has found out with whom, or in which home, the child lives or lived."""

    @property
    def lives_in(self) -> Setting:
        """The kind of family or place on record."""
        return Setting(self.placement.setting)

    @property
    def names_place(self) -> bool:
        """Is it no family?"""
        return self.lives_in not in FAMILIES

    def facts(self) -> list[Model]:
        """The placement, and the family or home where it is new; an approval that is on record for it is known now."""
        placement, carer, home = self.placement, self.carer(), self.home()
        placement.carer, placement.home = carer, home
        if carer and carer.pk and not placement.approval_recorded and carer.approvals.exists():
            placement.approval_recorded, placement.approval_recorded_at = True, self.at
        return [*(new for new in (carer, home) if new and new.pk is None), placement]


def _told(known: Carer | Home) -> str:
    """A family or home, told so that it is not taken for another of the same name."""
    kind = known.get_setting_display() if isinstance(known, Home) else SAID_OF_SECTOR.get(known.sector, "")
    return ", ".join(part for part in (known.name, kind.lower(), known.postcode) if part)
