"""How forms look and speak: GOV.UK markup from plain Django forms, days and moments in boxes, errors as sentences."""

import re
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pytest
from django import forms as plain
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string

from casework import forms


class Visit(forms.Form):
    reveals = {"seen_alone": {"no": ("why_not",)}}
    option_hints = {"where": {"home": "Where the child lives now"}}

    seen_at = forms.MomentField(label="When did you see the child?", help_text="For example, 27 3 2026 at 14:30")
    moved_on = forms.DayField(label="Day of the move", required=False)
    where = plain.ChoiceField(choices=[("home", "At home"), ("school", "School")], widget=plain.RadioSelect)
    seen_alone = plain.ChoiceField(
        label="Did you see the child alone?", choices=[("yes", "Yes"), ("no", "No")], widget=plain.RadioSelect
    )
    why_not = plain.CharField(label="Why not?", widget=plain.Textarea, max_length=20)
    who = plain.MultipleChoiceField(
        choices=[("carer", "Carer"), ("friend", "Friend")], widget=plain.CheckboxSelectMultiple, required=False
    )
    nights = plain.IntegerField(label="Nights away", min_value=0, required=False)
    paper = plain.FileField(label="Signed record", required=False)
    was_read = plain.BooleanField(label="I have read the record")
    key = plain.CharField(widget=plain.HiddenInput, required=False)


WHOLE = dict(
    parse_qsl(
        "seen_at_day=5&seen_at_month=3&seen_at_year=2026&seen_at_time=2:03pm&where=home&seen_alone=yes&was_read=on"
    )
)


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag, **wanted):
        return [attrs for name, attrs in self.found if name == tag and wanted.items() <= attrs.items()]


def sent(**changed):
    return QueryDict("&".join(f"{name}={value}" for name, value in {**WHOLE, **changed}.items() if value is not None))


def errors_of(**changed):
    return {name: list(errors) for name, errors in Visit(sent(**changed)).errors.items()}


def drawn(form):
    return Elements(str(form))


# Markup


def test_every_kind_of_control_has_its_class():
    page = drawn(Visit())
    assert "govuk-date-input__input" in page.of("input", name="moved_on_day")[0]["class"]
    assert page.of("input", type="radio")[0]["class"] == "govuk-radios__input"
    assert page.of("input", name="who")[0]["class"] == "govuk-checkboxes__input"
    assert page.of("input", name="was_read")[0]["class"] == "govuk-checkboxes__input"
    assert page.of("textarea")[0]["class"].split()[0] == "govuk-textarea"
    assert page.of("input", type="file")[0]["class"] == "govuk-file-upload"


def test_forms_of_others_are_drawn_the_same_way():
    class Login(plain.Form):
        name = plain.CharField(widget=plain.TextInput(attrs={"placeholder": "Name", "class": "govuk-input--width-10"}))
        home = plain.ChoiceField(choices=[("1", "One")])

    page = drawn(Login({}))
    box = page.of("input", name="name")[0]
    assert box["class"].split() == ["govuk-input", "govuk-input--error", "govuk-input--width-10"]
    assert "placeholder" not in box
    assert page.of("select")[0]["class"].split() == ["govuk-select", "govuk-select--error"]


def test_every_control_has_a_label_and_every_id_is_there_once():
    page = drawn(Visit(sent(where=None, seen_at_day="")))
    controls = {attrs["id"] for tag in ("input", "textarea", "select") for attrs in page.of(tag)}
    hidden = {attrs["id"] for attrs in page.of("input", type="hidden")}
    assert controls - hidden == {attrs["for"] for attrs in page.of("label")}
    ids = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_what_describes_a_control_is_on_the_page():
    page = drawn(Visit(sent(where=None, seen_alone="no", seen_at_day="")))
    ids = {attrs["id"] for _, attrs in page.found if "id" in attrs}
    described = [attrs["aria-describedby"].split() for _, attrs in page.found if "aria-describedby" in attrs]
    assert described
    assert {name for names in described for name in names} <= ids


def test_boxes_and_answers_stand_in_a_fieldset_with_a_legend():
    page = drawn(Visit())
    assert len(page.of("fieldset")) == len(page.of("legend")) == 5


def test_only_the_wrong_boxes_of_a_day_are_marked():
    page = drawn(Visit(sent(moved_on_day="5", moved_on_month="13", moved_on_year="2026")))
    assert [attrs["name"] for attrs in page.of("input", **{"aria-invalid": "true"})] == ["moved_on_month"]


def test_what_is_not_required_says_so():
    html = str(Visit())
    assert re.search(r"Day of the move\s*<span[^>]*>\(optional\)", html)
    assert html.count("(optional)") == 4


