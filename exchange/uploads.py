"""Files on their way in: streamed to a temporary file of the web server, never held in memory, and never too many.

Files are taken at one address only, from whoever may bring some. What is sent elsewhere, by somebody else, or beyond the
limit, is read to its end and thrown away, so that the browser gets an answer instead of a broken connection.
"""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import reverse

from exchange.limits import MEGABYTE, UPLOAD
from exchange.permissions import may_load

AROUND_THE_FILES = MEGABYTE
"""What a form may hold besides its files."""


class TakeFilesWhereAsked(FileUploadHandler):
    """Stands before the handlers that keep files, and lets them keep only what somebody asked for."""

    refuses = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:  # noqa: N803
        """How much will come, from whom, and to which address?"""
        is_too_large = content_length > UPLOAD.most + AROUND_THE_FILES
        self.request.files_are_too_large = is_too_large
        user = getattr(self.request, "user", None)
        is_welcome = user is not None and user.is_authenticated and may_load(user, self.request.at)
        self.refuses = is_too_large or not is_welcome or self.request.path != reverse("exchange:bring")

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
