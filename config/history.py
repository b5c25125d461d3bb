"""Who wrote a row of the accounts, for the history that the database's triggers keep of them."""

from django.urls import reverse
from django.utils.functional import cached_property
from pghistory.middleware import HistoryMiddleware


class HistoryOfAccountsMiddleware(HistoryMiddleware):
    """Tells the database who is at work on the pages that change accounts: one's own, and the administrators'.

    It is told with every statement, so it is not told where no account changes: what happens to children is in events.
    """

    @cached_property
    def pages(self):
        """Where their addresses begin."""
        return reverse("account_login").removesuffix("login/"), reverse("people:people")

    def __call__(self, request):
        """Only there."""
        return super().__call__(request) if request.path.startswith(self.pages) else self.get_response(request)
