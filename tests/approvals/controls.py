"""The controls of a page's forms, as a browser finds them, and what careless or hostile hands put into them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BOXES = ("_day", "_month", "_year", "_time")
LONG = "It went on for a long time. " * 7142
"""Some 200,000 characters."""
WORD = (
    "\u201cPasted\u201d from\u00a0Word\u2014a list:\u000b\u2022\u00a0one\u0007\u2028\ufeff\u0000two\u2026 it\u2019s\r\n"
    "so <b>bold</b> & {{ so }}"
)
EMOJI = (
    "\U0001f44d\U0001f3fd\U0001f468\u200d\U0001f469\u200d\U0001f467 \u202eright to left "
    "\u0645\u0631\u062d\u0628\u0627 \u4f60\u597d"
)


@dataclass
class Control:
    """One control: what kind it is, what stands in it, and what can be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list = field(default_factory=list)

    @property
    def is_text(self):
        return self.kind in ("text", "textarea") and not self.name.endswith(BOXES)

    @property
    def is_chosen(self):
        return self.kind in ("select", "radio", "checkbox")


class Controls(HTMLParser):
    """Reads the controls of the forms in the main part of a page."""

    def __init__(self, html):
        super().__init__()
        self.found, self._in_main, self._open, self._chosen = {}, False, None, set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "main":
            self._in_main = True
        name = told.get("name")
        if tag == "option" and self._open:
            self._open.choices.append(told.get("value", ""))
            if "selected" in told:
                self._open.value = told.get("value", "")
        if not self._in_main or not name or tag not in ("input", "select", "textarea"):
            return
        kind = told.get("type", "text") if tag == "input" else tag
        control = self.found.setdefault(name, Control(name, kind))
        if kind in ("radio", "checkbox"):
            control.choices.append(told.get("value", ""))
            control.value = told.get("value", "") if "checked" in told else control.value
        else:
            control.value = told.get("value", "") or control.value
        if tag in ("select", "textarea"):
            self._open = control

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self._open = None
        if tag == "main":
            self._in_main = False

    def handle_data(self, data):
        if self._open and self._open.kind == "textarea":
            self._open.value += data


def controls_of(answer):
    """The controls of a page, without what belongs to sending."""
    found = Controls(answer.content.decode()).found
    return [
        control for name, control in found.items() if name not in ("csrfmiddlewaretoken", "typist", "more", "leave")
    ]


def filled(controls, *, text="A text.", box=None, choice=None, hidden=None):
    """What is sent: what stands in the controls, but for texts, boxes of days and moments, choices and hidden fields."""
    sent = {}
    for control in controls:
        value = control.value
        if control.is_text and text is not None:
            value = text
        elif control.name.endswith(BOXES) and box is not None:
            value = box
        elif control.is_chosen:
            value = next((each for each in control.choices if each), "") if choice is None else choice
        elif control.kind == "hidden" and control.name != "key" and hidden is not None:
            value = hidden
        sent[control.name] = value
    return sent


def ways_to_send(controls):
    """By name: everything that careless or hostile hands send from this form."""
    sound = filled(controls)
    texts = [control.name for control in controls if control.is_text]
    long = {**sound, **dict.fromkeys(texts[:1], LONG)}
    return {
        "nothing but the key": {"key": sound.get("key", "")},
        "without the key": {name: value for name, value in sound.items() if name != "key"},
        "a wrong key": {**sound, "key": "not a key"},
        "everything twice": {name: [value, value, "and once more"] for name, value in sound.items()},
        "choices that nobody offered": filled(controls, text=WORD, choice="999999999999999999999"),
        "days that are none": filled(controls, text=EMOJI, box="31.02."),
        "days far ahead": filled(controls, text=WORD, box="2199", choice="'; --"),
        "hidden fields of another page": filled(controls, hidden="of another record", text=EMOJI),
        "200,000 characters": long,
        "pasted from Word": filled(controls, text=WORD),
    }
