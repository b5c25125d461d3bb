"""How forms look and speak: plain Django forms in GOV.UK markup, days and moments typed in boxes, errors as sentences.

`GovUkRenderer` is the project's FORM_RENDERER, so any Django form is drawn by the templates in `templates/forms/`. Forms
of the field's own pages inherit from `Form` or `ModelForm`, which also say what is missing in the words of the label.
"""

import dataclasses
import re
from calendar import month_abbr, month_name
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name
from django.forms.widgets import Input
from django.utils import timezone

FIRST_YEAR, LAST_YEAR = 1900, 2199
COUNTED_UP_TO = 5000
"""Characters: nobody counts down from a limit beyond this."""
MONTHS = {name.lower(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name}
NAMES = frozenset({"Ofsted", "Cafcass"})
"""Words that keep their capital inside a sentence."""
NEED_NO_ARTICLE = frozenset({"the", "a", "an", "your", "from", "how", "what", "when", "where", "which", "who", "why"})
"""Words with which a label begins that "Enter" can stand before as it is: others get a "the"."""

NOTHING_CHOSEN = [("", "Select one")]
"""The first answer of a list that has no usual one."""
TYPED_INTO = {"data-autocomplete": True}
"""Of the control of a long list: with scripts, a box to type into."""

CLASS_OF_WIDGET: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.Select, "govuk-select"),
    (forms.Textarea, "govuk-textarea"),
    (forms.FileInput, "govuk-file-upload"),
    (Input, "govuk-input"),
)
"""The first row that fits gives the class."""


class BoundField(forms.BoundField):
    """A field of a form, with the answers that the templates in `templates/forms/` ask for."""

    def build_widget_attrs(self, attrs, widget=None):
        """Adds the class of the control, also where it stands in error. False takes an attribute away."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        css_class = next((name for kind, name in CLASS_OF_WIDGET if isinstance(widget, kind)), "")
        if widget.is_hidden or not css_class:
            return attrs
        in_error = f"{css_class}--error" if self.errors and not css_class.endswith("__input") else ""
        attrs["class"] = " ".join(filter(None, (css_class, in_error, widget.attrs.get("class", ""))))
        attrs["placeholder"] = False  # It vanishes with the first letter typed, and passes for an answer.
        if isinstance(widget, forms.RadioSelect | forms.CheckboxInput):
            attrs.pop("aria-invalid", None)  # The role "radio" does not have it; the group carries the error.
        attrs["maxlength"] = False  # A hard limit cuts pasted text without a word.
        if isinstance(widget, forms.Textarea) and self.limit:
            attrs["class"] += " govuk-js-character-count"
            described = (*attrs.get("aria-describedby", "").split(), f"{self.auto_id}-info")
            attrs["aria-describedby"] = " ".join(described)
        return attrs

    @property
    def kind(self):
        """Which part of the field's template draws it."""
        widget = self.field.widget
        if isinstance(widget, DayBoxes):
            return "boxes"
        if isinstance(widget, forms.RadioSelect):
            return "checkboxes" if widget.allow_multiple_selected else "radios"
        return "checkbox" if isinstance(widget, forms.CheckboxInput) else "input"

    @property
    def limit(self):
        """The number of characters to count down from, where an answer may be long and yet come to an end."""
        limit = getattr(self.field, "max_length", None) or COUNTED_UP_TO + 1
        counts = isinstance(self.field.widget, forms.Textarea) and isinstance(self.form, Speaking)
        return limit if counts and limit <= COUNTED_UP_TO else None

    @property
    def says_optional(self):
        """Does the label say that this need not be answered? Not in filters, nor beside a single box to tick."""
        return not self.field.required and self.kind != "checkbox" and getattr(self.form, "says_optional", True)

    @property
    def is_small(self):
        """Is it one of many like it, so that its answers take little room?"""
        return getattr(self.field, "is_small", False)

    @property
    def is_inline(self):
        """Do the answers stand side by side? Two short ones do, and small ones below which nothing opens."""
        labels = [str(label) for _, label in self.field.widget.choices]
        if self.is_small:
            return not any(option.reveals for option in self.options)
        reveals = self.name in getattr(self.form, "reveals", {})
        return not reveals and len(labels) == 2 and all(len(label) <= 12 for label in labels)

    @property
    def options(self):
        """The answers to choose from, each with its hint and the fields that it reveals."""
        hints = getattr(self.form, "option_hints", {}).get(self.name, {})
        revealed = getattr(self.form, "reveals", {}).get(self.name, {})
        several = {field.name for field in self.revealed_by_several}
        return [
            Option(
                widget,
                hints.get(value, ""),
                [self.form[name] for name in revealed.get(value, ()) if name not in several],
                [self.form[name] for name in revealed.get(value, ()) if name in several],
            )
            for widget, value in ((widget, str(widget.data["value"])) for widget in self.subwidgets)
        ]

    @property
    def revealed_by_several(self):
        """The fields that more than one of its answers reveals: drawn once, below all of them."""
        revealed = getattr(self.form, "reveals", {}).get(self.name, {})
        names = [name for names in revealed.values() for name in names]
        return [self.form[name] for name in dict.fromkeys(names) if names.count(name) > 1]

    @property
    def is_revealed(self):
        """Is it drawn below the answer that asks for it, and not in the run of the form?"""
        reveals = getattr(self.form, "reveals", {})
        return any(self.name in names for answers in reveals.values() for names in answers.values())

    @property
    def error_target(self):
        """The id of the control that the error summary leads to: the first wrong box, or the first answer."""
        if self.kind == "boxes":
            return f"{self.auto_id}_{self.field.widget.wrong_parts(self.value())[0]}"
        return f"{self.auto_id}_0" if self.kind in {"radios", "checkboxes"} else self.auto_id


