"""What is typed about an import or an export: files and what they do not say, a decision, a child's code, a period."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst

from casework.forms import DayField, Form
from casework.models import Authority
from casework.recording import RecordingForm
from exchange.limits import FILES, UPLOAD
from exchange.models import Delivery
from exchange.ssda903.reading import said_year
from exchange.ssda903.tables import year_ended, year_of

ONS_CODE = re.compile(r"E\d{8}", re.ASCII)
FIRST_YEAR = 1992
"""The first collection year of the return."""
WHOLE = "whole"
"""The last control of the form: where it is missing, what was sent broke off."""


class ManyFilesInput(forms.FileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """All of the files."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class ManyFilesField(forms.FileField):
    """Several files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files, each with something in it or not: an empty file is the report's affair."""
        if not data and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(data or [])


class FilesForm(RecordingForm):
    """Files that are brought."""

    files = ManyFilesField(
        label="Files",
        help_text="Several CSV files of one year, or a zip with one folder for each year. At most 256 megabytes.",
        error_messages={"required": "Select the files"},
    )

    def __init__(self, *args: Any, are_too_large: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.are_too_large = are_too_large

    def clean(self) -> dict[str, Any]:
        """What was sent arrived whole, and is not too much."""
        cleaned: dict[str, Any] = super().clean()
        if self.are_too_large:
            self._say_of_files(UPLOAD.says)
        elif WHOLE not in self.data:
            self._say_of_files("The files did not arrive whole: select them again, and send them once more.")
        elif len(cleaned.get("files", ())) > FILES.most:
            self._say_of_files(FILES.says)
        return cleaned

    def _say_of_files(self, says: str) -> None:
        self.errors.pop("files", None)
        self.add_error("files", says)


class BringVisitsForm(FilesForm):
    """Files of visits, and from when on no visit is missing in them."""

    since = DayField(
        label="From which day on do the files hold every visit to the children in them?",
        required=False,
        help_text="From this day on Hearth then says which visits were late, and which were not made. "
        "Leave it empty if some may be missing from the files.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = "One or several CSV files, or a zip of them. At most 256 megabytes."

    def clean(self) -> dict[str, Any]:
        """Nobody knows of days to come."""
        cleaned = super().clean()
        self.refuse_future("since")
        return cleaned


class BringForm(FilesForm):
    """Files of a return, and what they do not say themselves."""

    year = forms.TypedChoiceField(
        label="Year",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Hearth reads the year from the episodes. Say it only where there are none, or where it was read wrongly.",
    )
    authority = forms.CharField(
        label="Your authority’s ONS code",
        help_text="E and eight digits, for instance E06000015. It is asked once: an installation holds one authority.",
        max_length=9,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        last = year_of(self.today)
        years = [(str(year), capfirst(said_year(year))) for year in range(last, FIRST_YEAR - 1, -1)]
        self.fields["year"].choices = [("", "As the files say"), *years]
        self.present = Authority.objects.first()
        if self.present:
            del self.fields["authority"]

    def clean_authority(self) -> str:
        """An authority is named by its code."""
        code = str(self.cleaned_data["authority"]).strip().upper()
        if not ONS_CODE.fullmatch(code):
            raise ValidationError("This is not the ONS code of an English authority: E and eight digits")
        return code

    @property
    def authority_code(self) -> str:
        """Whose files these are."""
        return self.present.code if self.present else self.cleaned_data["authority"]


class ExportForm(RecordingForm):
    """The visits of which days are taken along."""

    from_on = DayField(label="First day")
    to_on = DayField(label="Last day")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = year_ended(year_of(self.today) - 1) + timedelta(days=1)
        self.fields["to_on"].initial = self.today

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        cleaned = super().clean()
        from_on, to_on = cleaned.get("from_on"), cleaned.get("to_on")
        if from_on and to_on and to_on < from_on:
            self.add_error("to_on", "The last day cannot lie before the first")
        return cleaned

    @property
    def period(self) -> dict[str, date]:
        """From which day until which."""
        return {name: self.cleaned_data[name] for name in ("from_on", "to_on")}


class DecisionForm(RecordingForm):
    """What becomes of files that were looked through."""

    decision = forms.ChoiceField(
        label="What should happen with these files?", choices=Delivery.Decision.choices, widget=forms.RadioSelect
    )
    option_hints = {
        "decision": {
            "load": "Rows that are refused make no record. The report keeps what was found.",
            "nothing": "The files are deleted here at once.",
        }
    }


class ChildForm(Form):
    """Findings about one child; the code is sent, never put into an address."""

    says_optional = False
    child = forms.CharField(
        label="Child’s code", max_length=200, strip=True, help_text="Exactly as the file has it.", required=True
    )
