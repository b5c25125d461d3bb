"""Photographs of the room: added by whoever visited, seen by whoever reads the visit, and by nobody else."""

import io
import uuid

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from casework.models import Event, OutgoingMail, Reading
from exchange.uploads import TakeFilesWhereAsked
from tests.factories import NOW, days_before, visited, with_unapproved_relative
from tests.visits.pictures import a_picture, exif_of_a_phone, upload
from visits.models import RoomPhoto
from visits.models.photo import LARGEST
from visits.photos.forms import LARGEST_UPLOAD, TOO_LARGE
from visits.photos.images import NOT_READ

pytestmark = pytest.mark.django_db
SAYS = "The bed under the window"


@pytest.fixture
def home(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def visit(home):
    return visited(home, days_before(3))


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


def form_of(visit):
    return reverse("visits:add_photograph", args=[visit.pk])


def add(client, visit, content=None, says=SAYS, key=None):
    sent = {"key": str(key or uuid.uuid4()), "says": says}
    if content is not None:
        sent["file"] = upload(content)
    return client.post(form_of(visit), sent)


@pytest.fixture
def photo(worker, visit):
    add(worker, visit, a_picture())
    return RoomPhoto.objects.get()


def address_of(photo):
    return reverse("visits:photograph", args=[photo.pk])


def errors_of(answer):
    assert answer.status_code == 422
    return [str(error) for errors in answer.context["form"].errors.values() for error in errors]


# Adding


def test_it_is_added_with_what_it_shows_and_told_in_the_timeline(world, worker, visit):
    answer = add(worker, visit, a_picture(size=(2400, 1800), exif=exif_of_a_phone(6)))
    assert answer["Location"] == reverse("visits:visit", args=[visit.pk])
    photo = RoomPhoto.objects.get()
    assert (photo.visit, photo.says, photo.added_by, photo.added_at) == (visit, SAYS, world.social_worker, NOW)
    assert (photo.width, photo.height) == (1200, 1600)
    assert len(photo.image) <= LARGEST
    event = Event.objects.get(act="add_photograph")
    assert event.case_file_id == world.own_child.case_file_id
    assert event.details == {"visit": f"visits.visit:{visit.pk}", "says": SAYS}
    page = worker.get(reverse("children:timeline", args=[world.own_child.pk])).content.decode()
    assert "A photograph was added to a visit" in page


def test_several_stand_on_the_page_of_the_visit_each_with_its_words(worker, visit):
    add(worker, visit, a_picture(), says="The bed")
    add(worker, visit, a_picture(colour=(1, 2, 3)), says="The desk")
    page = worker.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    for photo in RoomPhoto.objects.all():
        assert f'src="{address_of(photo)}"' in page
        assert f'alt="{photo.says}"' in page


def test_the_page_asks_the_same_for_one_and_for_many(worker, visit, photo, asked):
    def count():
        with asked() as queries:
            worker.get(reverse("visits:visit", args=[visit.pk]))
        assert not any('"visits_roomphoto"."image"' in query for query in queries), "the pictures stay where they are"
        return len(queries)

    count()
    one = count()
    for number in range(4):
        add(worker, visit, a_picture(colour=(number, 0, 0)))
    assert count() == one


def test_what_it_shows_must_be_said(worker, visit):
    assert errors_of(add(worker, visit, a_picture(), says=" ")) == ["Answer “What does it show?”"]
    assert errors_of(add(worker, visit)) == ["Select a photograph"]
    assert not RoomPhoto.objects.exists()


def test_what_is_no_photograph_is_refused_and_the_words_come_back(worker, visit):
    answer = add(worker, visit, b"Dear Sir or Madam")
    assert errors_of(answer) == [NOT_READ]
    assert SAYS in answer.content.decode()


def test_a_file_of_more_than_ten_megabytes_is_refused_before_it_is_kept(worker, visit):
    assert errors_of(add(worker, visit, bytes(LARGEST_UPLOAD + 1))) == [TOO_LARGE]
    assert errors_of(add(worker, visit, bytes(LARGEST_UPLOAD * 2))) == [TOO_LARGE]


def test_of_too_much_nothing_is_taken(rf, world, visit):
    request = rf.post(form_of(visit))
    request.user, request.at = world.social_worker, NOW
    handler = TakeFilesWhereAsked(request)
    handler.handle_raw_input(None, {}, LARGEST_UPLOAD * 2, b"")
    assert handler.refuses
    assert request.files_are_too_large


def test_sent_twice_it_is_added_once(worker, visit):
    key, content = uuid.uuid4(), a_picture()
    assert add(worker, visit, content, key=key)["Location"] == add(worker, visit, content, key=key)["Location"]
    assert RoomPhoto.objects.count() == 1
    other = add(worker, visit, a_picture(colour=(9, 9, 9)), key=key)
    assert "was sent before, with other content" in other.content.decode()


@pytest.mark.parametrize("who", ["colleague", "team_manager", "iro", "placement_service"])
def test_nobody_else_adds_one(world, signed_in, visit, who):
    assert add(signed_in(getattr(world, who)), visit, a_picture()).status_code == 403
    assert not RoomPhoto.objects.exists()


def test_the_phones_camera_may_be_used(worker, visit):
    """Formats that the page asks for: a phone that keeps others turns its photographs into one of these."""
    page = worker.get(form_of(visit)).content.decode()
    assert 'accept="image/jpeg,image/png,image/webp"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "capture=" not in page, "a photograph taken before may be chosen as well"


# Seeing


def test_it_is_answered_as_a_picture_that_no_browser_keeps(worker, photo):
    answer = worker.get(address_of(photo))
    assert answer["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (800, 600)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert set(answer["Content-Security-Policy"].split("; ")) >= {"default-src 'none'", "sandbox"}


def test_each_reading_is_logged(world, worker, photo):
    before = Reading.objects.count()
    worker.get(address_of(photo))
    assert Reading.objects.count() == before + 1
    assert Reading.objects.latest("pk").case_files == [world.own_child.case_file_id]


def test_it_needs_the_right_to_read_what_workers_wrote(world, signed_in, visit, photo):
    answer = signed_in(world.placement_service).get(address_of(photo))
    assert answer.status_code == 403
    assert "nor their photographs" in answer.content.decode()
    page = signed_in(world.placement_service).get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert SAYS not in page
    assert address_of(photo) not in page


@pytest.mark.parametrize("who", ["second_teams_worker", "performance", "legal", "lado"])
def test_whoever_does_not_see_the_child_does_not_find_it(world, signed_in, photo, who):
    client = signed_in(getattr(world, who))
    assert client.get(address_of(photo)).status_code == 404
    assert client.get(form_of(photo.visit)).status_code == 404


def test_with_its_visit_it_is_struck_out(worker, visit, photo, send):
    send(worker, reverse("visits:strike_out", args=[visit.pk]), because="Another child’s room.")
    assert worker.get(address_of(photo)).status_code == 404
    assert address_of(photo) not in worker.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert add(worker, visit, a_picture()).status_code == 404


def test_no_mail_tells_of_it(photo):
    assert SAYS not in str(list(OutgoingMail.objects.values())) + str(mail.outbox)


def test_the_list_of_visits_says_how_many_there_are(world, worker, visit, photo):
    page = worker.get(reverse("visits:visits_of_child", args=[world.own_child.pk])).content.decode()
    assert "Photographs" in page


# The database


def test_the_database_changes_and_takes_away_none(photo):
    with pytest.raises(Exception, match="never changed or removed"), transaction.atomic():
        RoomPhoto.objects.filter(pk=photo.pk).update(says="Another")


@pytest.mark.parametrize("wrong", [{"image": bytes(LARGEST + 1)}, {"says": ""}])
def test_the_database_keeps_none_that_is_large_or_says_nothing(world, visit, wrong):
    told = {"says": SAYS, "image": b"x", "width": 1, "height": 1, "added_by": world.social_worker, "added_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomPhoto.objects.create(visit=visit, **{**told, **wrong})
    assert connection.is_usable()
