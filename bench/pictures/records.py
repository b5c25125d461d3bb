"""Finds what an address is about: the first record of its kind that the person sees, so that two runs show the same."""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db.models import Count

from accounts.models import Appointment, GrantRequest, ServiceArea, Team, User
from accounts.roles import Role
from approvals.models import CaseDiscussion
from bench.pictures.beforehand import HAS_MAIL
from casework.models import Errand, RuleProposal
from children import breaking_glass
from children.models import BreakGlassUse, Child
from children.restricting import waiting_for_a_name
from exchange.models import Delivery, Export
from placements.models import Home, Placement, PlacementFact, Provider
from placements.states import OUTSIDE, FactKind, RegistrationStatus, Setting
from visits.models import Visit, VisitingForm

Finds = Callable[[Any, Any], Any]


def first_of(found: Any) -> Any:
    """The first of them; a picture without its record is a fault in the table."""
    row = found.order_by("pk").first()
    if row is None:
        raise LookupError(f"No {found.model._meta.verbose_name} fits.")
    return row.pk


def _with_arrangement(user: Any, at: Any) -> Any:
    seen = CaseDiscussion.objects.visible_to(user, at=at).filter(state__in=("to_agree", "agreed", "approved"))
    return seen.filter(placement__child__restrictions=None)


def child(user: Any, at: Any) -> Any:
    """A child in an unregulated arrangement, about which somebody is to sign."""
    return _with_arrangement(user, at).order_by("pk").values_list("placement__child_id", flat=True)[0]


def settled_child(user: Any, at: Any) -> Any:
    """A child with many visits, in a foster home."""
    seen = _homes(user, at, Setting.IN_HOUSE_FOSTER).annotate(visits_made=Count("visits"))
    return seen.order_by("-visits_made", "pk").values_list("child_id", flat=True)[0]


def imported_child(user: Any, at: Any) -> Any:
    """A child who came with the return, in a home that nobody has named yet."""
    return Placement.objects.get(pk=unnamed_placement(user, at)).child_id


def _homes(user: Any, at: Any, *settings: Setting) -> Any:
    seen = Placement.objects.visible_to(user, at=at).filter(ended_at=None, struck_out=False, child__restrictions=None)
    return seen.filter(setting__in=settings) if settings else seen


def placement(*settings: Setting) -> Finds:
    """Where a child lives now, of some kind."""

    def find(user: Any, at: Any) -> Any:
        seen = _homes(user, at, *settings)
        if not settings:
            return seen.get(child_id=child(user, at)).pk
        return first_of(seen.exclude(home=None, carer=None))

    return find


def placement_outside_area(user: Any, at: Any) -> Any:
    """A home on record as outside the authority's area, about which its authority is not on record as told."""
    told = PlacementFact.objects.filter(kind=FactKind.HOST_TOLD).values("placement")
    return first_of(_homes(user, at).filter(facts__kind__in=OUTSIDE).exclude(pk__in=told))


def placement_to_discuss(user: Any, at: Any) -> Any:
    """An arrangement about which nobody has convened a discussion yet."""
    return first_of(_homes(user, at, Setting.CONNECTED_PERSON).filter(case_discussions=None, approval_recorded=False))


def case_discussion_to_arrange(user: Any, at: Any) -> Any:
    """The same, as a meeting that is to be arranged."""
    found = Placement.objects.get(pk=placement_to_discuss(user, at))
    return "case_discussion", found.child.case_file_id, found.pk


def unnamed_placement(user: Any, at: Any) -> Any:
    """A home of which nobody has said yet which it is."""
    return first_of(_homes(user, at).filter(home=None, carer=None))


def visit(user: Any, at: Any) -> Any:
    """A visit of one's own, the latest."""
    return Visit.objects.visible_to(user, at=at).filter(visitor=user).order_by("-made_at", "pk")[0].pk


def visiting_form(user: Any, at: Any) -> Any:
    """A complete form of one's own; one that found something wanting, where there is one."""
    seen = VisitingForm.objects.visible_to(user, at=at).complete().filter(author=user, visit__child_seen=True)
    return seen.order_by("-has_concerns", "-made_at", "pk")[0].pk


def form_to_begin(kind: str, find: Finds) -> Finds:
    """A kind of visiting form, and about whom or what it is begun."""
    return lambda user, at: (kind, find(user, at))


def approval(*states: str) -> Finds:
    """A case discussion at one of these states."""

    def find(user: Any, at: Any) -> Any:
        seen = CaseDiscussion.objects.visible_to(user, at=at).filter(
            state__in=states, placement__child__restrictions=None
        )
        return first_of(seen)

    return find


def approval_to_renew(user: Any, at: Any) -> Any:
    """An interim approval that was signed off and holds no longer than others."""
    seen = CaseDiscussion.objects.visible_to(user, at=at).filter(state="filed", approved_as="interim")
    return first_of(seen.filter(placement__child__restrictions=None, placement__ended_at=None))


def approval_to_agree(user: Any, at: Any) -> Any:
    """A record that waits for this person's own agreement."""
    seen = CaseDiscussion.objects.visible_to(user, at=at).filter(state="to_agree")
    return first_of(seen.exclude(versions__signatures__by=user))


