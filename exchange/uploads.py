"""Files on their way in: streamed to a temporary file of the web server, never held in memory, and never too many.

Files are taken where an import begins, from whoever may bring some. What is sent elsewhere, by somebody else, or beyond
the limit, is read to its end and thrown away, so that the browser gets an answer instead of a broken connection.
"""

from typing import Any, Final, NamedTuple

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import Resolver404, resolve

from exchange.limits import MEGABYTE, UPLOAD
from exchange.permissions import may_load
from visits.permissions import roles_to_visit_in
from visits.photos.forms import LARGEST_UPLOAD

AROUND_THE_FILES = MEGABYTE
"""What a form may hold besides its files."""


class Taken(NamedTuple):
    """How many bytes of files are taken at an address, and from whom."""

    most: int
    may: Any


TAKEN_AT: Final = {
    "exchange:bring": Taken(UPLOAD.most, may_load),
    "exchange:bring_visits": Taken(UPLOAD.most, may_load),
    "visits:add_photograph": Taken(LARGEST_UPLOAD, roles_to_visit_in),
}
NOWHERE: Final = Taken(0, lambda user, at: False)


class TakeFilesWhereAsked(FileUploadHandler):
    """Stands before the handlers that keep files, and lets them keep only what somebody asked for."""

    refuses = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:  # noqa: N803
        """How much will come, from whom, and to which address?"""
        taken = TAKEN_AT.get(_name_of(self.request.path), NOWHERE)
        self.request.files_are_too_large = content_length > taken.most + AROUND_THE_FILES
        user = getattr(self.request, "user", None)
        is_welcome = user is not None and user.is_authenticated and taken.may(user, self.request.at)
        self.refuses = self.request.files_are_too_large or not is_welcome

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        if self.refuses:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has it."""


def _name_of(address: str) -> str:
    try:
        return resolve(address).view_name
    except Resolver404:
        return ""
