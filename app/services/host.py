"""What a running diagram may ask of the application: facts, operations, decisions, working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import select

from app.engine.step import Variables
from app.form_schema import from_storage
from app.models.accounts import Organisation, Person
from app.models.documents import Submission
from app.services import calendars, definitions, parameters
from app.services.context import StepContext


class StepHost:
    """The application as one step sees it."""

    def __init__(self, context: StepContext) -> None:
        self.context = context

    @property
    def now(self) -> datetime:
        """The moment of the step."""
        return self.context.now

    def facts(self, names: frozenset[str]) -> Variables:
        """Return the facts that an expression names, by their first word; nothing else is fetched."""
        roots = {name.split(".", 1)[0] for name in names}
        found: dict[str, object] = {}
        if roots & {"project", "deadline", "hold"}:
            from app.services.facts import fact_values  # noqa: PLC0415 -- only expressions over facts need the tables

            found.update(fact_values(self.context.session, self.context.project_id, names, now=self.now))
        if "parameter" in roots:
            found["parameter"] = asdict(parameters.current(self.context.session, self.now.date()))
        if "submission" in roots:
            found["submission"] = self._submissions(names)
        if "instance" in roots:
            found["instance"] = self._instance()
        return found

    def _submissions(self, names: frozenset[str]) -> dict[str, object]:
        """Return the newest answers to each form that is named: of this instance, else of the project.

        What was not handed in, or hidden in the form, answers null: an expression may ask for it all the same.
        """
        asked: dict[str, set[str]] = {}
        for name in names:
            root, _, path = name.partition(".")
            form_id, _, field = path.partition(".")
            if root == "submission" and form_id:
                asked.setdefault(form_id, set()).add(field.partition(".")[0])
        return {
            form_id: {**dict.fromkeys(fields - {""}), **self._newest(form_id)}
            for form_id, fields in sorted(asked.items())
        }

    def _newest(self, form_id: str) -> dict[str, object]:
        session, instance = self.context.session, self.context.instance
        scope = Submission.instance_id == instance.id
        if instance.project_id is not None:
            scope |= Submission.project_id == instance.project_id
        submission = session.scalar(
            select(Submission)
            .where(scope, Submission.form_id == form_id)
            .order_by((Submission.instance_id == instance.id).desc(), Submission.id.desc())
            .limit(1)
        )
        if submission is None or submission.form_definition_id is None:
            return {}
        return from_storage(definitions.form_model(session, submission.form_definition_id), submission.answers)

    def _instance(self) -> dict[str, object]:
        session, instance = self.context.session, self.context.instance
        starter = session.get(Person, instance.started_by) if instance.started_by is not None else None
        unit = session.get(Organisation, instance.unit_id) if instance.unit_id is not None else None
        return {
            "key": str(instance.id),
            "process_id": instance.process_key,
            "started_on": instance.started_at.date(),
            "started_by": starter.username if starter is not None else None,
            "unit": unit.code if unit is not None else None,
        }

    def operation(self, kind: str, inputs: Variables, headers: Mapping[str, str]) -> Variables:
        """Run a service operation of the closed table inside a savepoint of this step."""
        from app.services.operations import OPERATIONS  # noqa: PLC0415 -- operations reach the business, which starts processes

        with self.context.session.begin_nested():
            return OPERATIONS[kind](self.context, inputs, headers)

    def decision_source(self, decision_id: str) -> str:
        """Return the DMN text in force for a decision; raise KeyError."""
        return definitions.decision_source(self.context.session, decision_id)

    def after_working_days(self, start: date, days: int) -> date:
        """Return the last day of a period of working days by the county's calendar."""
        return calendars.current(self.context.session).after_working_days(start, days)
