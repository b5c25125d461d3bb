"""Logs never hold a name: not from a search, not from an exception's text."""

import io
import json
import logging

import pytest
import structlog

from config.logs import configure_structlog, json_formatter


@pytest.fixture
def lines():
    """What both kinds of logger write, one object a line."""
    configure_structlog()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(json_formatter())
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_what_somebody_searched_for_is_cut_off(lines):
    structlog.get_logger("tests.logs").info("request_started", request="GET /search?q=Ada+Lovelace")
    (line,) = lines()
    assert line["request"] == "GET /search"


@pytest.mark.parametrize("logger", [structlog.get_logger("tests.logs"), logging.getLogger("tests.logs")])
def test_an_exception_is_logged_by_kind_and_place_without_its_text(lines, logger):
    try:
        raise LookupError("Key (name)=(Ada Lovelace) already exists.")
    except LookupError:
        logger.exception("failed")
    (line,) = lines()
    assert line["exception"] == "builtins.LookupError"
    assert any("test_logs.py" in place for place in line["at"])
    assert "Lovelace" not in json.dumps(line)
