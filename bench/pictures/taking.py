"""Takes every picture of the gallery in the installation that this process is told of, and hangs them."""

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
# The browser's interface runs a loop, in which Django would refuse to ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")

AT_ONCE = 3
"""How many browsers work side by side."""


def main():
    """Take them all. Exit code 1 where one could not be taken."""
    ready()
    from bench.pictures import beforehand
    from bench.pictures.catalogue import hang
    from bench.pictures.tables import GROUPS
    from config.checkout import ROOT

    tell("Doing what the invented authority has not done by itself ...")
    beforehand.prepare()
    taken, blurred = {}, []
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn"), initializer=ready) as photographers:
        for comes_last in (False, True):
            numbers = [number for number, group in enumerate(GROUPS) if group.comes_last == comes_last]
            for pictures, problems in photographers.map(take_group, numbers):
                taken |= pictures
                blurred += problems
    if blurred:
        tell(f"{len(blurred)} pictures could not be taken; docs/pictures stays as it was.")
        sys.exit(1)
    size = hang(taken, ROOT / "docs/pictures")
    tell(f"docs/pictures holds {sum(map(len, taken.values()))} pictures, {size:,} bytes.")


def ready():
    """The product's own code can be used in this process."""
    import django

    django.setup()


def take_group(number):
    """The pictures of one group, one after the other, since one may show what another did; and what went wrong."""
    from bench.pictures.camera import cameras
    from bench.pictures.tables import GROUPS

    group, taken, blurred = GROUPS[number], {}, []
    with cameras(int(os.environ["PORT"])) as camera:
        for picture in group.pictures:
            try:
                taken[picture.slug] = camera.take(picture, address_of(picture))
            except Exception as problem:  # noqa: BLE001 - every picture is tried, and each that failed is named
                blurred.append(f"{picture.title}: {problem}")
                tell(f"NOT TAKEN: {blurred[-1]}")
    tell(f"{group.title}: {len(taken)} of {len(group.pictures)} pages")
    return taken, blurred


def address_of(picture):
    """The address of a picture, its record looked up now: an earlier picture may have made it."""
    from django.urls import reverse
    from django.utils import timezone

    from accounts.models import User

    user = User.objects.filter(username=picture.who).first()
    found = picture.of(user, timezone.now()) if picture.of else ()
    arguments = found if isinstance(found, tuple) else (found,)
    return reverse(picture.page, args=[*arguments, *([picture.step] if picture.step else [])]) + picture.query


def tell(sentence):
    """Say how far it is."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
