"""Search: by any part of any name, present or former, or by a number; among the children whom one may see.

Experience: one search box; quality: restricted children are invisible; nothing personal in addresses or logs.
"""

import re

import pytest

from casework.models import Reading
from children.models import ChildName
from tests.factories import restricted_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def found(client, words):
    page = client.post("/search/", {"q": words})
    assert page.status_code == 200
    return [row["name"] for row in page.context["rows"]]


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


@pytest.mark.parametrize(
    ("on_record", "words"),
    [
        ("Siobhán O’Neil", "siobhan oneil"),
        ("Siobhán O’Neil", "O'NEIL"),
        ("Siobhán O'Neil", "o neil"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Lukasz Zolc", "Łukasz Żółć"),
        ("İpek Yıldız", "ipek yildiz"),
        ("Ipek Yildiz", "YILDIZ İPEK"),
        ("Zoë St. John-Smythe", "zoe st john smythe"),
        ("Zoe St John Smythe", "Zoë St.John-Smythe"),
        ("Jose\u0301 Gro\u00df", "josé gross"),
        ("Anne-Marie Annlee", "marie anne"),
    ],
)
def test_accents_apostrophes_and_hyphens_make_no_difference(world, signed_in, on_record, words):
    forename, _, surname = on_record.partition(" ")
    child = world.a_child(worker=world.social_worker, forename=forename, surname=surname)
    assert found(signed_in(world.social_worker), words) == [child.name]


@pytest.mark.parametrize("words", ["Oneal Okafor", "Amara Macdonald", "oneil okafor", "Amara Okaf0r", "Okafir"])
def test_what_sounds_like_a_name_is_found_or_nothing_is(world, signed_in, amara, words):
    likely = [amara.name] if words in ("Oneal Okafor", "oneil okafor", "Amara Okaf0r", "Okafir") else []
    assert found(signed_in(world.social_worker), words) == likely


def test_the_likest_name_stands_first(world, signed_in):
    for surname in ("Hartnell", "Hartley", "Hardley"):
        world.a_child(worker=world.social_worker, forename="Jo", surname=surname)
    assert found(signed_in(world.social_worker), "Hartly")[0] == "Jo Hartley"


def test_a_name_that_came_in_by_whatever_way_is_found(world, signed_in, amara):
    """The database itself keeps what search looks through."""
    ChildName.objects.bulk_create([ChildName(child=amara, kind=ChildName.Kind.FORMER, name="Lindqvist")])
    ChildName.objects.filter(name="Lindqvist").update(name="Bergström")
    client = signed_in(world.social_worker)
    assert found(client, "bergstrom") == [amara.name]
    assert found(client, "lindqvist") == []


def test_it_is_said_by_what_a_child_was_found(world, signed_in, amara):
    ChildName.objects.create(child=amara, kind=ChildName.Kind.FORMER, name="Amara Lindqvist")
    ChildName.objects.create(child=amara, kind=ChildName.Kind.KNOWN_AS, name="Mimi")
    client = signed_in(world.social_worker)
    for words, said in (
        ("amara okafor", "Name"),
        ("lindqvist", "Former name: Amara Lindqvist"),
        ("mimi", "Known as: Mimi"),
        (amara.reference, "Number"),
        (f"okafor {amara.reference}", "Number"),
    ):
        page = client.post("/search/", {"q": words})
        assert [row["found_by"] for row in page.context["rows"]] == [said], words
        assert ("Found by" in page.text) == (said != "Name"), words


def test_of_a_misspelt_name_only_the_name_that_is_like_it_is_said(world, signed_in, amara):
    ChildName.objects.create(child=amara, kind=ChildName.Kind.FORMER, name="Amara Lindqvist")
    ChildName.objects.create(child=amara, kind=ChildName.Kind.KNOWN_AS, name="Mimi")
    client = signed_in(world.social_worker)
    for words, said in (("Amara Okafro", "Name"), ("Lindquist", "Former name: Amara Lindqvist")):
        page = client.post("/search/", {"q": words})
        assert [row["found_by"] for row in page.context["rows"]] == [said], words


def test_a_search_for_nothing_says_what_to_type(world, signed_in):
    page = signed_in(world.social_worker).post("/search/", {"q": " "})
    assert "Enter a part of a name, or a number" in page.text
    assert "Nobody found" not in page.text


def test_a_part_of_a_number_finds_nobody(world, signed_in, amara):
    assert found(signed_in(world.social_worker), amara.reference[:-1]) == []


def test_nothing_personal_stands_in_an_address(world, signed_in, amara):
    client = signed_in(world.social_worker)
    page = client.post("/search/", {"q": "amara okafor"})
    addresses = re.findall(r'(?:href|action)="([^"]*)"', page.text)
    assert f"/children/{amara.pk}/" in addresses
    assert not [address for address in addresses if re.search("amara|okafor|neil|q=", address, re.IGNORECASE)]
    assert client.get("/search/?q=amara").context["rows"] == []


def test_back_and_further_pages_need_no_name_in_the_address(world, signed_in):
    for number in range(30):
        world.a_child(worker=world.social_worker, forename=f"No{number:02d}", surname="Many")
    client = signed_in(world.social_worker)
    first = client.post("/search/", {"q": "many"})
    assert len(first.context["rows"]) == 25
    assert "Showing 1 to 25 of 30" in first.text
    again = client.get(first.context["address"])
    assert again.context["rows"] == first.context["rows"]
    assert 'value="many"' in again.text
    second = client.get(first.context["next"])
    assert [row["name"] for row in second.context["rows"]] == [f"No{number} Many" for number in range(25, 30)]
    assert "Showing 26 to 30 of 30" in second.text
    assert second.context["next"] == ""
    assert second.context["previous"] == first.context["address"]
    assert "many" not in first.context["address"].lower()


def test_a_search_is_found_again_by_nobody_else(world, signed_in, amara):
    address = signed_in(world.social_worker).post("/search/", {"q": "amara"}).context["address"]
    stranger = signed_in(world.team_manager).get(address)
    assert stranger.status_code == 200
    assert stranger.context["rows"] == []
    assert "amara" not in stranger.text.lower()


def test_a_child_restricted_meanwhile_is_not_found_again(world, signed_in, amara):
    client = signed_in(world.social_worker)
    address = client.post("/search/", {"q": "amara"}).context["address"]
    restricted_to(amara, world.dhos, by=world.service_manager)
    assert client.get(address).context["rows"] == []


@pytest.mark.parametrize("asked", ["page=0", "page=-1", "page=x", "page=99999999999999999999", "page=³", "page=7"])
def test_a_page_that_is_none_breaks_nothing(world, signed_in, amara, asked):
    client = signed_in(world.social_worker)
    address = client.post("/search/", {"q": "amara"}).context["address"]
    assert client.get(f"{address.partition('&')[0]}&{asked}").status_code == 200


def test_what_was_typed_stays_in_the_box_and_the_way_to_break_glass_is_shown(world, signed_in):
    page = signed_in(world.social_worker).post("/search/", {"q": "Nobody Atall"})
    assert 'value="Nobody Atall"' in page.text
    assert "/break-glass/" in page.text
    assert "/break-glass/" not in signed_in(world.performance).post("/search/", {"q": "Nobody"}).text


def test_every_word_counts(world, signed_in, amara):
    assert found(signed_in(world.social_worker), "Amara Testchild") == []


def test_a_misspelt_name_finds_names_like_it_and_says_so(world, signed_in, amara):
    page = signed_in(world.social_worker).post("/search/", {"q": "Amarra Okaffor"})
    assert [row["name"] for row in page.context["rows"]] == [amara.name]
    assert "a name like it" in page.text


def test_children_out_of_sight_are_not_found_and_not_counted(world, signed_in, amara):
    page = signed_in(world.social_worker).post("/search/", {"q": "testchild"})
    names = [row["name"] for row in page.context["rows"]]
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
    assert len(many) == len(one) <= 12
