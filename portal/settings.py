"""All settings, read from the environment by the typed readers of portal.env. One file for every deployment."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import env

BASE_DIR = Path(__file__).resolve().parent.parent
HOME_DIR = env.path_("URBANLINK_HOME", BASE_DIR / "var")

DEBUG = env.bool_("DEBUG", False)
DEMO = env.bool_("DEMO", False)
SECRET_KEY = env.secret_("SECRET_KEY", minimum=32)
ALLOWED_HOSTS = env.list_("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list_("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.url_("SITE_URL", f"http://127.0.0.1:{env.int_('PORT', 8000, lowest=1, highest=65535)}")
SITE_NAME = "UrbanLink"
STAFF_SECOND_FACTOR = env.bool_("STAFF_SECOND_FACTOR", True)
STYLEGUIDE_PUBLIC = DEBUG or DEMO

INSTALLED_APPS = [
    "modeltranslation",  # before admin, whose classes it extends
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgvector.django",
    "portal.common",
    "portal.accounts",
    "portal.audit",
    "portal.jobs",
    "portal.notices",
    "portal.embedded",
    "portal.imports",
    "portal.programmes",
    "portal.guidance",
    "catalog",
    "catalog.confirmations",
    "catalog.partnerships",
    "cities",
    "cities.coach",
    "matching",
    "matching.introductions",
    "matching.workbench",
    "matching.complaints",
    "matching.experts",
    "matching.pooling",
    "matching.moments",
    "portal.translating",
    "portal.searches",
]

MIDDLEWARE = [
    "portal.common.pseudo.PseudoLocaleMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # below static files, which are packed already (ADR 0121)
    "csp.middleware.CSPMiddleware",
    "portal.common.middleware.refuse_hostile_input",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.common.negotiation.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.middleware.use_time_zone",
    "portal.accounts.middleware.require_second_factor",
    "portal.accounts.middleware.mark_form_errors",
    "portal.common.middleware.translate_domain_errors",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"

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
                "portal.common.context.site",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "portal.common.forms.FormRenderer"

# --- Data ---------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **env.database_("DATABASE_URL"),
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis = env.redis_("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "portal.common.cache.ForgivingRedisCache",
        "LOCATION": _redis.cache(),
        "KEY_PREFIX": "urbanlink",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # a lost cache must not sign everybody out

MEDIA_ROOT = env.path_("MEDIA_ROOT", HOME_DIR / "media")
STATIC_URL = "/static/"
STATIC_ROOT = env.path_("STATIC_ROOT", HOME_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- People -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home-mine"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.forms.SignupForm"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that has just registered
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail on every change of password, address or second factor
_forms = "portal.accounts.allauth_forms"
ACCOUNT_FORMS = {
    "login": f"{_forms}.LoginForm",
    "signup": f"{_forms}.SignupForm",
    "add_email": f"{_forms}.AddEmailForm",
    "change_password": f"{_forms}.ChangePasswordForm",
    "set_password": f"{_forms}.SetPasswordForm",
    "reset_password": f"{_forms}.ResetPasswordForm",
    "reset_password_from_key": f"{_forms}.ResetPasswordKeyForm",
    "reauthenticate": f"{_forms}.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": f"{_forms}.AuthenticateCodeForm",
    "reauthenticate": f"{_forms}.ReauthenticateCodeForm",
    "activate_totp": f"{_forms}.ActivateCodeForm",
}
MFA_ADAPTER = "portal.accounts.adapter.MFAAdapter"
MFA_TOTP_ISSUER = SITE_NAME
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- Languages ----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("pt", "Português"),
    ("ko", "한국어"),
    ("ja", "日本語"),
    ("zh-hans", "简体中文"),
]
# A second portal below /en-xa/ in accented, longer, bracketed English: finds words that escape translation.
PSEUDO_LOCALE = env.bool_("PSEUDO_LOCALE", DEBUG)
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = tuple(code for code, _name in LANGUAGES)
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "es", "fr", "pt", "ko", "ja", "zh-hans")
# Forms of vocabulary fields never fall back silently: what is shown is what is stored.
MODELTRANSLATION_ENABLE_FALLBACKS = True

# --- Work in the background ---------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str_("CELERY_BROKER_URL", _redis.broker())
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# In kB of its peak: a process with both encoders keeps 580 MB; one that a job blew up is replaced after it.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_000_000
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A lost message is found by the sweeper in seconds, so a publisher must not wait long for a broker that is away.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "expire-records": {"task": "matching.tasks.expire_records", "schedule": 3600.0},
    "verify-audit-chain": {"task": "portal.audit.tasks.verify", "schedule": 86400.0},
    "look-after-verifications": {"task": "portal.accounts.tasks.look_after_verifications", "schedule": 86400.0},
    "look-after-evidence": {"task": "catalog.confirmations.tasks.look_after_evidence", "schedule": 86400.0},
    "end-agreements": {"task": "catalog.partnerships.tasks.end_agreements", "schedule": 3600.0},
    "remind-of-demands": {"task": "cities.tasks.remind_of_expiry", "schedule": 86400.0},
    "settle-pools": {"task": "cities.coach.tasks.settle_pools", "schedule": 3600.0},
    "clear-sessions": {"task": "portal.accounts.tasks.clear_sessions", "schedule": 86400.0},
    "rank-missing": {"task": "matching.tasks.rank_missing", "schedule": 3600.0},
    "check-lists": {"task": "matching.tasks.check_every_night", "schedule": crontab(hour=2, minute=10)},
    "price-lists": {"task": "matching.learning.jobs.price_every_night", "schedule": 86400.0},
    "advance-programmes": {"task": "portal.programmes.tasks.advance_programmes", "schedule": 300.0},
    "learn-words": {"task": "portal.searches.tasks.learn_new_words", "schedule": 300.0},
    "recount-words": {"task": "portal.searches.tasks.recount_every_night", "schedule": crontab(hour=3, minute=40)},
    "look-through-searches": {"task": "portal.searches.tasks.look_through_searches", "schedule": 300.0},
    "send-digests": {"task": "portal.notices.tasks.send_digests", "schedule": 900.0},
    "tend-introductions": {"task": "matching.introductions.tasks.tend_introductions", "schedule": 21600.0},
    "look-after-advice": {"task": "matching.experts.tasks.look_after_advice", "schedule": 21600.0},
    "count-moments": {"task": "matching.moments.tasks.count_moments", "schedule": 60.0},
    "close-complaints": {"task": "matching.complaints.tasks.close_answered", "schedule": 86400.0},
    "prune-jobs": {"task": "portal.jobs.prune", "schedule": 86400.0},
}
if env.str_("INBOUND_IMAP_URL", ""):
    CELERY_BEAT_SCHEDULE["poll-mailbox"] = {"task": "matching.introductions.tasks.poll_mailbox", "schedule": 60.0}
JOB_QUEUES = ("encode", "match", "mail", "egress", "default")

EMBEDDING_BACKEND = env.encoder_("EMBEDDING_BACKEND", "bundled", ("bundled", "light", "fake"))
# Of an address only: the name of its model, and a key. Of any foreign model: what it wants before a text.
EMBEDDING_MODEL = env.str_("EMBEDDING_MODEL", "")
EMBEDDING_API_KEY = env.str_("EMBEDDING_API_KEY", "")
EMBEDDING_QUERY_PREFIX = env.str_("EMBEDDING_QUERY_PREFIX", "")
EMBEDDING_PASSAGE_PREFIX = env.str_("EMBEDDING_PASSAGE_PREFIX", "")
if "://" in EMBEDDING_BACKEND and not EMBEDDING_MODEL:
    raise env.SettingError("EMBEDDING_MODEL", "nothing", "the name of the model behind EMBEDDING_BACKEND")

# Off unless named: `argos`, the address of a LibreTranslate server, or python:package.module.Class. See operations.md.
MACHINE_TRANSLATOR = env.translator_("MACHINE_TRANSLATOR")
MACHINE_TRANSLATOR_KEY = env.str_("MACHINE_TRANSLATOR_KEY", "")

# --- Mail ---------------------------------------------------------------------------------------------------------

_mail = env.email_("EMAIL_URL", (HOME_DIR / "mails").as_uri())
globals().update(_mail)
# Mails that are written to files reach nobody; where that is a demo, a page shows them. Never anywhere else.
CATCHES_MAILS = (DEBUG or DEMO) and "EMAIL_FILE_PATH" in _mail
DEFAULT_FROM_EMAIL = env.str_("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <noreply@urbanlink.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Answers by mail: the domain whose mail for reply+…@ goes to `manage.py receive_mail`. Empty: nobody can answer so.
INBOUND_DOMAIN = env.str_("INBOUND_DOMAIN", "")
# Instead of a mail server's pipe: imaps://user:password@host/INBOX, polled every minute.
INBOUND_IMAP_URL = env.str_("INBOUND_IMAP_URL", "")
INBOUND_MOST_BYTES = env.int_("INBOUND_MOST_BYTES", 5 * 2**20, lowest=10_000)
CONTACT_EMAIL = env.str_("CONTACT_EMAIL", "help@urbanlink.example")

# --- Safety -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31536000 if _https else 0
TRUSTED_PROXY = env.bool_("TRUSTED_PROXY", False)
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# Requests a minute that the API takes from one address, one person, and of those that change something. 0: no limit.
API_VISITOR_PER_MINUTE = env.int_("API_VISITOR_PER_MINUTE", 60, lowest=0)
API_USER_PER_MINUTE = env.int_("API_USER_PER_MINUTE", 300, lowest=0)
API_WRITES_PER_MINUTE = env.int_("API_WRITES_PER_MINUTE", 30, lowest=0)
if _https and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS: read nothing; expected the host names the portal answers to.")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.common.permissions.Declared"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.common.pagination.Pages",
    "PAGE_SIZE": 20,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "portal.common.throttling.Writes",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": f"{API_VISITOR_PER_MINUTE}/minute" if API_VISITOR_PER_MINUTE else None,
        "user": f"{API_USER_PER_MINUTE}/minute" if API_USER_PER_MINUTE else None,
        "suggest": f"{API_USER_PER_MINUTE}/minute" if API_USER_PER_MINUTE else None,
        "write": f"{API_WRITES_PER_MINUTE}/minute" if API_WRITES_PER_MINUTE else None,
    },
    # Behind no proxy of ours the header that names the caller's address is anybody's to write.
    "NUM_PROXIES": int(TRUSTED_PROXY),
    "DEFAULT_METADATA_CLASS": None,  # the schema describes the API; OPTIONS would guess what a POST takes
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.common.api.handle_error",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "UrbanLink API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "DEFAULT_GENERATOR_CLASS": "portal.openapi.KeptSchemaGenerator",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "DemandStage": "cities.enums.ProjectStage",
        "DemandState": "cities.enums.DemandState",
        "FollowUpStage": "matching.introductions.enums.Stage",
        "MatchState": "matching.enums.MatchState",
        "AdviceDeclineReason": "matching.experts.enums.DeclineReason",
        "AdviceState": "matching.experts.enums.AdviceState",
        "PoolMemberState": "cities.coach.models.MemberState",
        "ApplicationState": "portal.programmes.enums.ApplicationState",
        "EventState": "portal.programmes.enums.EventState",
        "ProgrammeKind": "portal.programmes.enums.ProgrammeKind",
        "ProgrammeState": "portal.programmes.enums.ProgrammeState",
        "SolutionState": "catalog.enums.SolutionState",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "portal": {"level": "INFO"},
        "matching": {"level": "INFO"},
        "catalog": {"level": "INFO"},
        "cities": {"level": "INFO"},
        "celery": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

# How long a page of results waits for the meaning of words that were not searched before. 0: only words are searched.
SEARCH_PATIENCE_MS = env.int_("SEARCH_PATIENCE_MS", 250, lowest=0, highest=2000)

# A figure the gap page publishes is suppressed below this many records, so that nobody can be singled out.
GAP_DISCLOSURE_FLOOR = 3
# From so many open demands on, the gap is counted by workers every minute and no more by each page; from so many listed
# solutions on, so is whose they are.
COUNTED_BY_WORKERS_FROM = 500
# From this many listed solutions on, workers search a snapshot instead of scoring every pair.
SNAPSHOT_FROM = env.int_("SNAPSHOT_FROM", 3000, lowest=0)
# How many of a demand's best solutions become suggestions that a moderator works on.
SUGGESTIONS_PER_DEMAND = 5

# --- The office: by when ICLEI answers, and what a second person has to look at ------------------------------------

OFFICE_TIME_ZONE = env.str_("OFFICE_TIME_ZONE", "Europe/Berlin")
OFFICE_WEEKEND = frozenset({6, 7})  # ISO weekdays
# 05-01 every year, 2027-03-26 once.
OFFICE_HOLIDAYS = frozenset(env.list_("OFFICE_HOLIDAYS", ["01-01", "05-01", "12-25", "12-26"]))
# Working days from the day on which it came.
WORKBENCH_TARGETS = {
    "organisation": 5,
    "demand": 5,
    "solution": 5,
    "match": 10,
    "confirm": 2,
    "question": 2,
    "document": 2,
    "evidence": 10,
    "follow_up": 5,
    "flag": 3,
    "complaint": 10,
    "appeal": 10,
}
WORKBENCH_TAKEN_FOR = 30  # minutes after which an item that somebody took is free again
WORKBENCH_UNDO_WITHIN = 30  # seconds in which a decision is taken back before anybody is told
# What a second moderator has to confirm. A budget in euros, 0 for never; the others are on or off.
FOUR_EYES_BUDGET = env.int_("FOUR_EYES_BUDGET", 50_000_000, lowest=0)
FOUR_EYES = frozenset(env.list_("FOUR_EYES", ["override", "reversal", "reinstatement"]))
# How often a month each provider may ask to be considered for a demand.
INTERESTS_PER_MONTH = env.int_("INTERESTS_PER_MONTH", 5, lowest=0)
