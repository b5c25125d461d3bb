"""Whose a checkout is, and that its secrets are made once."""

import os

import pytest

from config import checkout
from config.development_keys import keys_kept_in
from config.embedded import write_secret


def test_a_checkout_that_somebody_else_set_up_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(checkout, "STATE", tmp_path / ".hearth")
    checkout.make_state_folder()
    checkout.make_state_folder()
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    whose = tmp_path.owner()
    with pytest.raises(checkout.CannotStart, match=rf"was set up by {whose}: run this as {whose}, or make a clone"):
        checkout.make_state_folder()


def test_of_two_who_make_a_secret_at_once_the_first_one_stays(tmp_path):
    write_secret(tmp_path / "secret", "first")
    write_secret(tmp_path / "secret", "second")
    assert (tmp_path / "secret").read_text() == "first"
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    assert len(list(tmp_path.iterdir())) == 1


def test_the_keys_of_a_checkout_stay_what_they_are(tmp_path):
    assert keys_kept_in(tmp_path) == keys_kept_in(tmp_path)
