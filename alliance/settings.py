"""All settings, driven by the environment. docs/deploy.md lists the variables."""

from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from alliance.chart_fonts import font_files
from alliance.environment import (
    BASE_DIR,
    env_choice,
    env_flag,
    env_int,
    env_list,
    env_path,
    env_text,
    var_directory,
)
from alliance.private_files import read_or_make_secret
from alliance.services import (
    archive_template,
    cache_aliases,
    capture_storage,
    databases,
    feed_name,
    openid_apps,
    refuse_bad_metrics,
    site_url,
)

VAR_DIR = var_directory()

DEBUG = env_flag("DEBUG")
# As in production, but over plain http and on the loopback address alone: `make run`.
TRYOUT = env_flag("ALLIANCE_TRYOUT")
if DEBUG and TRYOUT:
    raise ImproperlyConfigured("DEBUG and ALLIANCE_TRYOUT exclude each other: set one of them.")

IS_LOCAL = DEBUG or TRYOUT
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


def _secret_key() -> str:
    key = env_text("SECRET_KEY")
    if not key and TRYOUT:
        key = read_or_make_secret(VAR_DIR / "secret-key")
    if not key and DEBUG:
        key = "only-for-development-with-debug-on"
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to a long random string, "
            "or DEBUG=1 for development on this machine."
        )
    return key


def _default_database_url() -> str:
    # The database holds drafts and password hashes, which other accounts here need not read.
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"sqlite:///{VAR_DIR / 'db.sqlite3'}"


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = LOOPBACK_HOSTS if IS_LOCAL else env_list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue. Django's own would ask for these very settings."""
    return text


# What the site is called where no editor has named it, in the language of the reader.
SITE_NAME = gettext_noop("Integrated Alliance Tracker")
# And where it began without the report that comes with the project.
EMPTY_SITE_NAME = gettext_noop("Recommendation Tracker")

INSTALLED_APPS = [
    # Before staticfiles: runserver then serves static files as gunicorn does.
    "whitenoise.runserver_nostatic",
    "alliance.apps.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "simple_history",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "alliance",
    # After auth: its roles are made of permissions that auth creates at the same signal. After
    # allauth: its admin takes back what allauth registers.
    "recommendations",
]
if IS_LOCAL:
    # Makes up a record to measure and to try out; nobody's real record needs it.
    INSTALLED_APPS.append("recommendations.corpus")

# Reasons of edits are sentences, longer than the hundred characters that it gives them.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

MIDDLEWARE = [
    "alliance.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alliance.compression.CompressionMiddleware",
    # Ahead of whatever may answer by itself, so that refusals carry the policy too.
    "csp.middleware.CSPMiddleware",
    "alliance.headers.HeadersMiddleware",
    "recommendations.api.front.ApiMiddleware",
    "alliance.database_away.DatabaseAwayMiddleware",
    "recommendations.web.open_answers.CookielessMiddleware",
    "recommendations.web.kept_answers.KeptAnswersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "alliance.sessions.SlidingSessionMiddleware",
    "alliance.revision_cookie.RevisionCookieMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "recommendations.web.clock_zone.ClockZoneMiddleware",
    "recommendations.web.acts.ActsMiddleware",
    "alliance.second_factor.SecondFactorMiddleware",
    "alliance.step_up.StepUpMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "recommendations.web.errors.BadAddressMiddleware",
]

# Without it a digest of the program's files tells one release from the next (alliance.release).
RELEASE = env_text("RELEASE")

ROOT_URLCONF = "alliance.urls"
CSRF_FAILURE_VIEW = "alliance.csrf.csrf_failure"
WSGI_APPLICATION = "alliance.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "alliance.template_layout.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "recommendations.web.context_processors.site",
                "alliance.context_processors.sign_in",
            ],
        },
    },
]

