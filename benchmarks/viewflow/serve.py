"""Prepare a database with one person, then serve it as ours is served.

`python serve.py PORT`, with `BENCH_FOLDER` and `BENCH_PASSWORD` set.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command
from waitress import serve


def main(port: int) -> None:
    """Migrate, enter the person, serve."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)

    from django.contrib.auth.models import User  # noqa: PLC0415 -- models exist once Django is set up
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    User.objects.create_superuser("clerk", password=os.environ["BENCH_PASSWORD"])
    serve(get_wsgi_application(), host="127.0.0.1", port=port, threads=8, ident=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
