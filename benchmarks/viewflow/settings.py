"""Django for the comparison: login, sessions and CSRF on, SQLite with the pragmas of our own installation."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ["BENCH_FOLDER"])
SECRET_KEY = "of a benchmark on the loopback"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "/accounts/login/"
STATIC_URL = "/static/"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "viewflow",
    "viewflow.workflow",
    "approval",
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
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "viewflow.sqlite3",
        "CONN_MAX_AGE": None,  # a connection for each thread of the server, kept open like ours
        "OPTIONS": {
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=wal; PRAGMA synchronous=full; PRAGMA foreign_keys=on;"
            " PRAGMA secure_delete=on; PRAGMA recursive_triggers=on;",
        },
    },
}
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions", "viewflow", "workflow", "approval"))
"""Tables are made from the models at once: the database of a benchmark has no past."""
