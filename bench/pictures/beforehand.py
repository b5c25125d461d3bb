"""What the gallery needs and the invented authority has not got by itself: done by its people, through the product.

Read PREPARED from top to bottom as what happened on the morning of the day on which the pictures are taken.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import GrantRequest, ServiceArea, Team, User
from accounts.roles import Role
from approvals.models import CaseDiscussion
from bench import names
from bench.generator import make_plan
from bench.pictures.meeting import a_network_meeting_was_held
from bench.pictures.visiting import much_is_asked_for_and_agreed
from bench.ssda903_files import write_years
from casework import proposals
from casework.limits import local_day
from casework.models import Errand, RuleProposal
from casework.people import acts
from casework.steps import carry_out
from children import breaking_glass, restricting
from children.models import Child
from exchange import deliveries

CHILDREN_OF_THE_RETURN = 40
SECONDS_FOR_ERRANDS = 180
HAS_MAIL, HAS_APP = "health", "supervising-social-worker"


def prepare():
    """Do all of it, and wait for what a worker does about it."""
    for step in PREPARED:
        with transaction.atomic():
            step(timezone.now())
        _until_all_is_done()


def somebody_has_a_mail_address(at):
    """Links can be sent to her."""
    told = {"kind": GrantRequest.Kind.SIGN_IN, "person": _person(HAS_MAIL), "email": f"{HAS_MAIL}@merrowshire.example"}
    acts.ask(GrantRequest(**told, because="She had none."), by=_person("administrator"), at=at)


def somebody_has_an_authenticator_app(at):
    """Who may lose it."""
    TOTP.activate(_person(HAS_APP), generate_totp_secret())


def a_value_is_asked_for(at):
    """An administrator asks for a value of the authority's own."""
    _propose("D-02", 48, "hours", at, "The record is clearest on the day after the discussion.")


def it_is_decided(at):
    """The director decides it, once it is worked out whom it concerns."""
    proposal = RuleProposal.objects.get(code="D-02")
    told = {"takes_running_along": False, "because": "Agreed with the team managers."}
    proposals.decide(proposal, by=_person("service-director"), at=at, **told)


def another_value_is_asked_for(at):
    """Which nobody has decided yet."""
    _propose("D-03", 3, "working_days", at, "Five working days are too long for a child who sleeps there tonight.")


def appointments_are_asked_for(at):
    """Each administrator asks for what needs the other."""
    for asker, person, role, area in (
        ("administrator", "service-manager", Role.HOS, "Merrow Vale"),
        ("administrator-2", "iro", Role.ASSISTANT_DIRECTOR, ""),
    ):
        wanted = GrantRequest(
            kind=GrantRequest.Kind.APPOINTMENT,
            person=_person(person),
            role=role,
            area=ServiceArea.objects.filter(name=area).first(),
            starts_at=at + timedelta(days=7),
            because="The post was advertised and filled; the letter of appointment is with personnel.",
        )
        acts.ask(wanted, by=_person(asker), at=at)


def places_are_closed(at):
    """A team and an area that are no more."""
    by = {"by": _person("administrator"), "at": at, "because": "The service was reorganised."}
    area = ServiceArea(name="Merrow Islands")
    acts.keep_place(area, **by)
    team = Team(name="Lighthouse", area=area)
    acts.keep_place(team, **by)
    for place in (team, area):
        acts.close(place, closed_at=at, **by)


def a_record_is_restricted(at):
    """So few are named that a step waits for somebody who may see it."""
    discussion = CaseDiscussion.objects.filter(state="approved", placement__child__restrictions=None).order_by("-pk")[0]
    child, hos = discussion.placement.child, _hos_of(discussion)
    restricting.restrict(
        child,
        [hos],
        why="relative_of_staff",
        because="The grandmother works in the Larkfield office.",
        by=hos,
        at=at,
    )


def _hos_of(discussion):
    return discussion.version.signatures.get(role=Role.HOS).by