def test_a_filter_does_not_call_everything_optional():
    class Filter(forms.Form):
        says_optional = False
        kind = plain.CharField(required=False)

    assert "optional" not in str(Filter())


def test_browsers_do_not_check_before_us():
    page = drawn(Visit())
    assert not [attrs for _, attrs in page.found if "required" in attrs or "maxlength" in attrs]


def test_a_text_that_is_too_long_is_not_cut_without_a_word():
    class Named(forms.Form):
        name = plain.CharField(max_length=10)

    assert "maxlength" not in drawn(Named()).of("input", name="name")[0]
    assert Named({"name": "x" * 11}).errors["name"] == ["Name must be 10 characters or fewer. It has 11"]


def test_what_is_missing_is_asked_for_in_a_sentence():
    class Asking(forms.Form):
        held_on = forms.DayField(label="Day on which it was held")
        reasons = plain.CharField(label="Your reasons")
        number = plain.CharField(label="The authority’s number for the child")

    assert [error for (error,) in Asking({}).errors.values()] == [
        "Enter the day on which it was held",
        "Enter your reasons",
        "Enter the authority’s number for the child",
    ]


def test_long_answers_count_down_from_their_limit():
    class Text(forms.Form):
        short = plain.CharField(widget=plain.Textarea, max_length=500)
        endless = plain.CharField(widget=plain.Textarea, max_length=200_000)

    page = drawn(Text())
    assert [attrs["data-maxlength"] for attrs in page.of("div", **{"data-module": "govuk-character-count"})] == ["500"]
    assert "govuk-js-character-count" in page.of("textarea", name="short")[0]["class"]


def test_numbers_are_typed_as_text_on_a_number_pad():
    box = drawn(Visit()).of("input", name="nights")[0]
    assert (box["type"], box["inputmode"]) == ("text", "numeric")
    assert not {"min", "max", "step"} & box.keys()


def test_two_short_answers_stand_side_by_side_unless_one_asks_more():
    html = str(Visit())
    assert html.count("govuk-radios--inline") == 1


def test_an_answer_holds_its_hint_and_the_question_that_it_reveals():
    html = str(Visit())
    assert (
        html.index('data-reveals="id_seen_alone_1_reveals"') < html.index('name="why_not"') < html.index('name="who"')
    )
    assert html.count('name="why_not"') == 1
    assert "Where the child lives now" in html


def test_hidden_fields_are_drawn_without_a_label():
    assert drawn(Visit()).of("input", name="key")[0]["type"] == "hidden"


def test_no_style_or_script_inside_the_page():
    page = drawn(Visit(sent(where=None)))
    assert not page.of("script")
    assert not [attrs for _, attrs in page.found if "style" in attrs or any(name.startswith("on") for name in attrs)]


def test_typed_text_comes_back_escaped():
    html = str(Visit(sent(seen_alone="no", why_not="<b>no</b>", moved_on_day='"><b>')))
    assert "<b>" not in html


# Error summary


def test_the_summary_lists_every_error_and_leads_to_its_control():
    form = Visit(QueryDict(""))
    html = render_to_string("components/error_summary.html", {"form": form})
    leads_to = [attrs["href"][1:] for attrs in Elements(html).of("a")]
    assert leads_to == ["id_seen_at_day", "id_where_0", "id_seen_alone_0", "id_was_read"]
    on_page = {attrs["id"] for _, attrs in drawn(form).found if "id" in attrs}
    assert set(leads_to) <= on_page


def test_the_summary_leads_to_the_wrong_box():
    form = Visit(sent(seen_at_time="noonish"))
    html = render_to_string("components/error_summary.html", {"form": form})
    assert [attrs["href"] for attrs in Elements(html).of("a")] == ["#id_seen_at_time"]


def test_there_is_no_summary_where_nothing_is_wrong():
    assert not render_to_string("components/error_summary.html", {"form": Visit()}).strip()


def test_what_is_wrong_with_a_whole_form_is_said_once_in_the_summary():
    form = Visit(sent())
    form.add_error(None, "The two days overlap.")
    assert "The two days overlap." in render_to_string("components/error_summary.html", {"form": form})
    assert "The two days overlap." not in str(form)


def test_the_summary_speaks_for_every_form_of_a_set():
    rows = plain.formset_factory(Visit, extra=1)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-where": "home"}
    )
    html = render_to_string("components/error_summary.html", {"formset": rows})
    assert "#id_form-0-seen_at_day" in html


# Sentences


