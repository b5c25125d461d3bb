"""What each step of a meeting and of an action asks. A form collects and cleans; `said` is what the step takes."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms

from accounts.roles import Role
from casework.forms import NOTHING_CHOSEN, DayField, Line, MomentField, Text, in_a_sentence
from casework.meetings.models import Invitation
from casework.meetings.reading import named
from casework.meetings.rules import (
    objections_to_day,
    objections_to_outsiders,
    objections_to_people,
    objections_to_rearranging,
    roles_missing,
)
from casework.meetings.states import Came, Kept
from casework.once import MISSING
from casework.taking import FormOnAVersion, ReasonForm, StepForm

LENGTHS = ((30, "Half an hour"), (45, "45 minutes"), (60, "1 hour"), (90, "1 hour and a half"), (120, "2 hours"))
LONG = ((180, "3 hours"), (240, "4 hours"), (480, "A whole day"))
USUAL = 60
NOBODY = "Nobody"
LONGEST_NAME, LONGEST_CAPACITY, LONGEST_ITEM = 200, 100, 200


class Lines(Text):
    """Several things, one in each line."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"required": False, **kwargs})
        self.widget.attrs["rows"] = 3

    def clean(self, value: Any) -> Any:
        """The lines that hold something."""
        return [" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()]


class AgendaLines(Lines):
    """Things to talk about."""

    def clean(self, value: Any) -> list[str]:
        """Each within its length."""
        found: list[str] = super().clean(value)
        long = [line for line in found if len(line) > LONGEST_ITEM]
        if long:
            raise forms.ValidationError(f"Each line must be {LONGEST_ITEM} characters or fewer: “{long[0][:40]}…”")
        return found


class OutsiderLines(Lines):
    """People from outside: a name and as what each comes."""

    def clean(self, value: Any) -> list[tuple[str, str]]:
        """Each line taken apart at its first comma."""
        found = []
        for line in super().clean(value):
            name, _, capacity = (part.strip() for part in line.partition(","))
            if not name or not capacity:
                raise forms.ValidationError(f"“{line[:80]}” must have a name, a comma, and who that is")
            if len(name) > LONGEST_NAME or len(capacity) > LONGEST_CAPACITY:
                raise forms.ValidationError(f"“{line[:80]}…” is too long for a name and who that is")
            found.append((name, capacity[:1].upper() + capacity[1:]))
        return list(dict.fromkeys(found))


ONE_IN_EACH_LINE = (
    "One person in each line: the name, a comma, and who that is. For instance: Amara Okafor, grandmother."
)


class PlanForm(StepForm):
    """When and where it is, who chairs, who is invited, and what is talked about."""

    starts_at = MomentField(label="When does it start?")
    lasts = forms.TypedChoiceField(label="How long is it?", choices=(*LENGTHS, *LONG), coerce=int, initial=USUAL)
    place = Line(label="Where is it, or how does one join?", max_length=300, required=False)
    chair = forms.ChoiceField(label="Who chairs it?")
    outsiders = OutsiderLines(label="Who is invited from outside?", help_text=ONE_IN_EACH_LINE)
    agenda = AgendaLines(label="What else is on the agenda?", help_text="One thing in each line.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = self.about.of_kind
        self.offered: dict[Role, dict[str, Any]] = {}
        self._offer_chairs()
        self.seats = [seat for seat in self.kind.seats if seat.must or self._holders(seat.role)]
        for seat in self.seats:
            self._offer_seat(seat.role, must=seat.must)
        if self.kind.minutes:
            self._offer_minute_taker()
        already = "; ".join(in_a_sentence(item.label) for item in self.kind.agenda)
        self.fields["agenda"].help_text = f"One thing in each line. On it already: {already}."
        if self.kind.outsiders:
            mostly = ", ".join(self.kind.outsiders).lower()
            self.fields["outsiders"].help_text = f"{ONE_IN_EACH_LINE} Mostly: {mostly}."
        self.order_fields(self._order())

    def _order(self) -> Sequence[str]:
        seats = [_seat(seat.role) for seat in self.seats]
        return ("starts_at", "lasts", "place", "chair", *seats, "outsiders", "minute_taker", "agenda")

    def _holders(self, role: Role) -> dict[str, Any]:
        if role not in self.offered:
            people = self.about.whose.holders(self.about.case, role, self.at)
            self.offered[role] = {str(person.pk): person for person in people}
        return self.offered[role]

    def _offer_chairs(self) -> None:
        self.chairs = {
            f"{role.value}:{pk}": (role, person)
            for role in self.kind.chairs
            for pk, person in self._holders(role).items()
        }
        field = self.fields["chair"]
        choices = [(value, f"{person}, {role.label}") for value, (role, person) in self.chairs.items()]
        field.choices = choices if len(choices) == 1 else [*NOTHING_CHOSEN, *choices]
        mine = next((value for value, (_, person) in self.chairs.items() if person.pk == self.by.pk), "")
        self.initial.setdefault("chair", mine)
        if not choices:
            field.help_text = f"Nobody can chair it: {_roles(self.kind.chairs)}. That must be put right first."

    def _offer_seat(self, role: Role, *, must: bool) -> None:
        people = [(pk, str(person)) for pk, person in self._holders(role).items()]
        field = forms.ChoiceField(label=role.label, required=must)
        field.choices = people if must and len(people) == 1 else [("", "Select one" if must else NOBODY), *people]
        if role in self.about.whose.by_invitation:
            field.help_text = "Whoever is invited sees the record for as long."
        if not people:
            field.help_text = "Nobody holds this role for this case at the moment."
            field.error_messages["required"] = f"Nobody is {role.label} for this case: that must be put right first"
        self.fields[_seat(role)] = field

    def _offer_minute_taker(self) -> None:
        people = {pk: str(person) for role in self._roles() for pk, person in self._holders(role).items()}
        field = forms.ChoiceField(label="Who takes the minutes?", required=False)
        field.choices = [("", "Whoever chairs"), *people.items()]
        self.fields["minute_taker"] = field

    def _roles(self) -> Iterable[Role]:
        return (*self.kind.chairs, *(seat.role for seat in self.seats))

    def clean(self) -> Any:
        """Each comes in one role, whoever takes the minutes is invited, and some are never."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        people = [self.chairs[cleaned["chair"]], *self._people()]
        for sentence in objections_to_people(people, self.kind):
            self.add_error(None, sentence)
        for sentence in objections_to_outsiders(cleaned["outsiders"], self.kind):
            self.add_error("outsiders", sentence)
        taker = cleaned.get("minute_taker")
        if taker and taker not in {str(person.pk) for _, person in people}:
            self.add_error("minute_taker", "Whoever takes the minutes must be invited too")
        return cleaned

    def _people(self) -> list[tuple[Role, Any]]:
        chosen = {seat.role: self.cleaned_data.get(_seat(seat.role)) for seat in self.seats}
        return [(role, self._holders(role)[pk]) for role, pk in chosen.items() if pk]

    def said(self) -> dict[str, Any]:
        """The whole plan."""
        chair_role, chair = self.chairs[self.cleaned_data["chair"]]
        people = self._people()
        taker = self.cleaned_data.get("minute_taker")
        starts_at = self.cleaned_data["starts_at"]
        return {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=self.cleaned_data["lasts"]),
            "place": self.cleaned_data["place"],
            "chair": chair,
            "chair_role": chair_role,
            "minute_taker": next((p for _, p in [(chair_role, chair), *people] if str(p.pk) == taker), None),
            "agenda": self.cleaned_data["agenda"],
            "people": people,
            "outsiders": self.cleaned_data["outsiders"],
        }


class RearrangeForm(PlanForm):
    """The plan, changed from what was read: what somebody else changed meanwhile is not written over unread."""

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": MISSING, "invalid": MISSING})

    def clean(self) -> Any:
        """What was sent upon an older plan comes back, and can be sent from there."""
        cleaned = super().clean()
        seen = cleaned.get("seen")
        overtaken = objections_to_rearranging(self.about, seen) if seen is not None else []
        if overtaken:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.about.times_changed
            self.add_error(None, [*overtaken, "What you typed stands below: read it against that, then send it."])
        return cleaned

    def said(self) -> dict[str, Any]:
        """The whole plan, and upon which it was typed."""
        return {**super().said(), "seen": self.cleaned_data["seen"]}


def plan_of(meeting: Any) -> dict[str, Any]:
    """What was planned, as the form asks it."""
    invited = list(meeting.invited)
    minutes = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    seats = {_seat(Role(each.role)): str(each.person_id) for each in invited if each.person_id}
    return {
        **seats,
        "starts_at": meeting.starts_at,
        "lasts": minutes,
        "place": meeting.place,
        "chair": f"{meeting.chair_role}:{meeting.chair_id}",
        "minute_taker": str(meeting.minute_taker_id or ""),
        "outsiders": "\n".join(", ".join(each.described) for each in invited if not each.person_id),
        "agenda": "\n".join(meeting.agenda),
        "seen": meeting.times_changed,
    }


def _seat(role: Role) -> str:
    return f"seat_{role.value}"


def _roles(roles: Iterable[Role]) -> str:
    return " or ".join(role.label for role in roles)


class HoldForm(StepForm):
    """When it ended, and who came."""

    ended_at = MomentField(label="When did it end?")
    others = OutsiderLines(label="Who else came from outside?", help_text=ONE_IN_EACH_LINE)
    because = Text(label="Why did it go ahead without somebody who must come?", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        reads = self.about.whose.reads(self.about.case, self.by, self.at)
        self.invited = list(self.about.invited)
        for invitation in self.invited:
            self.fields[_came(invitation)] = forms.ChoiceField(
                label=f"Did {named(invitation, reads)} come?", choices=[*NOTHING_CHOSEN, *Came.choices]
            )
        if not self.about.of_kind.must_come:
            del self.fields["because"]
        self.order_fields(("ended_at", *map(_came, self.invited), "others", "because"))

    def clean(self) -> Any:
        """It has ended, and goes ahead without whoever must come only for a reason."""
        cleaned = super().clean()
        self.refuse_future("ended_at")
        if self.errors:
            return cleaned
        came = {each.role: cleaned[_came(each)] for each in self.invited if each.person_id}
        missing = roles_missing(self.about.of_kind, came)
        if missing and not cleaned.get("because", "").strip():
            self.add_error("because", f"Say why it went ahead without: {', '.join(role.label for role in missing)}")
        return cleaned

    def said(self) -> dict[str, Any]:
        """When, and who."""
        return {
            "ended_at": self.cleaned_data["ended_at"],
            "came": {each.pk: self.cleaned_data[_came(each)] for each in self.invited},
            "others": self.cleaned_data["others"],
        }


def _came(invitation: Invitation) -> str:
    return f"came_{invitation.pk}"


class MinutesForm(FormOnAVersion):
    """What was said, item by item, upon the version that the typist has read, if there is one."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        reads = self.about.whose.reads(self.about.case, self.by, self.at)
        self.items = [item for item in self.about.items if not item.legal_advice or Kept.LEGAL_ADVICE in reads]
        for item in self.items:
            self.fields[item.name] = Text(label=item.label, help_text=item.hint, required=False)

    def clean(self) -> Any:
        """Something was said."""
        cleaned = super().clean()
        if not self.errors and not any(cleaned[item.name].strip() for item in self.items):
            self.add_error(None, "Write what was said under at least one thing on the agenda.")
        return cleaned

    def said_of_newer(self, newer: Any) -> str:
        """Both texts are kept."""
        return (
            f"{newer.typed_by} typed version {newer.number} while you were writing. Your text is kept here, and version "
            f"{newer.number} is shown below it. Bring the two together, then send yours."
        )

    def said(self) -> dict[str, Any]:
        """The text of each item; what the typist may not read stays as it was."""
        before = self.about.version
        content = dict(before.content) if before else {}
        content |= {item.name: self.cleaned_data[item.name] for item in self.items}
        return {"content": content, "digest": self.cleaned_data["digest"]}


class CirculateForm(FormOnAVersion):
    """Who gets the minutes as they now read."""

    says_optional = False

    invitations = forms.MultipleChoiceField(label="Who gets them?", widget=forms.CheckboxSelectMultiple, required=False)
    copies = forms.MultipleChoiceField(
        label="Who gets a copy without having been invited?", widget=forms.CheckboxSelectMultiple, required=False
    )
    without = forms.MultipleChoiceField(
        label="What do people from outside not get?",
        help_text="Legal advice they never get.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        meeting = self.about
        reads = meeting.whose.reads(meeting.case, self.by, self.at)
        version = meeting.version
        had = set(version.circulations.values_list("invitation", flat=True)) if version else set()
        self.invited = {str(each.pk): each for each in meeting.invited if each.pk not in had}
        self.fields["invitations"].choices = [(pk, named(each, reads)) for pk, each in self.invited.items()]
        self.initial.setdefault("invitations", [pk for pk, each in self.invited.items() if each.came != Came.NO])
        self._offer_copies(version)
        if not self.invited:
            self.fields["invitations"].help_text = "Everybody who was invited has this version."
        if any(not each.person_id for each in self.invited.values()):
            said = version.content if version else {}
            kept = [(i.name, i.label) for i in meeting.items if said.get(i.name) and not i.legal_advice]
            self.fields["without"].choices = kept
        else:
            del self.fields["without"]

    def _offer_copies(self, version: Any) -> None:
        meeting = self.about
        had = set(version.circulations.values_list("person", flat=True)) if version else set()
        invited = {each.person_id for each in meeting.invited}
        self.copied = {
            str(person.pk): (role, person)
            for role in meeting.of_kind.copies
            for person in meeting.whose.holders(meeting.case, role, self.at)
            if person.pk not in had | invited
        }
        if self.copied:
            self.fields["copies"].choices = [(pk, f"{who} ({role.label})") for pk, (role, who) in self.copied.items()]
        else:
            del self.fields["copies"]

    def clean(self) -> Any:
        """Somebody gets them."""
        cleaned = super().clean()
        if not self.errors and not cleaned["invitations"] and not cleaned.get("copies"):
            self.add_error("invitations", "Choose at least one person who gets the minutes")
        return cleaned

    def said(self) -> dict[str, Any]:
        """To whom, and what those from outside do not get."""
        return {
            "digest": self.cleaned_data["digest"],
            "invitations": [self.invited[pk] for pk in self.cleaned_data["invitations"]],
            "copies": [self.copied[pk][1] for pk in self.cleaned_data.get("copies", ())],
            "without": self.cleaned_data.get("without", []),
        }


class AskForm(StepForm):
    """What was said when somebody was asked for an action."""

    because = Text(label="How did you ask, and what was answered?")


class OwedForm(StepForm):
    """By whom and by when something is to be done."""

    owner = forms.ModelChoiceField(Invitation.objects.none(), label="Who does it?", empty_label="Select one")
    due_on = DayField(label="By when?")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        meeting = self.about.meeting
        reads = meeting.whose.reads(meeting.case, self.by, self.at)
        self.fields["owner"].queryset = meeting.invited
        self.fields["owner"].label_from_instance = lambda invitation: named(invitation, reads)

    def clean_due_on(self) -> Any:
        """Not before the meeting."""
        due_on = self.cleaned_data["due_on"]
        objections = objections_to_day(due_on, self.about.meeting)
        if objections:
            raise forms.ValidationError(objections)
        return due_on

    def said(self) -> dict[str, Any]:
        """By whom and by when."""
        return {"owner": self.cleaned_data["owner"], "due_on": self.cleaned_data["due_on"]}


class AgreeForm(OwedForm):
    """What was agreed to be done."""

    says = Text(label="What is to be done?", help_text="Say it so that anybody can tell whether it is done.")
    field_order = ("says", "owner", "due_on")

    def said(self) -> dict[str, Any]:
        """What, by whom, by when."""
        return {**super().said(), "says": self.cleaned_data["says"]}


class ChangeForm(OwedForm, ReasonForm):
    """Another day, or somebody else."""

    field_order = ("owner", "due_on", "because")


class FinishForm(StepForm):
    """What came of it."""

    outcome = Text(label="What was done, and what came of it?")

    def said(self) -> dict[str, Any]:
        """What came of it."""
        return {"outcome": self.cleaned_data["outcome"]}
