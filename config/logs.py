"""Logs: one JSON object a line, with what happened, where in the code, and to which record's number.

Never a name, a case text or a search: no query strings, no exception texts (PostgreSQL quotes rows in its own), and of
what libraries say only their own sentence with its numbers, without the words that were put into it.
"""

import copy
import re
import sys
import traceback

import structlog

FRAMES_KEPT = 20
OF_A_LINK = re.compile(r"/reset/key/[^/\s]+")


def without_query(logger, method, event):
    """Cuts off the address what was searched for, and the key of a link that lets somebody choose a password."""
    if "request" in event:
        event["request"] = OF_A_LINK.sub("/reset/key/...", str(event["request"]).split("?")[0])
    return event


def exceptions_by_kind(logger, method, event):
    """Says of which kind an exception is, and takes its text away wherever a library put it."""
    raised = [value for value in event.values() if isinstance(value, BaseException)]
    texts = {str(error) for error in raised}
    for name, value in list(event.items()):
        if isinstance(value, BaseException) and name != "exc_info":
            event[name] = kind_of(type(value))
        elif isinstance(value, str) and value in texts:
            del event[name]
    return event


def kind_of(error):
    """The full name of a class of exceptions."""
    return f"{error.__module__}.{error.__qualname__}"


def exception_by_place(logger, method, event):
    """Says which kind of exception and where, not what it says."""
    found = event.pop("exc_info", None)
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if found and found[0]:
        event["exception"] = kind_of(found[0])
        frames = traceback.extract_tb(found[2])[-FRAMES_KEPT:]
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_query,
    exceptions_by_kind,
]


SENT_BY_SOMEBODY = re.compile(r"(Invalid request|Error handling request|Invalid HTTP_HOST header)\b.*", re.DOTALL)
"""What these sentences go on with is what a browser sent."""


class WithoutWords(structlog.stdlib.ProcessorFormatter):
    """Writes what libraries say without what they were given to say it of."""

    def format(self, record):
        """One line."""
        if not isinstance(record.msg, dict):  # as structlog's own are
            record = copy.copy(record)
            record.msg, record.args = wordless(record.msg, record.args), ()
        return super().format(record)


def wordless(sentence, given):
    """The sentence with the numbers that it was given, and dots for everything else."""
    sentence = SENT_BY_SOMEBODY.sub(r"\1", str(sentence))
    if not given:
        return sentence
    given = {name: _number(it) for name, it in given.items()} if isinstance(given, dict) else tuple(map(_number, given))
    try:
        return sentence % given
    except (TypeError, ValueError, KeyError):
        return sentence


def _number(given):
    return given if isinstance(given, int | float) else "…"


def json_formatter():
    """The formatter for the standard library's logging."""
    return WithoutWords(
        foreign_pre_chain=SHARED,
        processors=[
            exception_by_place,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )


def configure_structlog():
    """Sends structlog's own loggers through the same handlers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            _current_exception,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _current_exception(logger, method, event):
    """Takes hold of the exception while it is the current one."""
    if event.get("exc_info") is True:
        event["exc_info"] = sys.exc_info()
    return event
