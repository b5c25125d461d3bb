"""What this installation is told from outside: by environment variables, and in files where it is a secret.

Whatever can be given as NAME can be given as NAME_FILE as well, the path of a file that holds it. What is empty is not
given: it gets its default, or is asked for. On a machine without servers of its own the development and test settings
fill in what is missing.
"""

import os
from collections import ChainMap
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

YES_OR_NO = {*environ.Env.BOOLEAN_TRUE_STRINGS, "no", "n", "off", "false", "0"}


class Told(FileAwareMapping):
    """The variables; of NAME_FILE the file's text, without the end of its line. One that is empty is not there."""

    def __getitem__(self, name):
        try:
            told = super().__getitem__(name).rstrip("\r\n")
        except OSError as why:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {why.strerror}.") from why
        if not told.strip():
            raise KeyError(name)
        return told


class Env(environ.Env):
    """Says in a sentence which variable is missing, or means nothing, and never what stands in it."""

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, **how):
        """What a variable says, as a value of its kind."""
        if var not in self.ENVIRON and default is self.NOTSET:
            raise ImproperlyConfigured(
                f"Set the {var} environment variable, or {var}_FILE, the path of a file that holds it: "
                "it is missing, or empty."
            )
        if cast is bool and self.ENVIRON.get(var, "no").strip().lower() not in YES_OR_NO:
            raise ImproperlyConfigured(f"{var} is yes or no, and it says neither.")
        try:
            return super().get_value(var, cast=cast, default=default, **how)
        except ValueError as why:
            kind = "a whole number" if cast is int else "an address"
            raise ImproperlyConfigured(f"{var} is to be {kind}, and it is none.") from why

    def email(self, var):
        """The settings of the mail server at an address."""
        url = self.url(var)
        if url.scheme not in self.EMAIL_SCHEMES:
            raise ImproperlyConfigured(f"{var} is to be as in smtp+tls://user:password@mail.example.gov.uk:587.")
        return self.email_url_config(url)


env = Env()
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