DATABASES = databases(env_text("DATABASE_URL") or _default_database_url())
DATABASE_ROUTERS = ["alliance.replica.Router"] if "replica" in DATABASES else []
# By how many seconds the replica may be behind and still be read.
REPLICA_MAX_LAG = env_int("REPLICA_MAX_LAG", default=30, minimum=1, maximum=3600)
# Where the index of words and counts lies, made from the database: for this machine alone, on a
# disk of its own, never shared with another.
INDEX_DIR = env_path("INDEX_DIR", default=VAR_DIR / "index")
# Where files lie that take long to make, such as the ZIP of each edition: for this machine too.
DATA_DIR = env_path("DATA_DIR", default=VAR_DIR / "data")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Work that no request waits for, in the database: a worker does it, `manage.py run_worker`.
TASKS = {"default": {"BACKEND": "alliance.background.backend.KeyedBackend"}}

CACHES = cache_aliases()
if DEBUG:
    # Who works on templates wants to see each change of them.
    CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

# They judge new passwords; those that there are go on working.
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "alliance.passwords.DisguisedPasswordValidator"},
    {"NAME": "alliance.passwords.NamedPasswordValidator"},
]

# The longest that a one-time link lasts; alliance.one_time_links has how long each does.
PASSWORD_RESET_TIMEOUT = 72 * 3600

# django-allauth signs people in. Accounts are made by createstaff or in the admin alone.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "alliance.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}

# Of whom a second factor is required; of nobody while trying out.
MFA_REQUIRED = env_choice(
    "MFA_REQUIRED", choices=["none", "reviewers", "staff"], default="reviewers"
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "login_webauthn": "alliance.passkeys.PasskeyForm",
    "authenticate_webauthn": "alliance.passkeys.SecondFactorForm",
    "reauthenticate_webauthn": "alliance.passkeys.AskedAgainForm",
}
MFA_ADAPTER = "alliance.adapters.FactorAdapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL
# Addresses are typed in by whoever makes the account, and nobody verifies them.
MFA_ALLOW_UNVERIFIED_EMAIL = True

SOCIALACCOUNT_ADAPTER = "alliance.adapters.SocialAdapter"
OPENID_APPS = openid_apps()
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": OPENID_APPS}}
if OPENID_APPS:
    # With what it asks a provider by it takes 5 MB of each process.
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")

# Who sends it is shown /metrics; without one nothing is counted and there is no such page.
METRICS_TOKEN = env_text("METRICS_TOKEN")
# Where each process counts. The library reads the variable by itself, under its own name.
METRICS_DIR = env_text("PROMETHEUS_MULTIPROC_DIR")
refuse_bad_metrics(METRICS_TOKEN, METRICS_DIR, is_alone=IS_LOCAL)

# To whom a weakness is reported: an https or mailto address. Without it there is no security.txt.
SECURITY_CONTACT = env_text("SECURITY_CONTACT")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("https://", "mailto:")):
    raise ImproperlyConfigured("SECURITY_CONTACT must start with https:// or mailto:.")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "recommendations" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
# Numbers also stand in SVG geometry and CSV columns, where "1,200" is an error.
USE_THOUSAND_SEPARATOR = False


# Where links in mails lead. A request has a host of its own; a command has none.
SITE_URL = site_url(default="http://localhost:8000" if IS_LOCAL else "")

# Whether pages of the web are fetched that staff name, and kept as they were. Sites are told who
# asks, by SITE_URL.
CAPTURE = env_flag("CAPTURE")
if CAPTURE and not SITE_URL:
    raise ImproperlyConfigured(
        "CAPTURE is on and SITE_URL is not set: sites would not be told who asks for their pages."
    )
# Where copies of pages are kept: in a folder of this machine, unless CAPTURE_BUCKET names another
# place.
CAPTURE_DIR = env_path("CAPTURE_DIR", default=VAR_DIR / "captures")
# What a web archive is asked by to keep a page too, with {address} in it; without one none is.
CAPTURE_ARCHIVE = archive_template(env_text("CAPTURE_ARCHIVE"))

