"""The desk of the demonstration: it moves the clock, finds the open task, and completes it as the right person.

It calls what pages and the scheduler call, and nothing else: user tasks, process starts, attachments, dispatch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app import clock, dispatch
from app.demo import papers
from app.demo.people import Staff
from app.errors import AlreadyDone, InvalidAnswers, Refused, RegulationViolation
from app.queries.open_tasks import OpenTask, open_tasks, project_key
from app.services import attachments, process_instances, refused_attempts, serials, user_tasks, withdrawals
from app.services.attachments import BlobStore
from app.services.context import Actor
from app.services.workbooks import importing, kinds, template
from app.unit_of_work import read_only, unit_of_work

LIMIT = 1024 * 1024
"""Most bytes of one paper of the demonstration."""


class Gone(Exception):
    """The task is no longer open: what somebody else did on the same day has withdrawn it."""


class Stuck(Exception):
    """The story cannot go on: the task it waits for is not open, or what it answers is refused."""


@dataclass(frozen=True)
class Paper:
    """An attachment still to be written: its name, and what stands in it."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass
class Desk:
    """Where the demonstration's people do their work."""

    staff: Staff
    blobs: BlobStore
    clock: clock.FrozenClock
    completed: int = 0
    refused: int = 0
    _stored: dict[Paper, bytes] = field(default_factory=dict)

    def move_to(self, moment: datetime) -> None:
        """Let time go by until `moment`: every sweep and timer on the way takes effect, and what it sets off."""
        dispatch.catch_up(until=moment, move=self.clock.move_to, told=lambda _moment, _fired: None)

    def open(self, *, project_no: str = "", process: str = "", instance_id: int | None = None) -> tuple[OpenTask, ...]:
        """Return the open tasks of a project, a process or an instance."""
        with read_only() as session:
            return open_tasks(session, project_no=project_no, process=process, instance_id=instance_id)

    def continue_numbers(self, kind: str, year: int, last: int) -> None:
        """Let official numbers go on after those that were given out on paper before the system came."""
        with unit_of_work() as session:
            serials.continue_after(session, kind, year, last)

    def project(self, number: str) -> int | None:
        """Return the key of a project by its number, or None."""
        with read_only() as session:
            return project_key(session, number)

    def start(
        self,
        process: str,
        by: Actor,
        *,
        project_id: int | None = None,
        variables: Mapping[str, object] | None = None,
        start_event_id: str | None = None,
        unit_id: int | None = None,
    ) -> int:
        """Start a process by a form, as its page does; return the instance."""
        with unit_of_work() as session:
            instance = process_instances.start(
                session, process, now=clock.now(), by=by, variables=dict(variables or {}), project_id=project_id,
                unit_id=unit_id or by.organisation_id, start_event_id=start_event_id,
            )  # fmt: skip
            number = instance.id
        dispatch.settle_outbox()
        return number

    def withdraw(self, project_id: int, by: Actor, reason: str) -> None:
        """Take a project back."""
        with unit_of_work() as session:
            withdrawals.withdraw(session, project_id, reason=reason, by=by, now=clock.now())
        dispatch.settle_outbox()

    def hand_in(self, kind: str, rows: Sequence[Mapping[str, object]], *, by: Actor) -> None:
        """Fill in a workbook from its template, have it checked, and take it over; raise Stuck where it is refused."""
        with unit_of_work() as session:
            checked = importing.check(
                session, kind, _filled(session, kind, rows), name="存量系统.xlsx", not_secret=True, by=by,
                now=clock.now(),
            )  # fmt: skip
            number, digest = checked.id, checked.sha256
        try:
            with unit_of_work() as session:
                importing.take(session, number, digest, by=by, now=clock.now())
        except Refused as refused:
            raise Stuck(f"{kind}: {explain(refused)}") from refused
        dispatch.settle_outbox()

    def complete(self, task: OpenTask, answers: Mapping[str, object], *, by: Actor | None = None) -> None:
        """Complete a task as whoever holds it; raise Stuck with the reasons where it is refused."""
        who = by or self.staff.who(task.audiences)
        try:
            with unit_of_work() as session:
                posted = {key: self._handed_in(session, task, key, value, who) for key, value in answers.items()}
                user_tasks.complete(session, task.id, posted, by=who, now=clock.now())
        except AlreadyDone as gone:
            raise Gone from gone
        except Refused as refused:
            raise Stuck(f"{clock.now():%F %H:%M} {task.project_no} {task.process}.{task.element} "
                        f"{task.form_id} {who.name}: {explain(refused)}") from refused  # fmt: skip
        self.completed += 1

    def refuse(self, task: OpenTask, answers: Mapping[str, object], gate: str) -> None:
        """Try what the regulation forbids: the attempt has to be refused by `gate`, and is logged as a page logs it."""
        who = self.staff.who(task.audiences)
        try:
            with unit_of_work() as session:
                posted = {key: self._handed_in(session, task, key, value, who) for key, value in answers.items()}
                user_tasks.complete(session, task.id, posted, by=who, now=clock.now())
        except RegulationViolation as refused:
            if gate not in {one.gate for one in refused.refusals}:
                raise Stuck(f"{task.project_no} {task.element}: {gate} expected, {explain(refused)}") from refused
            with unit_of_work() as session:
                refused_attempts.record(session, task.id, refused.refusals, by=who, now=clock.now())
            self.refused += 1
            return
        raise Stuck(f"{task.project_no} {task.element}: {gate} did not refuse")

    def _handed_in(self, session: object, task: OpenTask, name: str, value: object, by: Actor) -> object:
        if isinstance(value, Paper):
            row = attachments.keep(
                session, self.blobs, name=f"{value.title}.pdf", source=BytesIO(self._bytes(value)), task_id=task.id,  # type: ignore[arg-type]
                project_id=task.project_id, field=name, by=by, now=clock.now(), limit=LIMIT,
            )  # fmt: skip
            return [row.id]
        if isinstance(value, list):
            return [self._handed_in(session, task, name, one, by) for one in value]
        if isinstance(value, dict):
            return {key: self._handed_in(session, task, key, one, by) for key, one in value.items()}
        return value

    def _bytes(self, paper: Paper) -> bytes:
        found = self._stored.get(paper)
        if found is None:
            found = self._stored[paper] = papers.pdf(paper.title, paper.lines)
        return found


def _filled(session: Session, kind: str, rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return the template of a workbook with these rows, a value for each heading."""
    book = load_workbook(BytesIO(template.workbook(kinds.KINDS[kind].layout(session))))
    sheet = book.worksheets[0]
    places = {str(cell.value): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for label, value in row.items():
            sheet.cell(number, places[label] or 0, value)  # type: ignore[call-overload]  # text, number or day
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def explain(refused: Refused) -> str:
    """Return everything that a refusal says, in one line."""
    if isinstance(refused, InvalidAnswers):
        return "; ".join(f"{path}: {'、'.join(map(str, found))}" for path, found in refused.errors.items())
    if isinstance(refused, RegulationViolation):
        return "; ".join(
            f"{one.gate} {one.message % dict(one.values) if one.values else one.message}" for one in refused.refusals
        )
    return refused.message % refused.values if refused.values else refused.message
