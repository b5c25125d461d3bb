"""Files are brought on a page, looked through first, and nothing is loaded until somebody says so."""

import uuid

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadhandler import SkipFile
from django.urls import reverse

from accounts.roles import Role
from casework.models import Authority, Errand, Event
from children.models import Child
from exchange.limits import PART, UPLOAD
from exchange.models import DeliveredFile, Delivery, FilePart, ImportRun, SourceFile
from exchange.unpacking import Brought
from exchange.uploads import TakeFilesWhereAsked
from tests.exchange.bringing import AUTHORITY, BRING, brought, contents, found, send, small_return, work, zipped
from tests.exchange.files_and_rows import a_file, episode, header
from tests.factories import NOW, a

pytestmark = pytest.mark.django_db


def page_of(delivery, client):
    return client.get(delivery.get_absolute_url()).content.decode()


def test_looking_through_files_says_everything_and_writes_no_record(client, jess, tmp_path):
    answer = send(client, *small_return(tmp_path / "2017"), authority=AUTHORITY)
    errand = Errand.objects.get()
    assert answer["Location"] == errand.get_absolute_url()
    assert "Being looked through" in page_of(Delivery.objects.get(), client)
    work()
    errand.refresh_from_db()
    assert errand.failed == ""
    delivery = Delivery.objects.get()
    assert (delivery.by, delivery.told["histories"]["children"], delivery.told["made"]["children"]) == (jess, 2, 2)
    assert {"not-a-postcode", "no-child", "year"} <= set(found(delivery))
    for model in (Child, ImportRun, SourceFile, Authority, Event):
        assert not model.objects.exists(), model
    assert "Waits for a decision" in page_of(delivery, client)