# What ids in feeds and calendars began with before editors could say it, for those who subscribed.
FEED_NAME = feed_name()

# Files of the keys that sign the newest digest, made by `make_record_key`: one, or two while one
# follows another.
RECORD_KEY_FILES = env_list("RECORD_KEY_FILES")

# What pictures of charts are drawn with, the first that has the characters of a language first.
CHART_FONT_FILES = font_files(env_list("CHART_FONT_FILES"))

# Without a host mails are printed where the process writes.
EMAIL_HOST = env_text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
_EMAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_EMAIL_SECURITY = env_choice("EMAIL_SECURITY", choices=list(_EMAIL_PORTS), default="starttls")
EMAIL_PORT = env_int("EMAIL_PORT", default=_EMAIL_PORTS[_EMAIL_SECURITY], minimum=1, maximum=65_535)
EMAIL_USE_TLS = _EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = _EMAIL_SECURITY == "tls"
EMAIL_HOST_USER = env_text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env_text("EMAIL_PASSWORD")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text(
    "DEFAULT_FROM_EMAIL", default="" if EMAIL_HOST else "tracker@localhost"
)
if not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL is not set. Servers refuse mail without a sender of theirs."
    )
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STATIC_URL = "/static/"
STATIC_ROOT = env_path("STATIC_ROOT", default=VAR_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "captures": capture_storage(CAPTURE_DIR),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Django 6's default: an address typed without a scheme is https.
FORMS_URLFIELD_ASSUME_HTTPS = True

# How often one network may ask the API within five minutes; 0 for as often as it likes. What is
# answered from memory, or not modified, does not count.
API_REQUESTS = env_int("API_REQUESTS", default=1_000, maximum=1_000_000)

# How many proxies of ours stand in front: that many entries at the end of X-Forwarded-For
# are believed, and none when it is 0.
NUM_PROXIES = env_int("NUM_PROXIES", default=0, maximum=10)
# For so many seconds a proxy that keeps pages answers without asking whether they still hold.
PROXY_KEEPS = env_int("PROXY_KEEPS", default=1, maximum=60)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env_flag("TRUST_PROXY_SSL_HEADER") else None
)

SECURE_SSL_REDIRECT = not IS_LOCAL
# Load balancers and supervisors ask for these over plain http, from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if IS_LOCAL else env_int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_flag("HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env_flag("HSTS_PRELOAD")
# What other hosts of the domain do is for the owner of the domain to say, not a default.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = not IS_LOCAL
CSRF_COOKIE_SECURE = not IS_LOCAL
# With the prefix, a browser lets no other host of the domain set them. It needs https.
SESSION_COOKIE_NAME = "sessionid" if IS_LOCAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if IS_LOCAL else "__Host-csrftoken"
REVISION_COOKIE_NAME = "revision" if IS_LOCAL else "__Host-revision"
# The scripts take the token from the form that they send.
CSRF_COOKIE_HTTPONLY = True
# After the last use; alliance.sessions renews it meanwhile. The cookie goes with the browser.
SESSION_COOKIE_AGE = 3600 * env_int("SESSION_HOURS", default=12, minimum=1, maximum=336)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "alliance.session_store"
LANGUAGE_COOKIE_SECURE = not IS_LOCAL
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "bare": {"format": "%(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "acts": {"class": "logging.StreamHandler", "formatter": "bare"},
    },
    "root": {
        "handlers": ["stderr"],
        "level": env_choice(
            "LOG_LEVEL",
            choices=["DEBUG", "INFO", "WARNING", "ERROR"],
            default="INFO" if DEBUG else "WARNING",
        ),
    },
    # Django's own handlers would print each line twice and mail the admins.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # The log of acts: one JSON object a line, whatever LOG_LEVEL says.
        "recommendations.acts": {"handlers": ["acts"], "level": "INFO", "propagate": False},
    },
}
