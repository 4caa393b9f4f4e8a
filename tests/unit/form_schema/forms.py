"""Small forms for the tests, and the shipped ones."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.clock import SHANGHAI
from app.errors import InvalidAnswers
from app.form_schema import FormModel, parse_form, validate

FORMS = Path(__file__).parents[3] / "forms"
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


def component(type_: str, key: str = "", **more: Any) -> dict[str, Any]:
    """A component with an id of its own."""
    named = {"path" if type_ in {"group", "dynamiclist"} else "key": key} if key else {}
    return {"type": type_, "id": f"{type_}_{key}", "label": key, **named, **more}


def schema(*components: dict[str, Any], form_id: str = "t1") -> str:
    return json.dumps({"type": "default", "id": form_id, "components": components, "schemaVersion": 19})


def form(*components: dict[str, Any]) -> FormModel:
    return parse_form(schema(*components))


def shipped(form_id: str) -> FormModel:
    return parse_form((FORMS / f"{form_id}.form").read_bytes())


def answers(model: FormModel, posted: dict[str, Any], **context: Any) -> dict[str, object]:
    owns = context.pop("owns", None)
    return validate(model, posted, context=context, today=TODAY, now=NOW, owns=owns)


def wrong(model: FormModel, posted: dict[str, Any], **context: Any) -> dict[str, list[str]]:
    """The sentences by path, empty where the submission is right."""
    try:
        answers(model, posted, **context)
    except InvalidAnswers as refused:
        return {path: [str(sentence) for sentence in sentences] for path, sentences in refused.errors.items()}
    return {}