@dataclass(frozen=True)
class Option:
    """One answer of a question with answers to choose from."""

    widget: Any
    hint: str
    reveals: list[BoundField]
    """Drawn below this answer."""
    reveals_with_others: list[BoundField] = dataclasses.field(default_factory=list)
    """Revealed by other answers too, and drawn below all of them."""

    @property
    def boxes(self) -> str:
        """The ids of the boxes that it reveals, one after another."""
        own = [f"{self.widget.id_for_label}_reveals"] if self.reveals else []
        return " ".join([*own, *(f"{field.auto_id}_revealed" for field in self.reveals_with_others)])


class GovUkRenderer(TemplatesSetting):
    """Draws every form of the project in GOV.UK markup."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField


class Speaking:
    """What a form of the field's own pages adds: sentences for what is missing, and taking up a draft."""

    use_required_attribute = False
    says_optional = True
    option_hints: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """By field and answer: a hint below the answer."""
    reveals: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {}
    """By field and answer: the fields asked only with this answer. Without JavaScript they are always shown; what is
    typed into one that is not asked is dropped, and a required one is required only where it is asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._say_in_their_words()

    def full_clean(self):
        """Fields may have been added since the form was made: they speak as well."""
        self._say_in_their_words()
        super().full_clean()

    def _say_in_their_words(self):
        for name, field in self.fields.items():
            field.label = pretty_name(name) if field.label is None else field.label
            _take_whole_numbers_as_text(field)
            _say_in_its_words(field)

    def clean(self):
        """Drops what was not asked."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._not_asked(cleaned):
            self.errors.pop(name, None)
            cleaned[name] = self.fields[name].to_python(None)
        return cleaned

    def _not_asked(self, cleaned):
        revealed, asked = set(), set()
        for question, answers in self.reveals.items():
            given = cleaned.get(question)
            given = {str(answer) for answer in given} if isinstance(given, list) else {str(given)}
            for answer, names in answers.items():
                revealed.update(names)
                asked.update(names if answer in given else ())
        return revealed - asked

    def take_up(self, draft):
        """Fill in what somebody typed before and did not send: a QueryDict with the names of this form's controls."""
        for name, field in self.fields.items():
            control = self.add_prefix(name)
            if not field.widget.value_omitted_from_data(draft, {}, control):
                self.initial[name] = field.widget.value_from_datadict(draft, {}, control)


class Form(Speaking, forms.Form):
    """A form of the field's own pages."""


class ModelForm(Speaking, forms.ModelForm):
    """A form of the field's own pages that fills a record. Days: `field_classes = {"seen_on": DayField}`."""


def in_a_sentence(label: str) -> str:
    """A label as it stands inside a sentence: "Date of visit" is "date of visit", "IRO" stays."""
    label = str(label)
    first_word = label.split(" ", 1)[0]
    is_name = first_word in NAMES or first_word[1:2].isupper() or first_word in {"I", "A"}
    return label if is_name else label[:1].lower() + label[1:]