def test_bytes_are_kept_in_parts_and_read_as_they_came(client, tmp_path):
    content = bytes(range(256)) * (2 * PART // 256) + b"the end"
    send(client, ("large.csv", content), authority=AUTHORITY)
    assert FilePart.objects.count() == 3
    with Brought(DeliveredFile.objects.get()).open() as file:
        assert file.read() == content
        file.seek(-7, 2)
        assert file.read() == b"the end"
        file.seek(PART - 2)
        assert file.read(4) == content[PART - 2 : PART + 2]


def test_a_zip_holds_a_folder_for_each_year(client, tmp_path):
    first = small_return(tmp_path / "2017")
    a_file(tmp_path / "2018", "header", header("1001"))
    a_file(tmp_path / "2018", "episodes", episode("01/09/2017", "10/06/2018", rne="L", rec="E4A"))
    files = [(f"return/2018/{name}", content) for name, content in contents(tmp_path / "2018")]
    files += [(f"return/2017/{name}", content) for name, content in first]
    delivery = brought(client, ("both.zip", zipped(files)))
    assert sorted({(file["year"], file["file"]) for file in delivery.told["files"]}) == [
        (2018, "2017/episodes.csv"),
        (2018, "2017/header.csv"),
        (2019, "2018/episodes.csv"),
        (2019, "2018/header.csv"),
    ]
    assert delivery.told["histories"]["children"] == 2


def test_the_authoritys_code_is_asked_once(client, tmp_path):
    assert b"ONS code" in client.get(BRING).content
    refused = send(client, *small_return(tmp_path / "2017"), authority="Barking")
    assert refused.status_code == 422
    assert b"This is not the ONS code" in refused.content
    Authority.objects.create(code=AUTHORITY, set_at="2026-01-01T00:00Z")
    assert b"ONS code" not in client.get(BRING).content
    assert send(client, *small_return(tmp_path / "2017")).status_code == 302
    assert Delivery.objects.get().authority_code == AUTHORITY


def test_the_year_can_be_said_where_the_files_do_not(client, tmp_path):
    a_file(tmp_path / "any", "header", header())
    assert found(brought(client, *contents(tmp_path / "any"))) == ["year-not-known"]
    delivery = brought(client, *contents(tmp_path / "any"), year="2018")
    assert delivery.told["files"][0]["year"] == 2018


def test_one_year_cannot_be_said_of_several_folders(client, tmp_path):
    a_file(tmp_path / "any", "header", header())
    (_, content), *_ = contents(tmp_path / "any")
    delivery = brought(client, ("two.zip", zipped([("1/h.csv", content), ("2/h.csv", content)])), year="2018")
    assert "several folders" in page_of(delivery, client)


def test_what_broke_off_on_its_way_is_refused(client, tmp_path):
    answer = send(client, *small_return(tmp_path / "2017"), authority=AUTHORITY, whole="")
    assert answer.status_code == 422
    assert b"did not arrive whole" in answer.content
    assert not Delivery.objects.exists()


def test_without_a_file_nothing_is_brought(client):
    answer = send(client, authority=AUTHORITY)
    assert answer.status_code == 422
    assert b"Select the files" in answer.content


def test_the_same_form_sent_twice_brings_the_files_once(client, tmp_path):
    key, files = uuid.uuid4(), small_return(tmp_path / "2017")
    first = send(client, *files, key=key, authority=AUTHORITY)
    again = send(client, *files, key=key, authority=AUTHORITY)
    assert first["Location"] == again["Location"]
    assert Delivery.objects.count() == 1
    others = send(client, ("header.csv", b"CHILD\n1\n"), key=key, authority=AUTHORITY)
    assert others.status_code == 422
    assert b"was sent before, with other content" in others.content


def takes(request, length=100):
    """Would a file of this request be kept?"""
    handler = TakeFilesWhereAsked(request)
    handler.handle_raw_input(None, {}, length, b"")
    try:
        handler.new_file("files", "x.csv", "text/csv", length)
    except SkipFile:
        return False
    return True


def a_request(rf, address, user):
    request = rf.post(address)
    request.user, request.at = user, NOW
    return request


def test_files_are_taken_at_one_address_from_whoever_may_bring_some(rf, jess):
    assert takes(a_request(rf, BRING, jess))
    assert not takes(a_request(rf, reverse("children:search"), jess))
    assert not takes(a_request(rf, BRING, a(Role.SOCIAL_WORKER)))
    assert not takes(a_request(rf, BRING, AnonymousUser()))


def test_too_much_is_refused_before_any_of_it_is_kept(rf, jess):
    request = a_request(rf, BRING, jess)
    assert not takes(request, length=UPLOAD.most * 2)
    assert request.files_are_too_large
    assert settings.FILE_UPLOAD_HANDLERS[0] == f"{TakeFilesWhereAsked.__module__}.{TakeFilesWhereAsked.__name__}"


def test_who_sends_too_much_is_told_how_much_may_be(client, tmp_path, monkeypatch):
    monkeypatch.setattr("exchange.uploads.AROUND_THE_FILES", -UPLOAD.most)
    answer = send(client, *small_return(tmp_path / "2017"), authority=AUTHORITY)
    assert answer.status_code == 422
    assert b"256 megabytes, which is the most" in answer.content
    assert not DeliveredFile.objects.exists()


def test_too_many_files_are_refused_with_a_sentence(client):
    answer = send(client, *[(f"{number}.csv", b"CHILD") for number in range(101)], authority=AUTHORITY)
    assert answer.status_code == 422
    assert b"more than 100 files: put them into a zip" in answer.content


def test_every_import_there_was_is_listed(client, tmp_path, asked):
    for year in ("2017", "2018", "2019"):
        brought(client, *small_return(tmp_path / year))
    with asked() as queries:
        body = client.get(reverse("exchange:imports")).content.decode()
    assert body.count("Waits for a decision") == 3
    assert "Jess Brook" in body
    few = len(queries)
    brought(client, *small_return(tmp_path / "2020"))
    with asked() as queries:
        client.get(reverse("exchange:imports"))
    assert len(queries) == few
