"""One file for every environment: what differs comes from .env, from secrets and from deployctl."""

import os
from pathlib import Path

import dj_database_url

BASE_DIR = Path(__file__).resolve().parents[1]


def read(file):
    lines = file.read_text().splitlines() if file.is_file() else []
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


# A variable that the program was started with counts before the file's.
given = read(BASE_DIR / ".env") | dict(os.environ)

ENVIRONMENT = given.get("DEPLOYCTL_ENVIRONMENT", "laptop")
RELEASE = given.get("DEPLOYCTL_RELEASE", "none")
DEBUG = given.get("DEBUG", "False") == "True"
SECRET_KEY = given.get("SECRET_KEY", "a laptop's")
ALLOWED_HOSTS = given.get("ALLOWED_HOSTS", "localhost").split(",")

INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles", "tenants",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]},
}]
ROOT_URLCONF, WSGI_APPLICATION = "saas.urls", "saas.wsgi.application"
APPEND_SLASH = False
USE_TZ, TIME_ZONE = True, "UTC"
# No words of Django's own in other languages: the build leaves them out.
USE_I18N = False
STATIC_URL, STATIC_ROOT = "/static/", BASE_DIR / "static"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What a laptop falls back on is what tenants.checks refuses everywhere else.
DATABASES = {"default": dj_database_url.config(
    env="DATABASE_URL", default=f"sqlite:///{BASE_DIR}/laptop.sqlite3", conn_max_age=60, conn_health_checks=True)}

# The front speaks TLS and says so; its own headers lead plain HTTP over and keep browsers there.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = given.get("HTTPS", "True") == "True"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"] + ([] if SESSION_COOKIE_SECURE else ["security.W012", "security.W016"])

EMAIL_HOST, EMAIL_PORT = given.get("EMAIL_HOST", "localhost"), int(given.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = given.get("EMAIL_HOST_USER", ""), given.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_HOST_USER)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = given.get("DEFAULT_FROM_EMAIL", "hello@tenants.example")

CELERY_BROKER_URL = given.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_TASK_IGNORE_RESULT = True
# A message is done when its letter was sent; what a worker that ends had taken goes back.
CELERY_TASK_ACKS_LATE, CELERY_WORKER_PREFETCH_MULTIPLIER = True, 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "tenants.log.Lines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}
