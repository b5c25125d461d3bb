"""Settings of the tests: real PostgreSQL, real broker, and as little else changed as possible.

Several runs may share the embedded database server: each has databases of its own, named after its first process.
"""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from config.checkout import STATE
from config.embedded import OWNER, Broker, Postgres
from config.environment import env, fill_in

# Workers of one run inherit these.
os.environ.setdefault("HEARTH_DATABASE_AS", "owner")
_run = os.environ.setdefault("HEARTH_TEST_RUN", str(os.getpid()))
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")

_embedded = None if "DATABASE_URL" in env.ENVIRON else Postgres(STATE / "tests", durable=False)
_own_broker = None if "REDIS_URL" in env.ENVIRON else Broker(Path(tempfile.gettempdir()) / f"hearth-{_run}-{_worker}")

fill_in(
    SECRET_KEY="not secret: of the tests",
    EVENT_KEY="not secret either: of the tests",
    **({"DATABASE_URL": _embedded.url(OWNER)} if _embedded else {}),
    **({"REDIS_URL": _own_broker.url} if _own_broker else {}),
    EMAIL_URL="memorymail://",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    HEARTH_HEADS_DIR=str(Path(tempfile.gettempdir()) / f"hearth-{_run}-{_worker}" / "heads"),
)

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import CELERY_BROKER_URL, DATABASES, INSTALLED_APPS, LOGGING, STORAGES  # noqa: E402

EMBEDDED_DATABASE = _embedded
EMBEDDED_BROKER = _own_broker
if CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
    # on a shared server each xdist worker rings a bell of its own
    CELERY_BROKER_URL = urlsplit(CELERY_BROKER_URL)._replace(path=f"/{_worker}").geturl()

DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{_run}"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Append-only tables refuse TRUNCATE, except to the flush between tests.
DATABASES["default"]["OPTIONS"]["options"] = "-c hearth.allow_truncate=on"

INSTALLED_APPS.insert(0, "bench")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # reads no folder at start
LOGGING["handlers"]["console"] = {"class": "logging.NullHandler"}  # pytest shows the logs of what failed
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # most tests have no broker

HEARTH_SECOND_FACTOR_REQUIRED = False
AXES_ENABLED = False
ACCOUNT_RATE_LIMITS = False

# The test client and the browser speak plain HTTP.
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
