"""
The settings of Counterpart, read from the environment.

Importing this module starts nothing: the address of the embedded database is computed here and served by
`config.launch.embedded`.
"""

import tomllib

import environ

from config.database import database, replica
from config.launch.paths import BASE_DIR, data_folder
from config.launch.variables import read_number
from config.secret_key import secret_key
from config.unfold import UNFOLD  # noqa: F401 - a setting

env = environ.Env()

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

DATA_DIR = data_folder()
SECRET_KEY = secret_key(DATA_DIR)
DEBUG = env.bool("DEBUG", default=False)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# There is a proxy in front of us: only then are its headers about scheme, host and caller believed, for anyone can send
# them.
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
USE_X_FORWARDED_HOST = TRUST_PROXY

# The site is reached over TLS: cookies travel only there, and plain HTTP is sent there.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A browser takes a cookie of such a name from nobody else: no page over plain HTTP, no other host of the domain.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SECURE_HSTS_SECONDS = read_number("HSTS_DAYS") * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SESSION_COOKIE_HTTPONLY = True

# When the admin site's sessions end is the database's to say: a browser keeps the cookie until it is closed.
SESSION_ENGINE = "webservices.access.site_sessions"
SESSION_COOKIE_AGE = read_number("ADMIN_SESSION_MINUTES") * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

SILENCED_SYSTEM_CHECKS = [
    # `config.headers` and `webservices.middleware` stand in the place of Django's own, which know no services.
    *("security.W001", "security.W002", "security.W008"),
    # HSTS for every subdomain (HSTS_SUBDOMAINS), and for good, is the site owner's to say, not ours.
    *("security.W005", "security.W021"),
]

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular_sidecar",
    "records",
    "parts",
    "customers",
    "orders",
    "webservices",
    "webservices.tester",
]

MIDDLEWARE = [
    "config.headers.headers_middleware",
    "webservices.middleware.settle_host",
    "webservices.middleware.compress_answers",
    "config.health.health_middleware",
    "webservices.middleware.require_tls",
    "webservices.middleware.services_first",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
            ],
        },
    },
]

DATABASES = {"default": database(DATA_DIR)}
if (second := replica()) is not None:
    DATABASES["replica"] = second
DATABASE_REPLICA_LAG_SECONDS = read_number("DATABASE_REPLICA_LAG_SECONDS")

# Time limits of its work, by kind (`records.timeouts`).
CALL_STATEMENT_SECONDS = read_number("CALL_STATEMENT_SECONDS")
CALL_LOCK_SECONDS = read_number("CALL_LOCK_SECONDS")
PAGE_STATEMENT_SECONDS = read_number("PAGE_STATEMENT_SECONDS")
PAGE_LOCK_SECONDS = read_number("PAGE_LOCK_SECONDS")
JOB_STATEMENT_SECONDS = read_number("JOB_STATEMENT_SECONDS")
JOB_LOCK_SECONDS = read_number("JOB_LOCK_SECONDS")
MIGRATION_STATEMENT_SECONDS = read_number("MIGRATION_STATEMENT_SECONDS")
MIGRATION_LOCK_SECONDS = read_number("MIGRATION_LOCK_SECONDS")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = ["config.hashers.OneLaneArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

AUTHENTICATION_BACKENDS = ["webservices.admin.sign_in.PasswordBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# A thousand records in one input of the test page; the APIs have a limit of their own (MAX_BODY_BYTES).
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# A part's page has several inputs for each of its prices, a confirmation page has one for each selected record.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

# Whitenoise serves the files from the apps' own folders: nothing to collect, nothing that can be stale.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

LINE = "{asctime} {levelname} {name}: {message}"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"class": "records.shapes.recognition.MaskingFormatter", "format": LINE, "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}

# The language and the currency of a dialect that has only one, and of the admin site's lists.
DEFAULT_LANGUAGE = env("DEFAULT_LANGUAGE", default="en")
DEFAULT_CURRENCY = env("DEFAULT_CURRENCY", default="USD")

# A state must be one of its country's (`customers.states`).
CHECK_STATES = env.bool("CHECK_STATES", default=True)
# Orders: where totals are rounded, `row` or `order`; if one that is sent must be the computed one.
ORDER_ROUNDING = env("ORDER_ROUNDING", default="row").lower()
CHECK_TOTALS = env.bool("CHECK_TOTALS", default=False)

# The tables in which a call may create what it names (`records.write.created_names`): "territories,customer_types".
CREATE_NAMED = [each.strip().replace("-", "_") for each in env.list("CREATE_NAMED", default=[])]

# The first start of an empty database: the demo world, and the superuser's password.
DEMO = env.bool("DEMO", default=True)
ADMIN_PASSWORD = env("ADMIN_PASSWORD", default="")

# Hosts that the Web Services Test page may send to, besides this server itself: `partner.example`, `partner:8443`.
TEST_PAGE_HOSTS = env.list("TEST_PAGE_HOSTS", default=[])

# Limits and permissions of the APIs (`webservices.conf` reads them). DIALECT_TERMS holds the settings of single
# dialects: {"oracle-2.0": {"get_limit": 1000}}.
ALLOW_CLEAR_PASSWORDS = env.bool("ALLOW_CLEAR_PASSWORDS", default=False)
PUBLIC_CONTRACTS = env.bool("PUBLIC_CONTRACTS", default=True)
MAX_BODY_BYTES = read_number("MAX_BODY_BYTES")
MAX_RECORDS = read_number("MAX_RECORDS")
MAX_FIELDS = read_number("MAX_FIELDS")
MAX_PROBLEMS = read_number("MAX_PROBLEMS")
EXCHANGE_BODY_BYTES = read_number("EXCHANGE_BODY_BYTES")
EXCHANGE_DAYS = read_number("EXCHANGE_DAYS")
EXCHANGE_DELAY_MS = read_number("EXCHANGE_DELAY_MS")
EXCHANGE_DAYS_OF = env.dict("EXCHANGE_DAYS_OF", {"value": int}, default={})  # oracle-2.0=365;rest=7
IDEMPOTENCY_HOURS = read_number("IDEMPOTENCY_HOURS")
JOB_DAYS = read_number("JOB_DAYS")
JOB_INPUTS = env.bool("JOB_INPUTS", default=True)
SIGN_IN_QUEUE = read_number("SIGN_IN_QUEUE")
SESSION_MINUTES = read_number("SESSION_MINUTES")
KEY_SESSION_MINUTES = read_number("KEY_SESSION_MINUTES")
TOKEN_MINUTES = read_number("TOKEN_MINUTES")
ACCESS_TOKEN_MINUTES = read_number("ACCESS_TOKEN_MINUTES")
PASSWORD_GRANT = env.bool("PASSWORD_GRANT", default=False)
USERNAME_TOKEN_MINUTES = read_number("USERNAME_TOKEN_MINUTES")
DATA_SOURCE = env("DATA_SOURCE", default="DEMO")
DIALECT_TERMS = env.json("DIALECT_TERMS", default={})
