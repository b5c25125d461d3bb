"""The cache that all web processes share: wrong codes and used ones are counted for the installation, not per process.

It lies in the broker, as data and never as code. Where the broker does not answer, each process counts by itself until it
does: nobody is locked out, and nobody guesses without limit.
"""

import json

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

from casework.quiet import Quiet

log = structlog.get_logger(__name__)

quiet = Quiet(seconds=30)
"""No page waits twice for a broker that does not answer."""


class AsJson:
    """What is kept, as text."""

    def dumps(self, value):
        """A number stays one, so that the broker can count it up."""
        return value if type(value) is int else json.dumps(value)

    def loads(self, text):
        """The value again."""
        return json.loads(text)


def or_by_itself(name):
    """A method of the shared cache, which asks this process's own where the broker does not answer."""

    def answer(self, *args, **kwargs):
        if not quiet.lasts:
            try:
                return getattr(super(SharedCache, self), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                quiet.begin()
                log.warning("shared_cache_does_not_answer", error=type(error).__name__)
        return getattr(self.own, name)(*args, **kwargs)

    answer.__name__ = name
    return answer


class SharedCache(RedisCache):
    """Django's cache in Redis, with this process's own behind it."""

    def __init__(self, server, params):
        deadlines = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "serializer": AsJson()}
        super().__init__(server, {**params, "OPTIONS": {**deadlines, **params.get("OPTIONS", {})}})
        self.own = LocMemCache("where the broker does not answer", {})

    add = or_by_itself("add")
    get = or_by_itself("get")
    set = or_by_itself("set")
    touch = or_by_itself("touch")
    delete = or_by_itself("delete")
    get_many = or_by_itself("get_many")
    has_key = or_by_itself("has_key")
    incr = or_by_itself("incr")
    set_many = or_by_itself("set_many")
    delete_many = or_by_itself("delete_many")
    clear = or_by_itself("clear")
