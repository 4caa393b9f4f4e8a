"""What a running diagram may ask of the application: facts, operations, decisions, working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select

from app.engine.step import Variables
from app.form_schema import from_storage
from app.models.documents import Submission
from app.services import calendars, definitions
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
        if "submission" in roots:
            found["submission"] = self._submissions({name.split(".")[1] for name in names if name.count(".") > 0
                                                     and name.startswith("submission.")})
        if "instance" in roots:
            instance = self.context.instance
            found["instance"] = {"id": instance.id, "started_at": instance.started_at, "process": instance.process_key}
        return found

    def _submissions(self, form_ids: set[str]) -> dict[str, object]:
        """Return the newest answers to each form: of this instance, else of the project."""
        session, instance = self.context.session, self.context.instance
        found: dict[str, object] = {}
        for form_id in sorted(form_ids):
            scope = Submission.instance_id == instance.id
            if instance.project_id is not None:
                scope |= Submission.project_id == instance.project_id
            submission = session.scalar(
                select(Submission)
                .where(scope, Submission.form_id == form_id)
                .order_by((Submission.instance_id == instance.id).desc(), Submission.id.desc())
                .limit(1)
            )
            if submission is not None and submission.form_definition_id is not None:
                model = definitions.form_model(session, submission.form_definition_id)
                found[form_id] = from_storage(model, submission.answers)
        return found

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
