"""What is asked of a photograph: the file, and in words what it shows."""

from typing import Any, Final

from django import forms

from casework.forms import Line
from casework.recording import RecordingForm
from visits.models import RoomPhoto
from visits.photos.images import Kept, NotAPhotograph, kept

MEGABYTE: Final = 1024 * 1024
LARGEST_UPLOAD: Final = 10 * MEGABYTE
TOO_LARGE: Final = (
    "The file has more than 10 megabytes. Take the photograph again with the usual setting of the camera."
)
DID_NOT_ARRIVE: Final = "The photograph did not arrive. Select it again."
ASKED_FOR: Final = "image/jpeg,image/png,image/webp"
"""A phone that keeps its photographs in another format turns them into one of these as it sends them."""


class PhotographForm(RecordingForm):
    """One photograph of the room or of the home."""

    file = forms.FileField(
        label="Photograph",
        help_text="Take one with the phone’s camera or choose one. Place and time that the camera wrote into it are removed.",
        widget=forms.FileInput(attrs={"accept": ASKED_FOR}),
        error_messages={"required": "Select a photograph", "empty": DID_NOT_ARRIVE},
    )
    says = Line(
        label="What does it show?",
        help_text="For whoever cannot see it: “The bed under the window, with her own blanket”. No names of other children.",
        max_length=200,
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large

    def clean(self) -> dict[str, Any]:
        """The file is a photograph that can be kept."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_too_large:
            self.errors.pop("file", None)
            self.add_error("file", TOO_LARGE)
        return cleaned

    def clean_file(self) -> Kept:
        """The photograph as it is kept."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(TOO_LARGE)
        try:
            return kept(file)
        except NotAPhotograph as refused:
            raise forms.ValidationError(str(refused)) from None

    def photograph(self) -> RoomPhoto:
        """The photograph of the visit."""
        picture = self.cleaned_data["file"]
        return RoomPhoto(
            visit=self.about,
            says=self.cleaned_data["says"],
            image=picture.image,
            width=picture.width,
            height=picture.height,
            added_by=self.by,
            added_at=self.at,
        )