def _say_in_its_words(field):
    """Replace the framework's stock sentences by ones that name the field; a field's own sentences stay."""
    asks = str(field.label).endswith("?")
    subject = "Your answer" if asks else str(field.label)
    if isinstance(field.widget, DayBoxes):
        field.subject = f"The date in “{field.label}”" if asks else subject
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
    named = in_a_sentence(field.label)
    the = "" if named.split(" ", 1)[0].lower() in NEED_NO_ARTICLE else "the "
    missing = f"{'Select' if chosen else 'Enter'} {the}{named}"
    if isinstance(field, forms.BooleanField):
        missing = f"Tick “{field.label}”"
    sentences = {
        "required": f"Answer “{field.label}”" if asks else missing,
        "max_length": f"{subject} must be %(limit_value)d characters or fewer. It has %(show_value)d",
        "min_length": f"{subject} must be %(limit_value)d characters or more. It has %(show_value)d",
        "max_value": f"{subject} must be %(limit_value)s or less",
        "min_value": f"{subject} must be %(limit_value)s or more",
        "invalid_choice": "Select one of the answers listed",
    }
    if isinstance(field, forms.FileField):
        del sentences["max_length"]  # Its own counts the letters of the file's name.
    if isinstance(field, forms.IntegerField):
        sentences["invalid"] = f"{subject} must be a whole number"
    if isinstance(field, forms.EmailField):
        sentences["invalid"] = f"{subject} must be an email address, like name@example.org"
    stock = {}
    for owner in reversed(type(field).__mro__):
        stock.update(getattr(owner, "default_error_messages", {}))
    for code, sentence in sentences.items():
        if field.error_messages.get(code) == stock.get(code):
            field.error_messages[code] = sentence


def _take_whole_numbers_as_text(field):
    """Number boxes change under a scrolling wheel and are read out badly: a text box with a number pad instead."""
    if type(field.widget) is forms.NumberInput:
        field.widget.input_type = "text"
        for name in ("min", "max", "step"):
            field.widget.attrs.pop(name, None)
        is_whole = type(field) is forms.IntegerField
        field.widget.attrs.setdefault("inputmode", "numeric" if is_whole else "decimal")
        field.widget.attrs.setdefault("class", "govuk-input--width-5")


# Days and moments


class Unreadable(ValueError):
    """What was typed is no day or no time: which boxes are wrong, and what to say of them."""

    def __init__(self, says: str, *parts: str):
        super().__init__(says)
        self.parts = parts


def read_day(day: str, month: str, year: str) -> date:
    """The day typed into three boxes; months also by name. Raises Unreadable.

    Years lie between 1900 and 2199, both inclusive.
    """
    typed = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    missing = [part for part, text in typed.items() if not text]
    if missing:
        raise Unreadable(f"must include a {' and a '.join(missing)}", *missing)
    if not re.fullmatch(r"[0-9]{4}", typed["year"]):
        raise Unreadable("must have a year with 4 numbers", "year")
    numbers = {"day": _number(typed["day"]), "month": MONTHS.get(typed["month"].lower()) or _number(typed["month"])}
    try:
        read = date(int(typed["year"]), numbers["month"], numbers["day"])
    except ValueError:
        wrong = [part for part, last in (("day", 31), ("month", 12)) if not 1 <= numbers[part] <= last]
        raise Unreadable("must be a real date", *(wrong or ("day", "month", "year"))) from None
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise Unreadable(f"must be between {FIRST_YEAR} and {LAST_YEAR}", "year")
    return read


def read_time(text: str) -> time:
    """A time of day as people type it: 14:30, 1430, 2.30pm, 2pm, midday, midnight. Raises Unreadable."""
    typed = re.sub(r"\s", "", text).lower()
    named = {"midday": time(12), "noon": time(12), "midnight": time(0)}
    if typed in named:
        return named[typed]
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(am|pm)?", typed, re.ASCII)
    if match is None or (match[2] is None and match[3] is None):
        raise Unreadable("must have a time, like 14:30 or 2:30pm", "time")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    elif match[3]:
        raise Unreadable("must have a time, like 14:30 or 2:30pm", "time")
    if hour > 23 or minute > 59:
        raise Unreadable("must have a time, like 14:30 or 2:30pm", "time")
    return time(hour, minute)


def local_moment(day: date, at: time) -> datetime:
    """The moment that a clock here showed, in UTC. Of the two when the clocks go back, the first. Raises Unreadable.

    No moment has a time skipped when the clocks go forward.
    """
    here = timezone.get_current_timezone()
    moment = datetime.combine(day, at, tzinfo=here).astimezone(UTC)
    if moment.astimezone(here).replace(tzinfo=None) != datetime.combine(day, at):
        raise Unreadable("must be a real time: the clocks went forward over it that night", "time")
    return moment


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0


