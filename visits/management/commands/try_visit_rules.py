"""Worked cases against the visit clocks: `python manage.py try_visit_rules CASES.json` prints their open duties."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import NoReturn

from django.core.management.base import BaseCommand

from casework import procedures
from visits.clocks.cases import BadCase, cases_in, open_duties


class Command(BaseCommand):
    """Prints a JSON list of {"id", "duties"} in input order; a bad file gets one sentence and exit code 1."""

    help = "Print the visit duties that are open in each worked case of a JSON file."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path, help="a JSON list of cases")

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Read, reckon, print; nothing is stored."""
        rules = procedures.rules_as_declared()
        try:
            cases = cases_in(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            self.refuse(f"The file {file} cannot be opened: {error.strerror}.")
        except UnicodeDecodeError:
            self.refuse(f"The file {file} is not text in UTF-8.")
        except BadCase as error:
            self.refuse(str(error))
        answers = [{"id": case.id, "duties": open_duties(case, rules)} for case in cases]
        self.stdout.write(json.dumps(answers, indent=1))

    def refuse(self, sentence: str) -> NoReturn:
        """Say why, and stop with exit code 1."""
        self.stderr.write(sentence)
        sys.exit(1)