def approval_typed_anew(user: Any, at: Any) -> Any:
    """A record of which there are two versions."""
    seen = CaseDiscussion.objects.visible_to(user, at=at).filter(placement__child__restrictions=None)
    return first_of(seen.filter(versions__number=2))


def approval_to_file(user: Any, at: Any) -> Any:
    """A decision about a child of one's own that waits to be filed."""
    seen = CaseDiscussion.objects.visible_to(user, at=at).filter(state="communicated")
    return first_of(seen.filter(placement__child__allocations__person=user))


def nobody(user: Any, at: Any) -> Any:
    """A child whom this person does not see."""
    return first_of(Child.objects.exclude(pk__in=Child.objects.visible_to(user, at=at)))


def restricted_child(user: Any, at: Any) -> Any:
    """A child whose record is restricted, with this person named on it."""
    return first_of(Child.objects.visible_to(user, at=at).exclude(restrictions=None))


def name_wanted(user: Any, at: Any) -> Any:
    """A restricted record on which steps wait because nobody named can take them."""
    return waiting_for_a_name(at)[0]["restriction"].key


def use_of_break_glass(user: Any, at: Any) -> Any:
    """A use of break-glass by somebody else."""
    return first_of(BreakGlassUse.objects.exclude(by=user))


def own_open_use(user: Any, at: Any) -> Any:
    """A record that this person opened by break-glass, and that is open still."""
    return first_of(breaking_glass.uses_open(at).filter(by=user))


def child_opened_by_break_glass(user: Any, at: Any) -> Any:
    """The child whose record that is."""
    return BreakGlassUse.objects.get(pk=own_open_use(user, at)).child_id


def home(user: Any, at: Any) -> Any:
    """A children's home in which children live."""
    return first_of(Home.objects.filter(notices__isnull=False))


def unregistered_home(user: Any, at: Any) -> Any:
    """A home without registration."""
    return first_of(Home.objects.filter(registrations__status=RegistrationStatus.UNREGISTERED))


def provider(user: Any, at: Any) -> Any:
    """A provider with the most homes."""
    return Provider.objects.annotate(homes_kept=Count("homes")).order_by("-homes_kept", "pk")[0].pk


# People and places


def team(user: Any, at: Any) -> Any:
    """The first team."""
    return first_of(Team.objects.filter(closed_at=None))


def own_team(user: Any, at: Any) -> Any:
    """The team in which this person is appointed."""
    return user.appointments.in_force(at).exclude(team=None)[0].team_id


def area(user: Any, at: Any) -> Any:
    """The first service area."""
    return first_of(ServiceArea.objects.filter(closed_at=None))


def closed_team(user: Any, at: Any) -> Any:
    """A team that was closed."""
    return first_of(Team.objects.exclude(closed_at=None))


def closed_area(user: Any, at: Any) -> Any:
    """A service area that was closed."""
    return first_of(ServiceArea.objects.exclude(closed_at=None))


def called(username: str) -> Finds:
    """The person with a user name."""
    return lambda user, at: User.objects.get(username=username).pk


def leaver(user: Any, at: Any) -> Any:
    """Somebody who has left."""
    return first_of(User.objects.filter(is_active=False))


def appointment(user: Any, at: Any) -> Any:
    """A social worker's appointment."""
    return first_of(Appointment.objects.in_force(at).filter(role=Role.SOCIAL_WORKER, ends_at=None))


def acting_appointment(user: Any, at: Any) -> Any:
    """An appointment with an end."""
    return first_of(Appointment.objects.in_force(at).exclude(acting_for=None))


def others_request(user: Any, at: Any) -> Any:
    """What another administrator asks for."""
    return first_of(GrantRequest.objects.waiting(at).exclude(asked_by=user))


def own_request(user: Any, at: Any) -> Any:
    """What this administrator asks for."""
    return first_of(GrantRequest.objects.waiting(at).filter(asked_by=user))


# Rules, and what came with the return


def rule(code: str) -> Finds:
    """A rule by its code."""
    return lambda user, at: code


def open_proposal(user: Any, at: Any) -> Any:
    """A value that is asked for and not decided."""
    return first_of(RuleProposal.objects.filter(answer=""))


def decided_proposal(user: Any, at: Any) -> Any:
    """A value that was decided."""
    return first_of(RuleProposal.objects.exclude(answer=""))


def delivery(number: int) -> Finds:
    """An import, by the order in which they were brought."""
    return lambda user, at: Delivery.objects.order_by("pk")[number].pk


def export(user: Any, at: Any) -> Any:
    """The latest export."""
    return first_of(Export.objects.order_by("-pk"))


def errand(user: Any, at: Any) -> Any:
    """What this person asked for and a worker has done."""
    return first_of(Errand.objects.asked_by(user).exclude(ended_at=None))


def failed_errand(user: Any, at: Any) -> Any:
    """What this person asked for and could not be done."""
    return first_of(Errand.objects.asked_by(user).exclude(failed=""))


def link_that_was_used(user: Any, at: Any) -> Any:
    """What stands in a link that does not work any more."""
    return link_to_choose_a_password(user, at)[0], "abc123-0123456789abcdef0123456789abcdef"


def link_to_choose_a_password(user: Any, at: Any) -> Any:
    """What stands in the link that somebody with a mail address gets."""
    person = User.objects.get(username=HAS_MAIL)
    return user_pk_to_url_str(person), default_token_generator.make_token(person)
