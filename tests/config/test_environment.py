"""What an installation is told: by a variable, or in a file where it is a secret; a password apart from its address."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.environment import Told, address


@pytest.fixture
def told(monkeypatch):
    """`told(NAME=value)` tells this process."""

    def tell(**variables):
        monkeypatch.setattr(environment.env, "ENVIRON", Told(variables))

    return tell


def test_a_secret_in_a_file_is_read_without_the_end_of_its_line(told, tmp_path):
    (tmp_path / "key").write_text("long and random\n")
    told(SECRET_KEY_FILE=str(tmp_path / "key"), SECRET_KEY="not this one")
    assert environment.env.str("SECRET_KEY") == "long and random"


def test_a_file_that_cannot_be_read_is_named_by_its_variable(told, tmp_path):
    told(SECRET_KEY_FILE=str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE names a file that cannot be read: No such file"):
        environment.env.str("SECRET_KEY")


def test_what_is_not_told_can_be_filled_in_and_what_is_told_stays(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("told")
    monkeypatch.setattr(environment.env, "ENVIRON", Told())
    monkeypatch.setenv("TRIED_KEY_FILE", str(tmp_path / "key"))
    environment.fill_in(TRIED_KEY="filled in", TRIED_OTHER="filled in")
    assert environment.env.str("TRIED_KEY") == "told"
    assert environment.env.str("TRIED_OTHER") == "filled in"


@pytest.mark.parametrize(
    ("url", "password", "whole"),
    [
        ("redis://redis:6379/0", "p/w", "redis://:p%2Fw@redis:6379/0"),
        ("postgres://hearth_web@db:5432/hearth", "pw", "postgres://hearth_web:pw@db:5432/hearth"),
        ("postgres://hearth_web@//run%2Fpg/hearth", "pw", "postgres://hearth_web:pw@//run%2Fpg/hearth"),
        ("unix:///run/broker.socket", "", "unix:///run/broker.socket"),
        ("postgres://hearth_web:there@db/hearth", "", "postgres://hearth_web:there@db/hearth"),
    ],
)
def test_a_password_is_put_into_its_address(told, url, password, whole):
    told(X_URL=url, X_PASSWORD=password)
    assert address("X") == whole
