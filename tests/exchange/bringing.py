"""What the tests of imports by page start from: files as they are sent, and errands done at once."""

import io
import uuid
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework import errands
from casework.models import Errand
from exchange.models import Delivery
from tests.exchange.files_and_rows import a_file, episode, header

AUTHORITY = "E06000015"
BRING = reverse("exchange:bring")


def contents(folder):
    """The files of a folder as they are sent: name and bytes."""
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def a_return(folder, *episodes, headers=None):
    """A year of a return about the children of these episodes, as files to send."""
    children = dict.fromkeys(record["CHILD"] for record in episodes)
    a_file(folder, "header", *([header(child) for child in children] if headers is None else headers))
    a_file(folder, "episodes", *episodes)
    return contents(folder)


def small_return(folder):
    """Two children; the postcode of one is none, and one row says nothing of which child it is."""
    return a_return(
        folder,
        episode("01/05/2017", "01/09/2017", LS="C1"),
        episode("01/09/2017", rne="L", PL_POST="nowhere"),
        episode("03/03/2018", child="1002", PLACE="K2", URN="1234567"),
        episode("03/03/2018", child=""),
        headers=[header("1001"), header("1002")],
    )


def zipped(files, *, method=zipfile.ZIP_DEFLATED):
    """A zip with these files: names (or entries) and bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def send(client, *files, key=None, whole="yes", **answers):
    """Send files as the page does."""
    sent = {"key": str(key or uuid.uuid4()), "files": [SimpleUploadedFile(*file) for file in files], **answers}
    return client.post(BRING, sent | ({"whole": whole} if whole else {}))


def brought(client, *files, **answers):
    """Files that were brought and looked through."""
    answer = send(client, *files, **{"authority": AUTHORITY, **answers})
    assert answer.status_code == 302, answer.content.decode()
    work()
    return Delivery.objects.latest("pk")


def work():
    """Do what waits for a worker."""
    for errand in Errand.objects.not_ended().order_by("pk"):
        errands.do(errand.pk)


def decide(client, delivery, decision, *, key=None):
    """Send a decision as the report's buttons do."""
    return client.post(
        reverse("exchange:decide", args=[delivery.pk]), {"key": str(key or uuid.uuid4()), "decision": decision}
    )


def found(delivery):
    """The kinds of finding, each as often as it was found."""
    return sorted(delivery.findings.values_list("code", flat=True))
