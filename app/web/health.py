"""Whether this process is alive, and whether it may be given requests."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app import clock
from app.unit_of_work import read_only

pages = Blueprint("health", __name__)
LATE = timedelta(seconds=30)


@pages.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that the process answers; asks nothing else."""
    return jsonify(status="ok")


@pages.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether the database answers, the scheduler beats, and the process is not being stopped."""
    problems = []
    if current_app.extensions.get("draining"):
        problems.append("draining")
    try:
        with read_only() as rows:
            rows.execute(text("select 1"))
    except Exception:  # noqa: BLE001 -- whatever the driver raises, the answer is that it is not ready
        problems.append("database")
    ticker = current_app.extensions.get("ticker")
    if ticker is not None and ticker.beat is not None and clock.wall_now() - ticker.beat > LATE:
        problems.append("scheduler")
    return jsonify(status="ok" if not problems else "unready", problems=problems), 503 if problems else 200
