"""The installation as docker-compose.yml and Dockerfile describe it, read as an engine would, and rebuilt without one."""

import os
import re
import shlex
import shutil
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOT_ENV = {
    "ALLOWED_HOSTS": "hearth.example.gov.uk",
    "CSRF_TRUSTED_ORIGINS": "https://hearth.example.gov.uk",
    "EMAIL_FROM": "hearth@example.gov.uk",
    "ARCHIVE": "/srv/archive",
}
"""What the head of the compose file asks to be set."""


class AsAnEngine(yaml.SafeLoader):
    """Refuses, as an engine does, a name that stands twice in one mapping."""

    def construct_mapping(self, node, deep=False):
        """The mapping, once each of its names stands in it once."""
        names = [name.value for name, _ in node.value if name.tag != "tag:yaml.org,2002:merge"]
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, f"{node.start_mark}: {', '.join(sorted(twice))} stands there twice"
        return super().construct_mapping(node, deep)


def compose():
    """The compose file with the variables of .env put in."""
    text = (ROOT / "docker-compose.yml").read_text()
    return AsAnEngine(re.sub(r"(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}", _told, text)).get_single_data()


def _told(variable):
    name, how, default = variable.groups()
    if name in DOT_ENV:
        return DOT_ENV[name]
    assert how == "-", f"{name} is required, and the head of the file does not say so"
    return default


def stages():
    """The stages of the Dockerfile, each a list of (instruction, rest)."""
    lines = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        instruction, _, rest = line.partition(" ")
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, " ".join(rest.split())))
    return found


def build_tree(target):
    """What `COPY . .` brings into the image, with the front-end packages where the last stage puts them."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "**", "all is left out but what is named"
    named = [rule[1:] for rule in rules if rule.startswith("!")]
    left_out = [rule for rule in rules[1:] if not rule.startswith("!")]
    for name in named:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=_ignored(left_out))
        else:
            shutil.copy(source, target / name)
    (target / "static/vendor").symlink_to(ROOT / "static/vendor")
    return target


def _ignored(left_out):
    def which(folder, names):
        inside = Path(folder).relative_to(ROOT)
        return [name for name in names if str(inside / name) in left_out or f"**/{name}" in left_out]

    return which


def command_of(service, **replaced):
    """The command of a service as words, with some of its words replaced."""
    words = service["command"] if isinstance(service["command"], list) else shlex.split(service["command"])
    return [replaced.get(word, word) for word in words]


def here(text, folder):
    """A line of the file with its places in a folder here: what containers keep in memory, and their secrets."""
    places = {"/tmp/": f"{folder}/", "/run/secrets": f"{folder}/secrets"}  # noqa: S108
    return re.sub("|".join(places), lambda found: places[found[0]], text)


def environment_of(service, folder, **replaced):
    """The variables of a service, with some of its addresses replaced."""
    told = {name: here(str(value), folder) for name, value in service["environment"].items() if value is not None}
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **told, **replaced}