class DayBoxes(forms.Widget):
    """Three boxes for a day: day, month, year."""

    template_name = "forms/boxes.html"
    use_fieldset = True
    parts: ClassVar[dict[str, str]] = {"day": "Day", "month": "Month", "year": "Year"}

    def value_from_datadict(self, data, files, name):
        """What was typed, as it was typed."""
        return tuple(str(data.get(f"{name}_{part}", "")).strip() for part in self.parts)

    def value_omitted_from_data(self, data, files, name):
        """Was none of the boxes on the page?"""
        return not any(f"{name}_{part}" in data for part in self.parts)

    def id_for_label(self, id_):
        """None: the legend names the boxes together."""
        return ""

    def get_context(self, name, value, attrs):
        """The boxes, each with its label, what it holds and whether it is wrong."""
        context = super().get_context(name, value, attrs)
        final = context["widget"]["attrs"]
        wrong = self.wrong_parts(value) if final.get("aria-invalid") else ()
        context["widget"]["boxes"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{final.get('id', f'id_{name}')}_{part}",
                "label": label,
                "part": part,
                "value": text,
                "wrong": part in wrong,
            }
            for (part, label), text in zip(self.parts.items(), self.typed(value), strict=True)
        ]
        return context

    def typed(self, value):
        """What stands in the boxes for a value: a day, or what was typed before."""
        if isinstance(value, date):
            return (str(value.day), str(value.month), str(value.year))
        return tuple(value) if value else ("",) * len(self.parts)

    def read(self, typed):
        """The day typed. Raises Unreadable."""
        return read_day(*typed)

    def wrong_parts(self, value):
        """The boxes to mark: those that cannot be read, all of them where they are empty or the reading is refused."""
        typed = self.typed(value)
        try:
            self.read(typed)
        except Unreadable as unreadable:
            return unreadable.parts if any(typed) else tuple(self.parts)
        return tuple(self.parts)


class MomentBoxes(DayBoxes):
    """Four boxes for a moment: day, month, year, and the time of day."""

    parts: ClassVar[dict[str, str]] = {**DayBoxes.parts, "time": "Time"}

    def typed(self, value):
        """What stands in the boxes for a value: a moment, shown here, or what was typed before."""
        if isinstance(value, datetime):
            value = timezone.localtime(value) if timezone.is_aware(value) else value
            return (*super().typed(value.date()), value.strftime("%H:%M"))
        return (*super().typed(value), "") if isinstance(value, date) else super().typed(value)

    def read(self, typed):
        """The moment typed. Raises Unreadable."""
        *day, at = typed
        read = read_day(*day)
        if not at:
            raise Unreadable("must include a time", "time")
        return local_moment(read, read_time(at))


class DayField(forms.Field):
    """A day, typed in three boxes."""

    widget = DayBoxes
    subject = "The date"
    default_error_messages: ClassVar[dict[str, str]] = {"required": "Enter a day, a month and a year"}

    def to_python(self, value):
        """The value; None where nothing was typed."""
        if not value or isinstance(value, date):
            return value or None
        if not any(value):
            return None
        try:
            return self.widget.read(value)
        except Unreadable as unreadable:
            raise ValidationError(f"{self.subject} {unreadable}", code="invalid") from None

    def has_changed(self, initial, data):
        """Was something else typed than what stood there?"""
        return self.widget.typed(initial) != tuple(data or self.widget.typed(None))


class MomentField(DayField):
    """A moment, typed as a day and a time of day here."""

    widget = MomentBoxes
    default_error_messages: ClassVar[dict[str, str]] = {"required": "Enter a day, a month, a year and a time"}


# What people write


LONGEST = 200_000
"""Characters of one part of the record: more than anybody writes, less than would harm the page."""
CONTROLS: Final = dict.fromkeys(set(range(32)) - set(map(ord, "\t\n\r"))) | {0x0B: "\n", 0x0C: "\n", 0x1E: "\u2011"}
"""Comes along with text pasted from word processors: a line or a page that is broken off, a hyphen that does not break, and
signs that nobody sees and no document can hold."""


class Line(forms.CharField):
    """What somebody writes, as it was written, but for what the database cannot hold."""

    def to_python(self, value):
        """The text, its lines ending as on any machine."""
        return super().to_python((value or "").translate(CONTROLS).replace("\r\n", "\n"))


class Text(Line):
    """The same in as many lines as it takes."""

    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}), **kwargs)
