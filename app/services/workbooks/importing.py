"""Workbooks checked and taken over: each row goes the way that its form goes, all rows in one transaction or none.

A check carries every row out for real inside a savepoint that is rolled back, so that its report says exactly what the
recorders and gates will say; what was read is kept with the file's hash, and only that is taken over, once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session, SessionTransaction

from app.errors import AlreadyDone, InvalidAnswers, NotFound, Refused, RegulationViolation
from app.form_schema import FieldMessage
from app.models.registers import WorkbookCheck
from app.services import audit
from app.services.context import Actor
from app.services.workbooks import kinds
from app.services.workbooks.layout import Layout
from app.services.workbooks.reading import Problem, ReadRow, read

KEPT = timedelta(days=7)
"""How long what was read waits to be taken over."""
LONGEST_NAME = 200


class NotTaken(Refused):
    """Some row was refused after all, so no row was taken over (409); `report` says which and why."""

    status = 409

    def __init__(self, report: list[dict[str, Any]]) -> None:
        super().__init__("检查之后情况有变，有的行现在不能导入，一行也没有导入。请看新的检查结果。")
        self.report = report


@dataclass(frozen=True)
class Line:
    """What the report says of one row."""

    row: int
    name: str
    no: str = ""
    """The number that the row got, once it has been taken over."""
    note: str = ""
    """What is left to do with it: a draft that lacks something."""
    problems: tuple[Problem, ...] = ()


def check(
    session: Session, kind: str, content: bytes, *, name: str, not_secret: bool, by: Actor, now: datetime
) -> WorkbookCheck:
    """Read and judge a workbook; return the kept report. Nothing else is written.

    `not_secret` is her answer to F-01 for every row of a plan. Raises NotFound for a kind that she may not hand in,
    Unreadable for a file that is no such workbook.
    """
    handler = _handler(kind, by)
    if handler.asks_secrecy and not not_secret:
        raise Refused("请先确认表内各项都不涉及国家秘密，也没有另有规定（第三十四条）。")
    layout = handler.layout(session)
    sheet = read(content, layout)
    _forget_old(session, by=by, now=now)
    point = session.begin_nested()
    try:
        report = _carry_out(session, handler, layout, sheet.rows, sheet.letters, by=by, now=now)
    finally:
        _undo(session, point)
    row = WorkbookCheck(
        kind=kind, sha256=hashlib.sha256(content).hexdigest(), name=name[-LONGEST_NAME:], person_id=by.id,
        checked_at=now, report=[_plain(asdict(line)) for line in report],
        rows=[{"number": one.number, "values": one.values, "letters": dict(sheet.letters)} for one in sheet.rows],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def take(session: Session, check_id: int, sha256: str, *, by: Actor, now: datetime) -> WorkbookCheck:
    """Take a checked workbook over, every row in this transaction.

    Raises NotFound for another's check, AlreadyDone when it has been taken over, was refused in part, or is not the
    file that the page showed; NotTaken when a row is refused now.
    """
    row = session.get(WorkbookCheck, check_id, with_for_update=True)
    if row is None or row.person_id != by.id:
        raise NotFound
    handler = _handler(row.kind, by)
    if row.taken_at is not None:
        raise AlreadyDone("这个文件已经导入过了。")
    if row.sha256 != sha256:
        raise AlreadyDone("要导入的不是刚才检查的文件，请重新上传检查。")
    if any(line["problems"] for line in row.report) or not row.rows:
        raise AlreadyDone("有的行没有通过检查，请改好后重新上传，通过后整个文件一次导入。")
    rows = [ReadRow(one["number"], dict(one["values"])) for one in row.rows]
    letters = row.rows[0]["letters"]
    report = _carry_out(session, handler, handler.layout(session), rows, letters, by=by, now=now)
    if any(line.problems for line in report):
        raise NotTaken([_plain(asdict(line)) for line in report])
    row.report, row.rows, row.taken_at = [_plain(asdict(line)) for line in report], [], now
    audit.record(
        session, "take_workbook", subject_kind="workbook_check", subject_id=row.id, actor_id=by.id, now=now,
        detail={"kind": row.kind, "sha256": row.sha256, "rows": len(report)},
    )  # fmt: skip
    session.flush()
    return row


def revise(session: Session, check_id: int, report: list[dict[str, Any]]) -> None:
    """Keep the report of a taking-over that came to nothing, so that the page can show it."""
    row = session.get_one(WorkbookCheck, check_id)
    row.report = report
    session.flush()


def _handler(kind: str, by: Actor) -> kinds.Kind:
    handler = kinds.KINDS.get(kind)
    if handler is None or handler.role not in by.roles:
        raise NotFound
    return handler


def _carry_out(
    session: Session,
    handler: kinds.Kind,
    layout: Layout,
    rows: Sequence[ReadRow],
    letters: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
) -> list[Line]:
    """Carry out each row in a savepoint of its own; a refused one leaves nothing behind and says why."""
    seen: dict[object, int] = {}
    report = []
    for row in rows:
        name = str(row.values.get(layout.columns[handler.named_by].label) or "")
        problems, done = list(row.problems), kinds.Taken()
        twin = seen.setdefault(handler.identity(row.values), row.number)
        if twin != row.number:
            message = "与第 %(row)s 行重复，同一项只填一行。"
            problems.append(Problem("", "", message, {"row": twin}))
        if not problems:
            take = partial(handler.take, session, layout, row.values, by=by, now=now)
            done, problems = _one(session, take, row, layout, letters)
        report.append(Line(row.number, name, done.no, done.note, tuple(problems)))
    return report


def _one(
    session: Session, act: Callable[[], kinds.Taken], row: ReadRow, layout: Layout, letters: Mapping[str, str]
) -> tuple[kinds.Taken, list[Problem]]:
    try:
        with session.begin_nested():
            done = act()
    except Refused as refused:
        session.expire_all()  # the next row may get the keys of what was rolled back
        return kinds.Taken(), _why(refused, row, layout, letters)
    return done, []


def _undo(session: Session, point: SessionTransaction) -> None:
    """Roll back to a savepoint, and forget what rows were like after it: the next row may get the same keys."""
    point.rollback()
    session.expire_all()


def _why(refused: Refused, row: ReadRow, layout: Layout, letters: Mapping[str, str]) -> list[Problem]:
    """Return what a refusal says, each with the cell of the field that it is about."""
    if isinstance(refused, InvalidAnswers):
        return [
            _of_field(path, message, row, layout, letters)
            for path, messages in refused.errors.items()
            for message in messages
        ]
    if isinstance(refused, RegulationViolation):
        return [
            Problem("", "", one.message, dict(one.values), rule=one.citation, remedy=one.remedy)
            for one in refused.refusals
        ]
    label = str(refused.values.get("label", ""))
    cell = f"{letters[label]}{row.number}" if label in letters else ""
    return [Problem(cell, label, refused.message, dict(refused.values))]


def _of_field(path: str, message: str, row: ReadRow, layout: Layout, letters: Mapping[str, str]) -> Problem:
    key = path.split("[", 1)[0].split(".", 1)[0]
    column = next((one for one in layout.columns if one.key == key), None)
    label = column.label if column else key
    cell = f"{letters.get(label, '')}{row.number}"
    if isinstance(message, FieldMessage):
        return Problem(cell, label, message.message, dict(message.values), english=message.english)
    return Problem(cell, label, str(message))


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _forget_old(session: Session, *, by: Actor, now: datetime) -> None:
    """Delete what this person had checked and never took over."""
    session.execute(
        delete(WorkbookCheck).where(
            WorkbookCheck.person_id == by.id, WorkbookCheck.taken_at.is_(None), WorkbookCheck.checked_at < now - KEPT
        )
    )
