"""Search: by any part of any name, present or former, or by a number; among the children whom one may see.

Experience: one search box; quality: restricted children are invisible; nothing personal in addresses or logs.
"""

import pytest

from casework.models import Reading
from children.models import ChildName
from tests.factories import restricted_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def found(client, words):
    page = client.post("/search/", {"q": words})
    assert page.status_code == 200
    return [row[0]["says"] for row in page.context["rows"]]


@pytest.fixture
def amara(world):
    return world.a_child(worker=world.social_worker, forename="Amara", surname="O’Neill-Okafor")


@pytest.mark.parametrize("words", ["amara", "MAR", "okaf", "Amara Okafor", "okafor amara", "  o’neill  "])
def test_any_part_of_a_name_finds_the_child(world, signed_in, amara, words):
    assert found(signed_in(world.social_worker), words) == [amara.name]


@pytest.mark.parametrize("words", ["am", "o", "ok", "ma", "’n", "l-"])
def test_one_or_two_letters_are_part_enough(world, signed_in, amara, words):
    assert amara.name in found(signed_in(world.social_worker), words)


def test_names_that_begin_with_what_was_typed_stand_first(world, signed_in):
    for forename, surname in (("Hannah", "Abbott"), ("Zoe", "Ann-Lee"), ("Ann", "York")):
        world.a_child(worker=world.social_worker, forename=forename, surname=surname)
    assert found(signed_in(world.social_worker), "ann") == ["Zoe Ann-Lee", "Ann York", "Hannah Abbott"]


def test_a_former_name_finds_the_child_and_is_said(world, signed_in, amara):
    ChildName.objects.create(child=amara, kind=ChildName.Kind.FORMER, name="Amara Lindqvist")
    client = signed_in(world.social_worker)
    assert found(client, "lindq") == [amara.name]
    assert "Former name: Amara Lindqvist" in client.post("/search/", {"q": "lindq"}).text


def test_numbers_find_the_child(world, signed_in, amara):
    amara.upn = "A123456789012"
    amara.save()
    client = signed_in(world.social_worker)
    assert found(client, amara.reference.lower()) == [amara.name]
    assert found(client, "a123456789012") == [amara.name]


def test_every_word_counts(world, signed_in, amara):
    assert found(signed_in(world.social_worker), "Amara Testchild") == []


def test_a_misspelt_name_finds_names_like_it_and_says_so(world, signed_in, amara):
    page = signed_in(world.social_worker).post("/search/", {"q": "Amarra Okaffor"})
    assert [row[0]["says"] for row in page.context["rows"]] == [amara.name]
    assert "a name like it" in page.text


def test_children_out_of_sight_are_not_found_and_not_counted(world, signed_in, amara):
    page = signed_in(world.social_worker).post("/search/", {"q": "testchild"})
    names = [row[0]["says"] for row in page.context["rows"]]
    assert sorted(names) == sorted([world.own_child.name, world.teams_child.name])
    assert "2 children found" in page.text


def test_a_restricted_child_cannot_be_found(world, signed_in, amara):
    restricted_to(amara, world.dhos, by=world.service_manager)
    assert found(signed_in(world.social_worker), "amara") == []
    assert found(signed_in(world.dcs), "amara") == []
    assert found(signed_in(world.dhos), "amara") == [amara.name]


def test_finding_nobody_is_said_with_what_to_try(world, signed_in):
    page = signed_in(world.social_worker).post("/search/", {"q": "zzyzx"})
    assert "Nobody found" in page.text
    assert not Reading.objects.exists()


def test_too_long_a_search_says_so_and_not_that_nobody_was_found(world, signed_in):
    page = signed_in(world.social_worker).post("/search/", {"q": "x" * 101})
    assert "must be 100 characters or fewer" in page.text
    assert "Nobody found" not in page.text


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "\\", "'; drop table", "x" * 5000, "a " * 50, "\x00"])
def test_nothing_that_is_typed_breaks_the_page(world, signed_in, words):
    assert signed_in(world.social_worker).post("/search/", {"q": words}).status_code == 200
    assert signed_in(world.social_worker).get("/search/").status_code == 200


def test_the_read_log_names_those_shown(world, signed_in, amara):
    found(signed_in(world.social_worker), "amara")
    assert Reading.objects.get().case_files == [amara.case_file_id]


def test_a_search_asks_the_same_of_the_database_for_one_and_for_many(world, signed_in, asked, amara):
    client = signed_in(world.social_worker)
    with asked() as one:
        found(client, "amara")
    for _ in range(20):
        world.a_child(worker=world.social_worker, surname="Many")
    with asked() as many:
        assert len(found(client, "many")) == 20
    assert len(many) == len(one) <= 9
