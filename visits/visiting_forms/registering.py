"""What forms tell the rest of Hearth when it is loaded: where they are begun and read, their words, and their digests."""

from casework import panels, timeline
from casework.digests import Sealed, register as register_digest


def register() -> None:
    """Called when the app is loaded."""
    from visits.models import FormVersion
    from visits.visiting_forms.documents import tell_of_form
    from visits.visiting_forms.panels import before_a_move, forms_of_placement, forms_of_visit, next_after_visit

    panels.add("visit.next", next_after_visit, order=5)
    panels.add("child.changes", before_a_move, order=40)
    panels.register("visit", "Forms of this visit", "visits/forms/of_visit.html", forms_of_visit, order=5)
    panels.register("placement", "Visiting forms", "visits/forms/panel.html", forms_of_placement, order=22)
    register_digest(Sealed(FormVersion, "form__child__case_file", tell_of_form))
    timeline.tell(
        "visits",
        begin_form="A visiting form was begun",
        complete="A visiting form was completed",
        withdraw="A visiting form was begun by mistake",
    )
