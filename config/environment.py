"""What this installation is told from outside: by environment variables, and in files where it is a secret.

Whatever can be given as NAME can be given as NAME_FILE as well, the path of a file that holds it. On a machine without
servers of its own the development and test settings fill in what is missing.
"""

import os
from collections import ChainMap
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class Told(FileAwareMapping):
    """The variables; of NAME_FILE the file's text, without the end of its line."""

    def __getitem__(self, name):
        try:
            return super().__getitem__(name).rstrip("\r\n")
        except OSError as why:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {why.strerror}.") from why


env = environ.Env()
env.ENVIRON = Told()


def fill_in(**defaults):
    """Answers for variables that are not told from outside."""
    missing = {name: value for name, value in defaults.items() if name not in env.ENVIRON}
    env.ENVIRON = Told(ChainMap(os.environ, missing))


def address(name):
    """The address of a server, NAME_URL, with the password of NAME_PASSWORD put in where one is given."""
    told = env.str(f"{name}_URL")
    password = env.str(f"{name}_PASSWORD", default="")
    if not password:
        return told
    url = urlsplit(told)
    login = f"{url.username or ''}:{quote(password, safe='')}"
    return url._replace(netloc=f"{login}@{url.netloc.rpartition('@')[2]}").geturl()
