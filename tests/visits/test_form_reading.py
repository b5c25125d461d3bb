"""Who reads what of a form, on the page and on paper; what does not fit together stands first. Roles, last table; S3 L106."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.roles import Role
from casework.digests import look_up
from children import access
from tests.approvals.steps import text_of
from tests.documents import empty_elements, fetched, structure
from tests.factories import NOW, a, days_before, in_childrens_home, restricted_to
from tests.visits.filling import ACTION, THEME, begun_on_a_visit, completed, looked_at
from visits.models import HealthAsked, VisitingForm
from visits.states import FormKind, FormState
from visits.visiting_forms.purposeful import SECTIONS

pytestmark = pytest.mark.django_db
SECRET = "Only the worker heard this."
MISMATCH = {
    "theme": "Food",
    "child": "We never eat together.",
    "logs": "Family meal every night.",
    "staff": "We all sit down at six.",
    "fits": "no",
    "what_not": "The log says every night, the child says never.",
}


@pytest.fixture
def home(world):
    return in_childrens_home(world.own_child)


@pytest.fixture
def form(home):
    rows = [{**THEME, "theme": "School", "what_not": ""}, MISMATCH]
    part = next(part for section in SECTIONS for part in section.parts if part.name == "home_records")
    records = looked_at(part, insurance={"stands": "outdated", "dated": "2025-12-31"})
    form = begun_on_a_visit(home)
    return completed(form, said=rows, home_records=records, child_wishes=SECRET)


def page_of(form):
    return reverse("visits:form", args=[form.pk])


def paper_of(form):
    return reverse("visits:form_document", args=[form.pk])


def test_what_does_not_fit_together_stands_first_and_plainly(world, form, signed_in):
    text = text_of(signed_in(world.iro).get(page_of(form)))
    assert text.index("Does not fit together Food") < text.index("Purpose of the visit")
    assert "The log says every night, the child says never." in text
    assert "Insurance: Seen, out of date." in text
    assert [row["theme"] for row in signed_in(world.iro).get(page_of(form)).context["mismatches"]] == ["Food"]


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO, Role.SERVICE_MANAGER, Role.DHOS])
def test_whoever_reads_what_workers_wrote_reads_the_form(world, form, signed_in, role):
    assert SECRET in text_of(signed_in(world.person(role)).get(page_of(form)))


@pytest.mark.parametrize("role", [Role.PLACEMENT_SERVICE, Role.COMMISSIONING])
@pytest.mark.parametrize("page", ["form", "compare_form"])
def test_others_see_that_there_is_one_and_nothing_of_what_it_says(world, form, signed_in, role, page):
    completed(VisitingForm.objects.get(), bedroom="Cold.", said=[MISMATCH], child_wishes=f"{SECRET} Again.")
    answer = signed_in(world.person(role)).get(reverse(f"visits:{page}", args=[form.pk]))
    text = text_of(answer)
    assert answer.status_code == 200
    for said in (SECRET, "Cold.", "We never eat together.", "Insurance: Seen", "Mend the window."):
        assert said not in text


def test_nobody_else_finds_it(world, form, signed_in):
    for person in (world.second_teams_worker, world.elsewhere(Role.DHOS), world.administrator):
        assert signed_in(person).get(page_of(form)).status_code == 404
        assert signed_in(person).get(paper_of(form)).status_code == 404


def test_once_the_record_is_restricted_only_those_named_read_it(world, form, signed_in):
    restricted_to(world.own_child, world.colleague, since=days_before(1), by=world.service_manager)
    assert signed_in(world.social_worker).get(page_of(form)).status_code == 404
    assert signed_in(world.colleague).get(page_of(form)).status_code == 200


def test_the_page_has_no_button_without_words(world, form, signed_in):
    completed(VisitingForm.objects.get(), actions=[ACTION])
    page = signed_in(world.social_worker).get(page_of(form)).content.decode()
    assert "Mend the window." in page
    assert not re.findall(r'class="govuk-button[^>]*>\s*</a>', page)


def test_what_hearth_knew_is_sealed_with_it(world, form):
    known = {row["name"]: row["says"] for row in form.version.content["known"]}
    assert known["seen"] == "Seen alone"
    assert known["registration"].startswith("Registered, since")
    assert form.version.is_intact


def test_commissioning_reads_its_own_forms_a_colleagues_too(world, home, signed_in):
    form = VisitingForm.objects.create(
        kind=FormKind.COMMISSIONING,
        child=world.own_child,
        placement=home,
        author=world.commissioning,
        role=Role.COMMISSIONING,
        made_at=NOW - timedelta(hours=1),
        begun_at=NOW,
    )
    completed(form, purpose=SECRET)
    for reader in (world.commissioning, a(Role.COMMISSIONING), world.social_worker):
        assert SECRET in text_of(signed_in(reader).get(page_of(form)))
    assert SECRET not in text_of(signed_in(world.placement_service).get(page_of(form)))


@pytest.fixture
def tool(world, home):
    """A placement assurance tool that a health professional, who was invited, has completed."""
    access.invite(world.health, world.own_child, at=days_before(5), until=None, because="Asked for the tool")
    asked = HealthAsked.objects.create(
        placement=home, professional=world.health, recorded_by=world.iro, recorded_at=days_before(5)
    )
    form = VisitingForm.objects.create(
        kind=FormKind.HEALTH,
        child=world.own_child,
        placement=home,
        author=world.health,
        role=Role.HEALTH,
        made_at=NOW - timedelta(hours=1),
        begun_at=NOW,
    )
    return completed(form, how_child_is=SECRET), asked


def test_the_placement_assurance_tool_is_its_authors_alone_until_it_is_shared(world, tool, signed_in):
    form, asked = tool
    assert SECRET in text_of(signed_in(world.health).get(page_of(form)))
    text = text_of(signed_in(world.social_worker).get(page_of(form)))
    assert SECRET not in text
    assert "Withheld: whoever wrote this has not shared it." in text
    asked.shared_at = NOW
    asked.save()
    assert SECRET in text_of(signed_in(world.social_worker).get(page_of(form)))
    assert SECRET not in text_of(signed_in(world.placement_service).get(page_of(form)))


def test_a_health_professional_reads_no_form_of_anybody_else(world, tool, form, signed_in):
    text = text_of(signed_in(world.health).get(page_of(form)))
    assert SECRET not in text
    assert form.placement.home.name not in text


def test_on_paper_it_is_one_tagged_document_with_what_stands_out_first(world, form, signed_in):
    answer = fetched(signed_in(world.social_worker), paper_of(form))
    pdf = PdfReader(io.BytesIO(answer.content))
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert empty_elements(catalogue["/StructTreeRoot"]) == []
    found = structure(catalogue["/StructTreeRoot"], [])
    assert found.count("/H1") == 1
    assert found.count("/TH") > found.count("/Table") > 3
    text = "".join(page.extract_text() for page in pdf.pages)
    assert text.index("What stands out") < text.index("Purpose of the visit")
    assert f"visiting-form-{form.pk}.pdf" in answer["Content-Disposition"]
    assert form.child.name not in answer["Content-Disposition"]


def test_what_is_withheld_is_not_on_paper_either(world, form, signed_in):
    answer = fetched(signed_in(world.placement_service), paper_of(form))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Withheld" in text
    for said in (SECRET, "We never eat together.", "Insurance"):
        assert said not in text


def test_an_earlier_version_on_paper_says_what_took_its_place(world, form, signed_in):
    completed(VisitingForm.objects.get(), bedroom="Cold.")
    answer = fetched(signed_in(world.social_worker), f"{paper_of(form)}?version=1")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Version 2 took its place" in text
    assert "Cold." not in text


def test_its_digest_is_found_by_whoever_may_see_it_and_nobody_else(world, form):
    digest = form.version.digest
    told = look_up(digest, world.social_worker, NOW)
    assert (told.about, told.mark, told.stands) == (form.child.name, None, "Complete")
    assert look_up(digest, world.second_teams_worker, NOW) is None
    completed(VisitingForm.objects.get(), bedroom="Cold.")
    assert look_up(digest, world.social_worker, NOW).mark.word == "Void"


def test_a_form_that_was_begun_says_nothing_to_others_yet(world, home, signed_in):
    form = begun_on_a_visit(home)
    answer = signed_in(world.iro).get(page_of(form))
    assert form.state == FormState.BEGUN
    assert "It is not complete yet" in text_of(answer)
    assert signed_in(world.iro).get(paper_of(form)).status_code == 404


def test_the_list_of_a_childs_forms_asks_the_same_however_many_there_are(world, form, home, signed_in, asked):
    client = signed_in(world.social_worker)
    url = reverse("visits:forms_of_child", args=[world.own_child.pk])
    client.get(url)
    with asked() as one:
        client.get(url)
    for number in range(3):
        completed(begun_on_a_visit(home, on=days_before(10 + number)))
    with asked() as four:
        assert text_of(client.get(url)).count("Purposeful visiting form") == 4
    assert len(four) == len(one)
