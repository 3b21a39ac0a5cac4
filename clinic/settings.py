"""Settings: one file. Every value that differs between machines is a typed environment variable.

A variable that is missing or malformed stops the start with its name (`clinic/environment.py`). `.env` in the project's
root is read if it is there (`make run` writes one); `ENV_FILE` names another. The table of variables is in the README, and
a test compares it with this file.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from clinic import database_url, environment
from clinic.foundation import limits
from clinic.foundation.sqlite import PrivateConnection

BASE_DIR = Path(__file__).resolve().parent.parent

env = environment.read(BASE_DIR)
ENV_FILE = environment.file_in(BASE_DIR)

# --- How this copy runs -----------------------------------------------------------------------------------------------

# "trial" is a clinic on somebody's own machine: mails are kept in the admin, cookies work without https.
# "production" refuses to start with anything unsafe (see the end of this file).
MODE = env.choice("MODE", "trial", ("trial", "production"))
PRODUCTION = MODE == "production"
DEBUG = env.switch("DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY")
# Fernet keys for health answers and free text, newest first: the first encrypts, all of them decrypt (rotation).
FIELD_KEYS = env.keys("FIELD_KEYS")
# The key under which client links are signed. The database alone opens nothing.
LINK_KEY = env.secret("LINK_KEY")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# Where clients reach the site: the address in mails and calendar files, without a slash at the end.
SITE_URL = env.site("SITE_URL", "http://127.0.0.1:8000")
SITE_URL_IS_SET = env.is_set("SITE_URL")
# How many proxies of ours are in front; the client's address is read that many places from the right.
PROXY_HOPS = env.number("PROXY_HOPS", 0, most=5)

# --- What it is made of -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "clinic",
    "clinic.foundation",
    "content",
    "bookings",
    "clinic.desk.DeskConfig",  # django.contrib.admin with our own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "django.forms",
    "csp",
]

# The first three are outside everything, so that files, redirects and errors carry the headers as well.
MIDDLEWARE = [
    "clinic.request_id.RequestIdMiddleware",
    "clinic.headers.HeadersMiddleware",
    "clinic.compress.CompressPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "clinic.input.BodyLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.input.CleanInputMiddleware",
    "clinic.health.HostMiddleware",
    # Whatever is asked has been looked at, and nobody has asked yet who asks.
    "content.ready.middleware.ReadyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.foundation.signin.idle.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
# Ids of system checks that the operator has read and overruled.
SILENCED_SYSTEM_CHECKS = env.items("SILENCED_SYSTEM_CHECKS", [])
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
                "content.context_processors.clinic",
            ],
            # Its {% csrf_token %} takes the place of Django's.
            "builtins": ["clinic.foundation.signin.mark"],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("clinic",)
CRISPY_TEMPLATE_PACK = "clinic"
CRISPY_FAIL_SILENTLY = False  # a layout with a field that is not there is a mistake, not an empty space

# Of the templates of Django's widgets, ours come first (templates/django/forms/).
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database ---------------------------------------------------------------------------------------------------------

# The site's role on PostgreSQL, where another one owns the tables and runs `migrate`, which gives this one its rights.
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "")
DATABASES = {"default": env.database("DATABASE_URL", "sqlite:///var/clinic.sqlite3", BASE_DIR)}
# Through the address itself, such as `?host=/a/socket` or `?sslmode=require`.
_ASKED_FOR = DATABASES["default"]["OPTIONS"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # With Django's defaults more than half of 10,000 racing claims fail with "database is locked"; with these, none do.
    # IMMEDIATE takes the write lock when a transaction opens, so that no reader has to be turned into a writer midway.
    _OURS = {
        # Makes the file for its owner alone.
        "factory": PrivateConnection,
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
else:
    # How long a statement may run and wait for a lock is set on the role: see clinic/postgresql/base.py. A limit asked
    # for here would be refused by a pooler, or lost in it, and so would a cursor that is kept on the server.
    DATABASES["default"]["ENGINE"] = "clinic.postgresql"
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    _OURS = {"connect_timeout": 5}
DATABASES["default"]["OPTIONS"] = database_url.beside(
    _OURS, _ASKED_FOR, joined={"options": " ", "init_command": " "}
)

# --- Time and language ------------------------------------------------------------------------------------------------

# Everything is stored in UTC. The clinic's own zone is data (content.ClinicProfile) and is applied once, at the edge.
TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en-gb"
USE_I18N = False

# --- Sessions, cookies, headers ---------------------------------------------------------------------------------------

# The table holds a digest of each session's key: a copy of the database opens none.
SESSION_ENGINE = "clinic.foundation.signin.sessions"
# "Cleo is told" stays on the server until it is shown; Django's default puts it into a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# A session ends so long after its person last did something (clinic/foundation/signin/idle.py).
SESSION_COOKIE_AGE = 60 * env.number("IDLE_MINUTES", limits.sign_in.IDLE_MINUTES, least=1, most=12 * 60)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clinic.csrf.failure"
# Never cached, never indexed, whatever they answer.
PRIVATE_PATHS = [
    "/admin/",
    "/consultations/diary/",
    "/consultations/mine/",
    "/consultations/new-link/",
    "/consultations/open/",
    "/consultations/request/",
    "/consultations/sent/",
    "/preview/",
    "/search/",
]
# What follows these in an address opens something and is kept out of every log.
TOKEN_PATHS = ["/consultations/open/", "/consultations/diary/", "/preview/"]
# Where staff work, and where they upload: forms may be larger there (clinic/input.py).
DESK_PATH = "/admin/"
UPLOAD_PATHS = [r"/admin/content/(picture|page)/(add|\d+/change)/"]
CLIENT_COOKIE_NAME = "client"
DRAFT_COOKIE_NAME = "draft"
KNOWN_COOKIE_NAME = "known"
TRUSTED_COOKIE_NAME = "trusted"
SECURE_CONTENT_TYPE_NOSNIFF = True
# no-referrer would make Chromium send "Origin: null", and Django then refuses every POST.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# For how long browsers use https only, and where: this host, its subdomains, and whether the address may be built into
# browsers themselves. Neither of the last two can be undone quickly, so they are for the operator to decide.
_TO_HTTPS = env.switch("SECURE_SSL_REDIRECT", True)
_HSTS = env.number("SECURE_HSTS_SECONDS", 63_072_000)
_HSTS_SUBDOMAINS = env.switch("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
_HSTS_PRELOAD = env.switch("SECURE_HSTS_PRELOAD", False)
if _HSTS_PRELOAD and not (_HSTS_SUBDOMAINS and _HSTS >= 31_536_000):
    raise ImproperlyConfigured(
        "SECURE_HSTS_PRELOAD needs SECURE_HSTS_INCLUDE_SUBDOMAINS, and a year or more of SECURE_HSTS_SECONDS."
    )
if PRODUCTION:
    SECURE_SSL_REDIRECT = _TO_HTTPS
    SECURE_HSTS_SECONDS = _HSTS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = _HSTS_SUBDOMAINS
    SECURE_HSTS_PRELOAD = _HSTS_PRELOAD
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    if PROXY_HOPS:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    CLIENT_COOKIE_NAME = "__Host-client"
    DRAFT_COOKIE_NAME = "__Host-draft"
    KNOWN_COOKIE_NAME = "__Host-known"
    TRUSTED_COOKIE_NAME = "__Host-trusted"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# --- Staff sign-in ----------------------------------------------------------------------------------------------------

# The only one, so that no password check bypasses the guard. Its numbers are in clinic/foundation/signin/guard.py.
AUTHENTICATION_BACKENDS = ["clinic.foundation.signin.backend.GuardedBackend"]
# The first hashes new passwords, and at each sign-in those that were hashed by another.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Whether a code from a telephone must follow the password, for whoever may read health answers or change accounts.
# Anyone who has set one up is asked for it either way.
SECOND_FACTOR = env.switch("SECOND_FACTOR", PRODUCTION)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# A trial serves the files from where they are; only production collects them.
_COLLECTED = env.folder("STATIC_ROOT", BASE_DIR / "var" / "static")
STATIC_ROOT = _COLLECTED if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
# Browsers and phones ask for these at the root, whatever the page says: /favicon.ico, /apple-touch-icon.png.
WHITENOISE_ROOT = BASE_DIR / "static_root"
# Uploaded pictures: written anew by us and served by a view of ours, never straight from the folder.
MEDIA_ROOT = env.folder("MEDIA_ROOT", BASE_DIR / "var" / "media")
if _COLLECTED in (MEDIA_ROOT, *MEDIA_ROOT.parents) or MEDIA_ROOT in _COLLECTED.parents:
    raise ImproperlyConfigured(
        "MEDIA_ROOT must not lie in STATIC_ROOT, nor around it: what is collected is served as it is."
    )
# Whether the proxy sends them from MEDIA_ROOT, once we have looked at their row (deploy/nginx/clinic.conf).
PROXY_SERVES_PICTURES = env.switch("PROXY_SERVES_PICTURES", False)
if PROXY_SERVES_PICTURES and not PROXY_HOPS:
    raise ImproperlyConfigured("PROXY_SERVES_PICTURES needs a proxy: set PROXY_HOPS, or turn it off.")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "clinic.static_files.CollectedFiles"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False

# --- Mail -------------------------------------------------------------------------------------------------------------

# With no EMAIL_HOST nothing is sent: the worker keeps each mail, and the desk's outbox shows it, links included.
EMAIL_HOST = env.host("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.mail_sign_in("EMAIL_HOST_USER", secret=False)
EMAIL_HOST_PASSWORD = env.mail_sign_in("EMAIL_HOST_PASSWORD", secret=True)
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 20
# Mails a minute, for all workers together; 0 is as many as the server takes.
EMAIL_RATE = env.number("EMAIL_RATE", 60)
# The envelope's sender. Its name and the Reply-To are the clinic profile's.
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", "appointments@example.org")

# Where `manage.py backup` puts its backups; only `manage.py doctor` reads it, to see that the last one is young.
BACKUPS = env.folder("BACKUPS", BASE_DIR / "var" / "backups") if env.is_set("BACKUPS") else None

# Who may read /metrics, by this bearer token; without one nobody may.
METRICS_TOKEN = env.secret("METRICS_TOKEN", "")

# Who is told by `manage.py doctor --mail` that something is wrong with the server.
OPERATOR_EMAIL = env.sender("OPERATOR_EMAIL", "")

# Where to report a weakness (/.well-known/security.txt): a URI, made from an address if one is given.
SECURITY_CONTACT = env.contact("SECURITY_CONTACT", DEFAULT_FROM_EMAIL)

# --- Client links -----------------------------------------------------------------------------------------------------

LINK_DAYS = env.number("LINK_DAYS", 60, least=1, most=180)

# Mails of staff wait so many minutes, so that a wrong press can be taken back; 0: they go at once, and nothing can be.
UNDO_MINUTES_USUALLY = 3
UNDO_MINUTES = env.number("UNDO_MINUTES", UNDO_MINUTES_USUALLY, most=30)

# --- Logs: no personal data, no query strings, no tokens --------------------------------------------------------------

# A line of words for each entry, or a JSON object for programs that collect them. gunicorn.conf.py reads it too.
LOG_FORMAT = env.choice("LOG_FORMAT", "line", ("line", "json"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "outages": {"()": "clinic.logs.OutageFilter"},
        "private": {"()": "clinic.logs.PrivateFilter"},
    },
    "formatters": {"entry": {"()": "clinic.logs.Line" if LOG_FORMAT == "line" else "clinic.logs.Json"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["outages", "private"],
            "formatter": "entry",
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

# --- Production refuses to start when something is unsafe -------------------------------------------------------------

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be false when MODE is production.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured("SECRET_KEY is weak: give at least 50 random characters.")
    if len(LINK_KEY) < 40 or len(set(LINK_KEY)) < 5:
        raise ImproperlyConfigured("LINK_KEY is weak: give at least 40 random characters.")
    if not ALLOWED_HOSTS or any("*" in host for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the site's hosts, without '*'.")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must begin with https:// when MODE is production.")
