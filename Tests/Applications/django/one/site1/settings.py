import os
from pathlib import Path

import dj_database_url

BASE_DIR = Path(__file__).parents[1]
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", ".notes.example"]
INSTALLED_APPS = ["django.contrib.staticfiles", "notes"]
ROOT_URLCONF = "site1.urls"
STATIC_URL, STATIC_ROOT = "/static/", BASE_DIR / "static"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CELERY_BROKER_URL = os.environ["CELERY_BROKER_URL"]
DATABASES = {"default": dj_database_url.config()}
