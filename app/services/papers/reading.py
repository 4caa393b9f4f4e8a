"""What the makers of papers read: the project, its submissions, people's names, and the bodies that issue papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.papers import EMPTY, KINDS, LAYOUTS, Content
from app.domain.papers.kinds import Issuer
from app.models.accounts import Organisation, Person
from app.models.business import Project
from app.models.documents import Submission

THIS_REGULATION = "《修武县政务信息化项目管理暂行办法》"


@dataclass
class Desk:
    """One paper being written about one project, or about a year."""

    session: Session
    today: date
    project_id: int | None = None
    instance_id: int | None = None
    overlaid: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Form id → answers not handed in yet: what a preview reads in their place."""
    _project: Project | None = field(default=None, init=False)
    _names: dict[str, str] = field(default_factory=dict, init=False)
    _answers: dict[str, Mapping[str, Any]] = field(default_factory=dict, init=False)
    _bodies: dict[str, str] = field(default_factory=dict, init=False)

    @property
    def project(self) -> Project:
        """The project's row."""
        if self._project is None:
            self._project = self.session.get_one(Project, self.project_id)
        return self._project

    @property
    def unit(self) -> Organisation:
        """The project unit."""
        return self.session.get_one(Organisation, self.project.unit_id)

    def body(self, kind: str) -> str:
        """Return the full name of the county's body of a kind; the regulation's name where there is none."""
        if kind not in self._bodies:
            found = self.session.scalar(
                select(Organisation.name).where(Organisation.kind == kind).order_by(Organisation.id).limit(1)
            )
            self._bodies[kind] = found or {"bureau": "县政务服务和大数据管理局", "finance": "县财政局"}.get(kind, "")
        return self._bodies[kind]

    def name(self, username: str) -> str:
        """Return a person's name by her user name."""
        if username and username not in self._names:
            found = self.session.scalar(select(Person.name).where(Person.username == username))
            self._names[username] = found or username
        return self._names.get(username, "")

    def answers(self, form_id: str) -> Mapping[str, Any]:
        """Return the newest answers to a form of this project, as stored; empty where nobody handed it in."""
        if form_id in self.overlaid:
            return self.overlaid[form_id]
        if form_id not in self._answers:
            query = select(Submission.answers).where(Submission.form_id == form_id).order_by(Submission.id.desc())
            if self.project_id is not None:
                query = query.where(Submission.project_id == self.project_id)
            elif self.instance_id is not None:
                query = query.where(Submission.instance_id == self.instance_id)
            self._answers[form_id] = self.session.scalar(query.limit(1)) or {}
        return self._answers[form_id]

    def content(
        self, kind: str, values: Mapping[str, object], *, number: str = "", issued_on: date | None = None,
        addressee: str = "", title: str = "", names: Iterable[str] = (), copies: str = "",
    ) -> Content:  # fmt: skip
        """Return a content of this kind about this project."""
        found = KINDS[kind]
        project = self.project if self.project_id is not None else None
        return Content(
            kind=kind, title=title or found.zh, parts=LAYOUTS[kind],
            values=self._named(values), number=number, issuer=self.issuer(found.issuer), addressee=addressee,
            project_no=project.no if project else "", project_name=project.name if project else "",
            unit=self.unit.name if project else "", issued_on=issued_on.isoformat() if issued_on else "",
            names=tuple(names), copies=copies,
        )  # fmt: skip

    def _named(self, values: Mapping[str, object]) -> dict[str, object]:
        if self.project_id is None:
            return dict(values)
        project = self.project
        return {"project_name": project.name, "project_no": project.no, "unit": self.unit.name, **values}

    def issuer(self, who: Issuer) -> str:
        """Return in whose name a paper goes out."""
        if who is Issuer.BUREAU:
            return self.body("bureau")
        if who is Issuer.FINANCE:
            return self.body("finance")
        return f"{self.body('bureau')}\n{self.body('finance')}" if who is Issuer.BUREAU_AND_FINANCE else ""

    def signatures(self, *rows: tuple[str, str, date | None]) -> list[dict[str, object]]:
        """Return the signature rows: role, name by user name, day; who did not sign has none."""
        return [
            {"role": role, "name": self.name(username), "on": day.isoformat() if day else EMPTY}
            for role, username, day in rows
            if username
        ]


def fen(value: object) -> int | None:
    """Return a stored amount; None where none was given."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(value: object) -> str:
    """Return a stored text; empty where nothing was given."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value).strip()


def lines(value: object) -> list[str]:
    """Return the paragraphs of a typed text; none where nothing was typed."""
    return [line.strip() for line in text(value).splitlines() if line.strip()]


def rows_of(value: object) -> list[Mapping[str, Any]]:
    """Return the rows of a stored list."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, (list, tuple)) else []


def iso(day: date | None) -> str:
    """Return a day as a table shows it."""
    return day.isoformat() if day else EMPTY


def article(*numbers: int, what: str = "") -> str:
    """Return the citation of the regulation: 《…办法》第五条、第十三条."""
    from app.domain.articles import citation  # noqa: PLC0415 -- one name used once

    return f"{THIS_REGULATION}{'、'.join(citation(number) for number in numbers)}{what}"
