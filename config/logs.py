"""Logs: one JSON object a line, with what happened, where in the code, and to which record's number.

Never a name, a case text or a search: no query strings, no exception texts (PostgreSQL quotes rows in its own).
"""

import sys
import traceback

import structlog

FRAMES_KEPT = 20


def without_query(logger, method, event):
    """Cuts what was searched for off the address."""
    if "request" in event:
        event["request"] = str(event["request"]).split("?")[0]
    return event


def exception_by_place(logger, method, event):
    """Says which kind of exception and where, not what it says."""
    found = event.pop("exc_info", None)
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if found and found[0]:
        event["exception"] = f"{found[0].__module__}.{found[0].__qualname__}"
        frames = traceback.extract_tb(found[2])[-FRAMES_KEPT:]
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_query,
]


def json_formatter():
    """The formatter for the standard library's logging."""
    return structlog.stdlib.ProcessorFormatter(
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
