"""Settings of a checkout on one machine: `make run` and `manage.py` by hand. No variable is required."""

from config.checkout import STATE, make_state_folder
from config.development_keys import keys_kept_in
from config.embedded import OWNER, WEB, Broker, Postgres
from config.environment import env, fill_in

make_state_folder()

_embedded = None if "DATABASE_URL" in env.ENVIRON else Postgres(STATE / "database")
_own_broker = None if "REDIS_URL" in env.ENVIRON else Broker(STATE / "broker")

fill_in(
    **keys_kept_in(STATE),
    **({"DATABASE_URL": _embedded.url(WEB), "DATABASE_OWNER_URL": _embedded.url(OWNER)} if _embedded else {}),
    **({"REDIS_URL": _own_broker.url} if _own_broker else {}),
    ALLOWED_HOSTS="localhost,127.0.0.1,[::1]",
    STATIC_ROOT=str(STATE / "static"),
    EMAIL_URL="memorymail://",
    HEARTH_ADDRESS=f"http://localhost:{env.str('PORT', default='8000')}",
)

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import AUTHORITY, INSTALLED_APPS, STORAGES  # noqa: E402

EMBEDDED_DATABASE = _embedded
EMBEDDED_BROKER = _own_broker

# `make run` turns this off, to show the pages as they are served in production.
DEBUG = env.bool("DEBUG", default=True)
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True

INSTALLED_APPS.insert(0, "bench")

# `make run` shows the invented authority, `make run DEMO=no` an empty installation.
DEMONSTRATION = env.str("DEMO", default="yes") != "no"
if DEMONSTRATION:
    AUTHORITY["name"] = "Merrowshire Council"

# The invented people have passwords only; the sign-in page says so.
HEARTH_SECOND_FACTOR_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# Plain HTTP to this machine itself
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = STATE / "mail"
