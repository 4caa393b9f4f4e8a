"""What an editor offers to the process owner: the county's roles, forms, processes, operations, messages and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import sandbox
from app.domain import vocabulary as declared
from app.domain.deadline_kinds import KINDS
from app.domain.roles import ORGANISATION_NAMES, PROJECT_ROLES, ROLES
from app.form_schema import FormModel
from app.models.process import Definition
from app.services import definitions, vocabulary
from app.services.recorders import RECORDERS

Choices = Mapping[str, object]


def current(session: Session, *, english: bool = False) -> Choices:
    """Return every choice as plain values for JSON; names in Chinese, or in English where there is some."""
    rows = session.execute(
        select(Definition.kind, Definition.key, Definition.id, Definition.name)
        .where(Definition.in_force)
        .order_by(Definition.kind, Definition.key)
    ).all()
    forms = {key: definitions.form_model(session, row_id) for kind, key, row_id, _ in rows if kind == "form"}
    outcomes = vocabulary.outcomes(session)
    return {
        "roles": list(_roles()),
        "forms": [_form(key, form, english=english) for key, form in forms.items()],
        "processes": [
            {"id": key, "name": _process_name(key, name, english=english)}
            for kind, key, _, name in rows
            if kind == "bpmn"
        ],
        "decisions": [
            {"id": key, "name": _decision_name(key, name, english=english), "outcomes": outcomes.get(key, {})}
            for kind, key, _, name in rows
            if kind == "dmn"
        ],
        "operations": [_operation(key, item, english=english) for key, item in declared.OPERATIONS.items()],
        "messages": [_message(key, item, english=english) for key, item in declared.MESSAGES.items()],
        "facts": list(_facts(forms, english=english)),
        "deadlines": [{"kind": key, "name": item.en if english else item.zh} for key, item in KINDS.items()],
        "properties": [_property(key, names, english=english) for key, names in declared.PROPERTIES.items()],
    }


def _roles() -> Iterator[Mapping[str, object]]:
    for code, role in ROLES.items():
        if code in PROJECT_ROLES:
            zh, en = ORGANISATION_NAMES[role.organisation]
            yield {"id": code, "zh": role.zh, "en": role.en, "organisation": zh, "organisation_en": en}


def _form(key: str, form: FormModel, *, english: bool) -> Mapping[str, object]:
    recorder = RECORDERS.get(key)
    return {
        "id": key,
        "title": form.title("en" if english else "zh") or form.title(),
        "recorder": None if recorder is None else _recorder(key),
        "fields": {field.key: field.type for field in form.answers()},
        "options": vocabulary.form_of(form).options,
    }


def _recorder(form_id: str) -> Mapping[str, object]:
    """Return what recording a form needs: its fields, who may hold it, what must come before."""
    recorder = RECORDERS[form_id]
    return {
        "fields": sorted(sandbox.fields_needed(form_id, vocabulary.recorders())),
        "roles": sorted(recorder.roles),
        "after": list(recorder.must_follow),
    }


def _process_name(key: str, name: str, *, english: bool) -> str:
    known = declared.PROCESSES.get(key)
    return known.en if english and known is not None else name


def _decision_name(key: str, name: str, *, english: bool) -> str:
    known = declared.DECISIONS.get(key)
    return known[1] if english and known is not None else name


def _operation(key: str, item: declared.Operation, *, english: bool) -> Mapping[str, object]:
    return {
        "id": key,
        "name": item.en if english else item.zh,
        "does": item.does_en if english else item.does,
        "inputs": [{"name": name, "zh": _plain(name) if english else zh} for name, zh in item.inputs.items()],
        "outputs": [{"name": name, "zh": _plain(name) if english else zh} for name, zh in item.outputs.items()],
        "headers": [{"name": name, "zh": _plain(name) if english else zh} for name, zh in item.headers.items()],
    }


def _plain(name: str) -> str:
    """Return a variable's name, which is English, as words."""
    return name.replace("_", " ")


def _message(key: str, item: declared.Message, *, english: bool) -> Mapping[str, object]:
    return {
        "name": key,
        "title": item.en if english else item.zh,
        "correlation": item.correlation,
        "payload": [{"name": name, "zh": _plain(name) if english else zh} for name, zh in item.payload.items()],
    }


def _facts(forms: Mapping[str, FormModel], *, english: bool) -> Iterator[Mapping[str, object]]:
    """Yield every fact that an expression may name, kinds of deadlines, holds, forms and fields filled in."""
    for name, fact in declared.FACTS.items():
        doc = fact.en if english else fact.zh
        if "<kind>" in name:
            for kind, item in KINDS.items():
                said = f"{item.en}: {doc}" if english else f"{item.zh}：{doc}"
                yield {"name": name.replace("<kind>", kind), "type": fact.type, "doc": said}
        elif "<hold>" in name:
            for hold, code in declared.HOLDS.items():
                said = f"{code}: {doc}" if english else f"{code}：{doc}"
                yield {"name": name.replace("<hold>", hold), "type": fact.type, "doc": said}
        elif not name.startswith("submission."):
            yield {"name": name, "type": fact.type, "doc": doc}
    language = "en" if english else "zh"
    for key, form in forms.items():
        for field in form.answers():
            yield {
                "name": f"submission.{key}.{field.key}",
                "type": _TYPES.get(field.type, "any"),
                "doc": f"{form.title(language) or form.title()} · {field.label(language)}",
            }


def _property(key: str, names: tuple[str, str], *, english: bool) -> Mapping[str, object]:
    values = {"records": declared.RECORDS}.get(key, {})
    return {
        "name": key,
        "doc": names[1] if english else names[0],
        "values": [{"value": value, "name": said[1] if english else said[0]} for value, said in values.items()],
    }


_TYPES = {
    "checkbox": "boolean",
    "number": "number",
    "datetime": "date",
    "dynamiclist": "list",
    "checklist": "list",
    "taglist": "list",
    "filepicker": "list",
    "textfield": "string",
    "textarea": "string",
}
"""Type of a form-js component → what FEEL gets of its answer."""