def test_what_is_missing_is_said_in_the_words_of_the_label():
    assert errors_of(seen_at_day="", seen_at_month="", seen_at_year="", seen_at_time="", where=None, was_read=None) == {
        "seen_at": ["Answer “When did you see the child?”"],
        "where": ["Select where"],
        "was_read": ["Tick “I have read the record”"],
    }


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Date of visit", "date of visit"),
        ("IRO", "IRO"),
        ("Ofsted number", "Ofsted number"),
        ("A reason", "A reason"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_starts_small_unless_it_is_a_name(label, inside):
    assert forms.in_a_sentence(label) == inside


def test_limits_are_said_in_the_words_of_the_label():
    assert errors_of(seen_alone="no", why_not="x" * 21, nights="-1") == {
        "why_not": ["Your answer must be 20 characters or fewer. It has 21"],
        "nights": ["Nights away must be 0 or more"],
    }
    assert errors_of(nights="two") == {"nights": ["Nights away must be a whole number"]}


def test_a_field_keeps_sentences_of_its_own():
    class Own(forms.Form):
        name = plain.CharField(error_messages={"required": "Say who it was"})

    assert Own({}).errors["name"] == ["Say who it was"]


def test_fields_added_later_speak_as_well():
    class Grown(forms.Form):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["reason"] = plain.CharField()

    assert Grown({}).errors["reason"] == ["Enter the reason"]


def test_an_empty_file_is_refused_in_a_sentence():
    form = Visit(sent(), {"paper": SimpleUploadedFile("record.pdf", b"")})
    assert form.errors["paper"] == ["The submitted file is empty."]


# Questions that belong to an answer


def test_a_revealed_question_is_required_only_where_it_is_asked():
    assert Visit(sent()).is_valid()
    assert errors_of(seen_alone="no") == {"why_not": ["Answer “Why not?”"]}


def test_what_was_typed_into_a_question_not_asked_is_dropped():
    form = Visit(sent(seen_alone="yes", why_not="A secret typed before"))
    assert form.is_valid()
    assert form.cleaned_data["why_not"] == ""


# Days


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("5", "3", "2026"), date(2026, 3, 5)),
        (("05", "03", "2026"), date(2026, 3, 5)),
        ((" 5 ", "March", "2026"), date(2026, 3, 5)),
        (("5", "mar", "2026"), date(2026, 3, 5)),
        (("29", "2", "2028"), date(2028, 2, 29)),
        (("1", "1", "1900"), date(1900, 1, 1)),
        (("31", "12", "2199"), date(2199, 12, 31)),
    ],
)
def test_a_day_is_read(typed, day):
    assert forms.read_day(*typed) == day


@pytest.mark.parametrize(
    ("typed", "says", "parts"),
    [
        (("", "3", "2026"), "must include a day", ("day",)),
        (("5", "", ""), "must include a month and a year", ("month", "year")),
        (("5", "3", "26"), "must have a year with 4 numbers", ("year",)),
        (("5", "3", "২০২৬"), "must have a year with 4 numbers", ("year",)),
        (("32", "3", "2026"), "must be a real date", ("day",)),
        (("5", "13", "2026"), "must be a real date", ("month",)),
        (("0", "0", "2026"), "must be a real date", ("day", "month")),
        (("x", "Smarch", "2026"), "must be a real date", ("day", "month")),
        (("29", "2", "2026"), "must be a real date", ("day", "month", "year")),
        (("5", "3", "1899"), "must be between 1900 and 2199", ("year",)),
        (("5", "3", "2200"), "must be between 1900 and 2199", ("year",)),
        (("²", "3", "2026"), "must be a real date", ("day",)),
        (("1" * 5000, "3", "2026"), "must be a real date", ("day",)),
    ],
)
def test_what_is_no_day_is_refused_at_its_box(typed, says, parts):
    with pytest.raises(forms.Unreadable, match=says) as refused:
        forms.read_day(*typed)
    assert refused.value.parts == parts


def test_a_day_that_is_not_required_may_be_left_out():
    assert Visit(sent()).is_valid()
    form = Visit(sent(moved_on_day="", moved_on_month="", moved_on_year=""))
    assert form.is_valid()
    assert form.cleaned_data["moved_on"] is None


def test_a_day_in_error_is_said_with_the_name_of_the_field():
    assert errors_of(moved_on_day="5") == {"moved_on": ["Day of the move must include a month and a year"]}


def test_what_was_typed_as_a_day_comes_back_as_it_was_typed():
    page = drawn(Visit(sent(moved_on_day="05", moved_on_month="Mar", moved_on_year="26")))
    assert [page.of("input", name=f"moved_on_{part}")[0]["value"] for part in ("day", "month", "year")] == [
        "05",
        "Mar",
        "26",
    ]


