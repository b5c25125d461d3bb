"""The production settings hold what Django's deployment check asks for, and start only when told their secrets."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.base",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "EVENT_KEY": "of-the-test",
    "ALLOWED_HOSTS": "hearth.example.gov.uk",
    "DATABASE_URL": "postgres://hearth_web:w@db.example.gov.uk/hearth",
    "DATABASE_OWNER_URL": "postgres://hearth_owner:o@db.example.gov.uk/hearth",
    "REDIS_URL": "redis://redis.example.gov.uk/0",
    "EMAIL_URL": "smtp+tls://hearth:m@mail.example.gov.uk:587",
}
SHOW_LOGIN = "from django.conf import settings; print(settings.DATABASES['default']['USER'])"


def in_production(*command, **more):
    told = {"PATH": os.environ["PATH"], **PRODUCTION, **more}
    environment = {name: value for name, value in told.items() if value is not None}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_the_deployment_check_is_clean():
    checked = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert "no issues" in checked.stdout, checked.stderr


REQUIRED = ("SECRET_KEY", "EVENT_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL")
DIRECTORY = {
    "SINGLE_SIGN_ON_SERVER": "https://login.example.gov.uk",
    "SINGLE_SIGN_ON_CLIENT": "hearth",
    "SINGLE_SIGN_ON_SECRET": "s",
}


@pytest.mark.parametrize("given", [None, "", "  \n"], ids=["missing", "empty", "blank"])
@pytest.mark.parametrize("name", [*REQUIRED, "SINGLE_SIGN_ON_CLIENT", "SINGLE_SIGN_ON_SECRET"])
def test_production_does_not_start_without(name, given):
    tried = in_production("-c", SHOW_LOGIN, **DIRECTORY | {name: given})
    assert tried.returncode != 0
    assert f"Set the {name} environment variable" in tried.stderr


SHOW_ALL = """
from django.conf import settings as s
print(s.AUTHORITY, s.HEARTH_PASSWORDS, s.METRICS, s.PROXIES, s.DEFAULT_FROM_EMAIL, s.HEARTH_ADDRESS, s.HEARTH_HEADS_DIR,
      s.STATIC_ROOT, s.SECRET_KEY_FALLBACKS, s.SOCIALACCOUNT_PROVIDERS, s.DATABASE_AS_OWNER, s.OWNER_IS_ANOTHER)
"""
OPTIONAL = [
    "AUTHORITY_NAME",
    "AUTHORITY_COLOUR",
    "AUTHORITY_RELEVANT_DIRECTOR",
    "PASSWORDS",
    "METRICS",
    "METRICS_TOKEN",
    "PROXIES",
    "EMAIL_FROM",
    "HEARTH_ADDRESS",
    "HEARTH_HEADS_DIR",
    "STATIC_ROOT",
    "SECRET_KEY_FALLBACKS",
    "SINGLE_SIGN_ON_NAME",
    "SINGLE_SIGN_ON_FIELD",
    "SINGLE_SIGN_ON_ORIGINS",
    "HEARTH_DATABASE_AS",
]


def test_a_variable_that_is_empty_means_what_a_missing_one_means():
    missing = in_production("-c", SHOW_ALL, **DIRECTORY)
    assert missing.returncode == 0, missing.stderr
    assert in_production("-c", SHOW_ALL, **DIRECTORY, **dict.fromkeys(OPTIONAL, "")).stdout == missing.stdout


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PROXIES", "one", "PROXIES is to be a whole number, and it is none."),
        ("PASSWORDS", "nein", "PASSWORDS is yes or no, and it says neither."),
        ("METRICS", "2", "METRICS is yes or no, and it says neither."),
        (
            "EMAIL_URL",
            "mail.example.gov.uk",
            "EMAIL_URL is to be as in smtp+tls://user:password@mail.example.gov.uk:587.",
        ),
        ("EMAIL_URL", "smtp://[", "EMAIL_URL is to be an address, and it is none."),
    ],
)
def test_a_variable_that_means_nothing_is_named_without_what_stands_in_it(name, value, says):
    tried = in_production("-c", SHOW_LOGIN, **DIRECTORY | {name: value})
    assert tried.returncode != 0
    assert says in tried.stderr.splitlines()[-1]


def test_web_and_worker_are_one_login_and_migrations_another():
    assert in_production("-c", SHOW_LOGIN).stdout == "hearth_web\n"
    assert in_production("-c", SHOW_LOGIN, HEARTH_DATABASE_AS="owner").stdout == "hearth_owner\n"


@pytest.mark.parametrize("given", ["redis://localhost:6379", "redis://localhost:6379/", "redis://localhost:6379/0"])
def test_each_process_of_the_tests_rings_a_bell_of_its_own_on_a_shared_broker(given):
    show = "from django.conf import settings; print(settings.CELERY_BROKER_URL)"
    tests = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTEST_XDIST_WORKER": "gw3", "REDIS_URL": given}
    assert in_production("-c", show, **tests).stdout == "redis://localhost:6379/3\n"


def test_publishing_while_the_broker_is_down_fails_at_once(tmp_path):
    from config.celery import app

    down = f"redis+socket://{tmp_path}/nobody"
    started = time.monotonic()
    connection = Connection(down, transport_options=app.conf.broker_transport_options)
    with connection, pytest.raises(OperationalError):
        app.send_task("anything", connection=connection)
    assert time.monotonic() - started < 2


def test_a_job_ends_before_the_broker_would_give_it_out_again(settings):
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < timeout


def test_a_real_worker_answers(worker):
    from config.celery import app

    assert app.control.inspect(timeout=2).ping()
