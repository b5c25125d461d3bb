"""Settings of a real installation. What differs between installations comes from environment variables.

Required: SECRET_KEY, EVENT_KEY, DATABASE_URL, REDIS_URL, ALLOWED_HOSTS, EMAIL_URL. The others stand below with their
defaults; what is empty is not given. A secret can stand in a file (SECRET_KEY_FILE), a server's password apart from its
address (DATABASE_PASSWORD_FILE).
The development and test settings start from these and loosen what they must, by name.
"""

from datetime import timedelta

from csp.constants import NONE, SELF

from config.checkout import ROOT, STATE
from config.environment import address, env

BASE_DIR = ROOT
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # those before it
EVENT_KEY = env.str("EVENT_KEY")  # of the digests that chain the event record; never change it
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Applications, from the top floor down.

INSTALLED_APPS = [
    "tracking",
    "exchange",
    "approvals",
    "visits",
    "placements",
    "children",
    "casework",
    "casework.meetings",
    "accounts",
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "config.directory",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "guardian",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "config.health.ForLoadBalancers",
    "casework.pages.MomentMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "casework.drafts.SignInFirstMiddleware",
    "config.sign_in.SecondFactorMiddleware",
    "config.history.HistoryOfAccountsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "casework.reading.ReadLogMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casework.context.authority",
                "casework.context.navigation",
            ],
        },
    },
]

FORM_RENDERER = "casework.forms.GovUkRenderer"

# Whose installation this is, in the header of every page; colour as #rrggbb.

AUTHORITY = {
    "name": env.str("AUTHORITY_NAME", default="Children’s services"),
    "colour": env.str("AUTHORITY_COLOUR", default="#26383c"),
    # Who authorises unregistered settings (C-47): service_director, assistant_director or dcs.
    "relevant_director": env.str("AUTHORITY_RELEVANT_DIRECTOR", default="service_director"),
}
DEMONSTRATION = False

# Database. Web and worker are one role, which cannot change the event record; whoever changes tables is another.

DATABASE_AS_OWNER = env.str("HEARTH_DATABASE_AS", default="application") == "owner"
OWNER_IS_ANOTHER = DATABASE_AS_OWNER and "DATABASE_OWNER_URL" in env.ENVIRON
DATABASES = {
    "default": {
        **env.db_url_config(address("DATABASE_OWNER" if OWNER_IS_ANOTHER else "DATABASE")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    },
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
EMBEDDED_DATABASE = None

# Jobs. The database holds the truth, the broker is only a bell.

REDIS_URL = address("REDIS")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# A task still running when the visibility timeout passes would be given out a second time.
CELERY_TASK_SOFT_TIME_LIMIT = 20 * 60
CELERY_TASK_TIME_LIMIT = 25 * 60
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60 * 60,
    "socket_connect_timeout": 2,
    "socket_timeout": 3,  # a page waits as long for a broker that takes calls and says nothing
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
# A page must not wait for a broker that is down: the outbox sends later what could not be sent now.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Europe/London"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# Signing in: by username here, or by the authority's own directory; nobody signs up.

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "config.sign_in.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Hearth: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Whoever finds a browser left open must not take the account over by another address for "forgotten password".
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Wrong passwords are axes' affair, which counts them in the database for all workers together (config.sign_in); what
# "login_failed" limits is wrong codes of a second factor. A whole office behind one address signs in at nine, and whoever
# signs gives the password for each signature, which are many where a month's records are signed together.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/15m/key",
    "reauthenticate": "120/m/user",
    "calendar": "300/m/ip",  # calendar feeds, which nobody signs in for
}
ACCOUNT_FORMS = {
    "login": "config.sign_in_forms.LoginForm",
    "reauthenticate": "config.sign_in_forms.ReauthenticateForm",
    "change_password": "config.sign_in_forms.ChangePasswordForm",
    "set_password": "config.sign_in_forms.SetPasswordForm",
    "reset_password": "config.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "config.sign_in_forms.ResetPasswordKeyForm",
}
SOCIALACCOUNT_ADAPTER = "config.sign_in.ClosedSocialAccounts"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {}
SINGLE_SIGN_ON_SERVER = env.str("SINGLE_SIGN_ON_SERVER", default="")
# PASSWORDS=no: everybody signs in by the directory, and no password opens anything.
HEARTH_PASSWORDS = not SINGLE_SIGN_ON_SERVER or env.bool("PASSWORDS", default=True)
if SINGLE_SIGN_ON_SERVER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "authority",
                "name": env.str("SINGLE_SIGN_ON_NAME", default="your council account"),
                "client_id": env.str("SINGLE_SIGN_ON_CLIENT"),
                "secret": env.str("SINGLE_SIGN_ON_SECRET"),
                "settings": {
                    "server_url": SINGLE_SIGN_ON_SERVER,
                    # which of its claims stands on a person's page as the name in the directory; nobody may choose it
                    "uid_field": env.str("SINGLE_SIGN_ON_FIELD", default="sub"),
                },
            }
        ],
    }