def test_a_day_on_record_stands_in_the_boxes_and_has_not_changed():
    form = Visit(
        sent(moved_on_day="5", moved_on_month="3", moved_on_year="2026"), initial={"moved_on": date(2026, 3, 5)}
    )
    assert "moved_on" not in form.changed_data
    page = drawn(Visit(initial={"moved_on": date(2026, 3, 5)}))
    assert [page.of("input", name=f"moved_on_{part}")[0]["value"] for part in ("day", "month", "year")] == [
        "5",
        "3",
        "2026",
    ]


# Moments


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("14:30", time(14, 30)),
        ("1430", time(14, 30)),
        ("930", time(9, 30)),
        ("2.30 pm", time(14, 30)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midday", time(12)),
        ("Midnight", time(0)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_of_day_is_read(text, at):
    assert forms.read_time(text) == at


@pytest.mark.parametrize(
    "text", ["", "2", "24:00", "14:60", "13pm", "0am", "noonish", "1:2", "٢pm", "14:30:00", "-1:00"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(forms.Unreadable) as refused:
        forms.read_time(text)
    assert refused.value.parts == ("time",)


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 3, 5), time(14, 3), datetime(2026, 3, 5, 14, 3, tzinfo=UTC)),
        (date(2026, 7, 1), time(0, 30), datetime(2026, 6, 30, 23, 30, tzinfo=UTC)),
        # Sunday 25 October 2026: 01:30 is shown twice; the first is in summer time
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_a_moment_is_what_a_clock_here_showed(day, at, moment):
    assert forms.local_moment(day, at) == moment


def test_an_hour_that_no_clock_showed_is_refused():
    """Sunday 29 March 2026: from 01:00 the clocks go to 02:00."""
    with pytest.raises(forms.Unreadable, match="clocks went forward"):
        forms.local_moment(date(2026, 3, 29), time(1, 30))
    assert errors_of(seen_at_day="29", seen_at_time="1:30") == {
        "seen_at": [
            "The date in “When did you see the child?” must be a real time: the clocks went forward over it that night"
        ]
    }


def test_a_moment_is_cleaned_and_shown_as_local_time():
    form = Visit(sent(seen_at_month="7"))
    assert form.is_valid()
    assert form.cleaned_data["seen_at"] == datetime(2026, 7, 5, 13, 3, tzinfo=UTC)
    page = drawn(Visit(initial={"seen_at": datetime(2026, 7, 5, 13, 3, tzinfo=UTC)}))
    assert page.of("input", name="seen_at_time")[0]["value"] == "14:03"


def test_a_moment_without_its_time_is_refused_at_the_time():
    assert errors_of(seen_at_time="") == {"seen_at": ["The date in “When did you see the child?” must include a time"]}


def test_a_day_offered_for_a_moment_leaves_the_time_open():
    page = drawn(Visit(initial={"seen_at": date(2026, 3, 5)}))
    assert page.of("input", name="seen_at_day")[0]["value"] == "5"
    assert page.of("input", name="seen_at_time")[0]["value"] == ""


# Drafts


def test_a_draft_fills_the_form_with_what_was_typed():
    form = Visit(initial={"nights": 1})
    form.take_up(QueryDict("moved_on_day=5&moved_on_month=&moved_on_year=26&where=home&who=carer&who=friend&nights=x"))
    page = drawn(form)
    assert page.of("input", name="moved_on_day")[0]["value"] == "5"
    assert page.of("input", name="moved_on_year")[0]["value"] == "26"
    assert "checked" in page.of("input", name="where", value="home")[0]
    assert all("checked" in attrs for attrs in page.of("input", name="who"))
    assert page.of("input", name="nights")[0]["value"] == "x"
    assert "Error" not in str(form)


def test_a_draft_leaves_alone_what_it_does_not_hold():
    form = Visit(initial={"nights": 1})
    form.take_up(QueryDict("where=home"))
    assert drawn(form).of("input", name="nights")[0]["value"] == "1"


class TravelForm(forms.Form):
    how = plain.ChoiceField(
        choices=(("bus", "By bus"), ("car", "By car"), ("foot", "On foot")), widget=plain.RadioSelect
    )
    fare = plain.CharField()
    reveals = {"how": {"bus": ("fare",), "car": ("fare",)}}


def test_a_question_that_two_answers_reveal_is_drawn_once_below_them_all():
    html = str(TravelForm())
    assert html.count('name="fare"') == 1
    assert html.count('data-reveals="id_fare_revealed"') == 2
    assert html.index('value="foot"') < html.index('id="id_fare_revealed"')


@pytest.mark.parametrize(("how", "is_asked"), [("bus", True), ("car", True), ("foot", False)])
def test_and_asked_with_either(how, is_asked):
    assert ("fare" in TravelForm({"how": how}).errors) is is_asked
