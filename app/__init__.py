"""The application: `create_app` puts it together and decides nothing."""

from __future__ import annotations

from flask import Flask

from app import unit_of_work
from app.services import audit, demo_clock, mail, passwords
from app.settings import SettingRefused, Settings, load, secret


def create_app(settings: Settings | None = None) -> Flask:
    """Build the Flask application for these settings (default: the environment's)."""
    # they import the floors below, which import nothing from here
    from app import cli, web  # noqa: PLC0415
    from app.demo.county import PASSWORD  # noqa: PLC0415

    settings = settings or _settings()
    wire(settings)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.upload_limit + 1024 * 1024,
        SETTINGS=settings,
        TESTING=settings.testing,
    )
    if settings.demonstration:
        app.config["DEMO_PASSWORD"] = PASSWORD
    web.register(app)
    cli.register(app)
    return app


def _settings() -> Settings:
    """Return the environment's; what cannot be used ends the process with its sentence, under flask and gunicorn."""
    from app.cli.speech import complain  # noqa: PLC0415 -- as above

    try:
        return load()
    except SettingRefused as refused:
        complain(refused.message, **refused.values)
        raise SystemExit(1) from None


def wire(settings: Settings) -> None:
    """Connect this process to its database, keys, channels and clock."""
    unit_of_work.configure(settings.database_url)
    audit.configure(secret(settings.instance / "audit_key").encode())
    mail.configure(settings.notify_urls)
    passwords.configure(settings.password_policy)
    demo_clock.configure(settings.instance / "demonstration" if settings.demonstration else None)