HEARTH_SECOND_FACTOR_REQUIRED = True
MFA_FORMS = {
    "authenticate": "config.sign_in_forms.CodeForm",
    "reauthenticate": "config.sign_in_forms.CodeAgainForm",
    "activate_totp": "config.sign_in_forms.ActivateForm",
    "add_webauthn": "config.sign_in_forms.AddKeyForm",
}
MFA_ADAPTER = "config.second_factor.EncryptedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = HEARTH_PASSWORDS
MFA_TOTP_ISSUER = "Hearth"
MFA_TOTP_TOLERANCE = 1

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# A lock on the name alone would let anybody lock anybody out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "config.sign_in.username_tried"
AXES_LOCKOUT_CALLABLE = "config.sign_in.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Guardian's anonymous user would be a row in accounts that nobody may sign in as, yet holds permissions.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# Sessions end with the browser and with the working day.

SESSION_ENGINE = "config.sessions"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "config.messages.SaidOnTheNextPage"

# What browsers may do with our pages.

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the QR code of a new authenticator is a data: image
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # browsers hold the redirect after a form to this list too: the directory's sign-in page must be on it
        "form-action": [SELF, *env.list("SINGLE_SIGN_ON_ORIGINS", default=[])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# Behind a proxy that ends TLS, the number of proxies whose headers to believe.

PROXIES = env.int("PROXIES", default=0)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_IPWARE_PROXY_COUNT = PROXIES
    AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
    ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# Files are taken where somebody is asked for some, streamed to the disk, and never too many.

FILE_UPLOAD_HANDLERS = [
    "exchange.uploads.TakeFilesWhereAsked",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # fewer are taken, and said so in a sentence (exchange.limits)

# Static files

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Language and time: stored in UTC, shown in London's.

LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

# Mail says that something waits, and links; it is sent from an outbox.

globals().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="hearth@localhost")
EMAIL_TIMEOUT = 10
HEARTH_ADDRESS = env.str("HEARTH_ADDRESS", default=next(iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000"))

# The heads of the event record's chains, exported every night. Keep them where this machine cannot change them.

HEARTH_HEADS_DIR = env.path("HEARTH_HEADS_DIR", default=str(STATE / "heads"))()

# What all web processes count together: wrong codes, used codes.

CACHES = {"default": {"BACKEND": "config.shared_cache.SharedCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "cache"}}

# Logs: JSON lines that never hold a name, a case text or what somebody searched for.

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # django_structlog says the same, without the arguments and the exception's text
        "celery.app.trace": {"level": "CRITICAL"},
        "django.request": {"level": "CRITICAL"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}

# Counts and times for Prometheus, where an installation asks for them.

METRICS = env.bool("METRICS", default=False)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # whoever reads them shows it: `Authorization: Bearer ...`
if METRICS:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")
