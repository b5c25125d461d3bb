"""Fills an empty database with the invented authority, and says under which names to sign in."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from bench import names
from bench.authority import ACTED, ACTING, PASSWORD, SIGN_INS
from bench.generator import CHILDREN, SEED, make_plan
from bench.loading import load
from casework.models import Authority
from children.models import Child


class Command(BaseCommand):
    """Run again, it changes nothing and says the names again."""

    help = "Load the invented authority: people and children who do not exist, with dates relative to today."

    def add_arguments(self, parser):
        """How many children, from which seed."""
        parser.add_argument("--children", type=int, default=CHILDREN, help="about how many children")
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(self, *, children, seed, **options):
        """Load, unless the invented authority is here already; refuse where anybody else's children are."""
        present = Authority.objects.first()
        if present is None or present.code != names.AUTHORITY_CODE:
            self.refuse_if_not_empty(present)
            self.stdout.write(f"Inventing {names.AUTHORITY} ...")
            self.stdout.flush()
            load(make_plan(timezone.now(), seed=seed, children=children))
        self.say_sign_ins()

    def refuse_if_not_empty(self, present):
        """Invented people are never mixed with real ones."""
        if present is not None or Child.objects.exists():
            whose = str(present) if present else "an authority without a name"
            raise CommandError(
                f"This database holds the children of {whose}: invented ones are not added to them. "
                "Start with DEMO=no, or with an empty database."
            )
        taken = User.objects.filter(username__in=[sign_in.username for sign_in in (*SIGN_INS, ACTING, ACTED)])
        if taken.exists():
            raise CommandError(
                f"The name {taken[0].username} is taken in this database, and the invented authority needs it: "
                "start with DEMO=no, or with an empty database."
            )

    def say_sign_ins(self):
        """The table of user names: under each, what there is to try."""
        rows = [(sign_in.username, sign_in.role.label, sign_in.try_this) for sign_in in (*SIGN_INS, ACTING, ACTED)]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        self.stdout.write(f"\n{names.AUTHORITY} does not exist, nor does anybody in it. Sign in as one of these:\n\n")
        for username, role, try_this in rows:
            self.stdout.write(f"  {username:{widths[0]}}  {role:{widths[1]}}  {try_this}")
        self.stdout.write(f"\nThe password of all is {PASSWORD}\n")
