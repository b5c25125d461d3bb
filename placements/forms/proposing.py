"""What is asked about a home or a family that is proposed for a child who does not live there yet."""

from typing import Final

from django import forms

from casework.forms import NOTHING_CHOSEN
from placements.forms.naming import NamingForm
from placements.models import ProposedHome
from placements.states import FAMILIES, PLACES, Setting

PLACE: Final = "place"
WITH: Final = {
    Setting.IN_HOUSE_FOSTER: "With foster carers of the authority",
    Setting.IFA_FOSTER: "With foster carers of an agency",
    Setting.CONNECTED_PERSON: "With a relative, friend or other connected person",
    Setting.PARENT: "With a parent",
    Setting.ADOPTIVE: "With the people who plan to adopt",
}


class ProposingForm(NamingForm):
    """Where the child would live: which kind of home, and which one."""

    where = forms.ChoiceField(label="Where would the child live?", widget=forms.RadioSelect)
    relationship = forms.CharField(
        label="How they and the child are connected", max_length=100, required=False, help_text="For example: mother."
    )
    setting = forms.ChoiceField(label="What kind of place is it?")
    name = forms.CharField(label="Name of the family or home", max_length=200)
    field_order = ("where", "setting", "relationship", "name", "which", "address", "postcode")
    reveals = {"where": {PLACE: ("setting",)}}

    offers: tuple[Setting, ...] = tuple(Setting)
    """The kinds of home that can be proposed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        families = [(kind.value, WITH[kind]) for kind in self.offers if kind in FAMILIES]
        places = [(kind.value, kind.label) for kind in self.offers if kind in PLACES]
        self.fields["where"].choices = [*families, *([(PLACE, "In a home or another place")] if places else [])]
        self.fields["setting"].choices = NOTHING_CHOSEN + places
        if not {Setting.PARENT, Setting.CONNECTED_PERSON} & set(self.offers):
            del self.fields["relationship"]
        if not families:
            self.fields["name"].label = "Name of the home"
        elif self.only_kind == Setting.PARENT:
            self.fields["name"].label = "Name of the parent"
        if self.only_kind:
            del self.fields["where"], self.fields["setting"]
            self.reveals = {}
        elif not families:
            del self.fields["where"]
            self.reveals = {}

    @property
    def only_kind(self) -> Setting | None:
        """The kind of home, where there is only one to choose."""
        return self.offers[0] if len(self.offers) == 1 else None

    @property
    def where_typed(self) -> str:
        """As it was typed, since the name is looked up before the form is clean; or the only answer there is."""
        if self.only_kind:
            return self.only_kind.value
        has_families = any(kind in FAMILIES for kind in self.offers)
        return str(self.data.get(self.add_prefix("where"), "")) if has_families else PLACE

    @property
    def names_place(self) -> bool:
        """Is it no family?"""
        return self.where_typed not in WITH

    @property
    def lives_in(self) -> Setting:
        """The kind of place or family."""
        return Setting(self.cleaned_data["setting"] if self.where_typed == PLACE else self.where_typed)

    def proposed(self) -> ProposedHome:
        """What is proposed; the family or the home may be new, and not on record yet."""
        return ProposedHome(
            child=self.child,
            setting=self.lives_in,
            home=self.home(),
            carer=self.carer(),
            relationship=self.cleaned_data.get("relationship") or "",
            proposed_at=self.at,
        )

    @property
    def child(self):
        """The child whom it is proposed for."""
        return self.about.child
