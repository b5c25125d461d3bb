"""What a picture is, and the pages of which none is taken. The pictures themselves stand in `tables`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

PHONE, DESK = 360, 1280
"""How wide the window is."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: what there is to see, who looks, at which address, and what was done first."""

    title: str
    sees: str
    who: str
    """The user name, which is the role; empty for a visitor who has not signed in."""
    page: str
    """The name of the address."""
    of: Callable[[Any, Any], Any] | None = None
    """`of(user, at)` finds the record in the address."""
    step: str = ""
    """What follows the record in the address."""
    query: str = ""
    first: Callable[[Any], None] | None = None
    """What is done on the page before the picture is taken."""
    answers: int = 200
    """What the last page that was opened answers."""
    prints: bool = False
    """Is the printed page in the gallery too?"""
    is_pdf: bool = False
    """Is the address a PDF? Then its pages are the picture."""
    only: int = 0
    """The one width that is hung of a short form; it is looked at in both."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What its files end in."""
        if self.is_pdf:
            return ("pages",)
        widths = (self.only,) if self.only else (PHONE, DESK)
        return (*map(str, widths), *(("print",) if self.prints else ()))

    @property
    def slug(self) -> str:
        """Its name as a file."""
        return slugify(self.title)


@dataclass(frozen=True, slots=True)
class Group:
    """The pictures of those who do the same work."""

    title: str
    says: str
    pictures: tuple[Picture, ...]
    comes_last: bool = False
    """Does it change so much that it is taken after all others?"""


LEFT_OUT = {
    # The name of an address, and why there is no picture of it
    "healthy": "answers a supervisor, not a person",
    "health": "answers a supervisor, not a person",
    "casework:session": "answers the page's own script, without words",
    "casework:save_draft": "takes what is being typed; it is never opened",
    "casework:discard_draft": "takes a button; it is never opened",
    "casework:colours": "is the authority's colours, a style sheet",
    "meetings:calendar": "is an entry for a calendar",
    "casework:duty": "leads on to the page where the duty is met",
    "children:restricted_record": "leads on from a mail to the restricted record",
    "children:break_glass_use": "leads on from a mail to what has happened",
    "visits:begin_from_visit": "is a button between a visit and its form",
    "visits:form_document": "is the form on paper, which the picture of the form shows",
    "visits:photograph": "is a photograph",
    "visits:feed": "is a calendar, for another program",
    "visits:worker": "is a script",
    "visits:taken_along": "answers the page's own script, without words",
    "exchange:findings_csv": "is a file for a spreadsheet",
    "exchange:connected_csv": "is a file for a spreadsheet",
    "exchange:connected_figures_csv": "is a file for a spreadsheet",
    "exchange:visit_list_csv": "is a file for a spreadsheet",
    "exchange:visit_figures_csv": "is a file for a spreadsheet",
    "exchange:findings_workbook": "is a workbook",
    "exchange:export_file": "is a file for another system",
    "mfa_download_recovery_codes": "is a text file",
    "mfa_login_webauthn": "answers the browser's own dialog for security keys",
    "mfa_reauthenticate_webauthn": "opens the browser's own dialog for security keys",
    "mfa_edit_webauthn": "needs a security key that is plugged in",
    "mfa_remove_webauthn": "needs a security key that is plugged in",
    "account_signup": "is closed: it leads to the sign-in",
    "account_set_password": "leads to the change of the password: everybody here has one",
    "account_confirm_login_code": "is not used: it leads to the sign-in",
    "account_email_verification_sent": "is not used: administrators keep addresses",
    "account_confirm_email": "is not used: administrators keep addresses",
    "socialaccount_login_cancelled": "belongs to an installation with a directory",
    "socialaccount_login_error": "belongs to an installation with a directory",
    "socialaccount_signup": "belongs to an installation with a directory",
    "socialaccount_connections": "belongs to an installation with a directory",
    "openid_connect_login": "leads to the authority's directory",
    "openid_connect_callback": "leads back from the authority's directory",
}
"""Pages without a picture, each with its reason."""