def a_record_is_typed_anew(at):
    """What the Head of Service sent back: more alternatives, another risk, another day; what was agreed is void."""
    discussion = CaseDiscussion.objects.filter(state="sent_back", placement__child__restrictions=None).order_by("pk")[0]
    content = dict(discussion.version.content)
    more = {"who": "The paternal grandparents", "asked_on": at.date().isoformat()}
    more |= {"answer": "They are both in poor health.", "why_not": "They could not care for a child of this age."}
    content["alternatives"] = [*content["alternatives"], more]
    content["risks"] = content["risks"].replace("small dog", "small dog and a cat")
    first, *others = content["actions"]
    content["actions"] = [first | {"due_on": (at + timedelta(days=21)).date().isoformat()}, *others]
    digest = discussion.version.digest
    carry_out(discussion.record, by=discussion.dhos, at=at, content=content, digest=digest)


def glass_is_broken(at):
    """The personal adviser is on call, and opens a record of another area."""
    adviser = _person("personal-adviser")
    seen = Child.objects.visible_to(adviser, at=at)
    child = Child.objects.filter(restrictions=None).exclude(pk__in=seen).order_by("pk")[0]
    because = "The police have found the child at the station and ask who may take the child home."
    breaking_glass.open_record(child, hours=4, why="out_of_hours", because=because, by=adviser, at=at)


def files_are_brought(at):
    """A year of the return with mistakes in it, a file that is no return, and a zip that did not arrive whole."""
    by = {"by": _person("performance"), "at": at, "authority_code": names.AUTHORITY_CODE}
    deliveries.bring(year_of_the_return(at), **by)
    deliveries.bring([SimpleUploadedFile("minutes.csv", b"\x00\x01 these are the minutes of a meeting")], **by)
    deliveries.bring([SimpleUploadedFile("return.zip", b"PK\x03\x04 and then the line was cut")], **by)


def year_of_the_return(at):
    """The files of one year, with mistakes as real files have them."""
    plan = make_plan(at, seed=7, children=CHILDREN_OF_THE_RETURN)
    year = local_day(at).year - 1
    with tempfile.TemporaryDirectory() as folder:
        for _ in write_years(Path(folder), plan, [year]):
            pass
        return [_with_mistakes(file) for file in sorted(Path(folder).rglob("*.csv"))]


def _with_mistakes(file):
    lines = file.read_text().splitlines()
    for number, line in enumerate(lines[1:], start=1):
        cells = line.split(",")
        if number % 9 == 0:
            cells[1] = "31/02/2012" if "header" in file.name.lower() else cells[1]
        if number % 14 == 0:
            cells[-1] = "?"
        if number % 23 == 0:
            cells[0] = ""
        lines[number] = ",".join(cells)
    return SimpleUploadedFile(file.name, "\n".join(lines).encode())


PREPARED = (
    somebody_has_a_mail_address,
    somebody_has_an_authenticator_app,
    a_value_is_asked_for,
    it_is_decided,
    another_value_is_asked_for,
    appointments_are_asked_for,
    places_are_closed,
    a_record_is_restricted,
    a_record_is_typed_anew,
    glass_is_broken,
    files_are_brought,
    a_network_meeting_was_held,
    much_is_asked_for_and_agreed,
)


def _propose(code, count, unit, at, because):
    proposals.propose(
        RuleProposal(
            code=code,
            count=count,
            unit=unit,
            since=local_day(at) + timedelta(days=1),
            asked_by=_person("administrator"),
            asked_at=at,
            decider=_person("service-director"),
            because=because,
        )
    )


def _person(username):
    return User.objects.get(username=username)


def _until_all_is_done():
    give_up_at = time.monotonic() + SECONDS_FOR_ERRANDS
    while Errand.objects.not_ended().exists():
        if time.monotonic() > give_up_at:
            raise TimeoutError("The worker has not done what was asked for.")
        time.sleep(0.5)
