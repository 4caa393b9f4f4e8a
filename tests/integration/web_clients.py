"""Browsers of a small county served over HTTP, and what the tests look at behind its pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app import clock, create_app, unit_of_work
from app.models.documents import Attachment
from app.models.process import UserTask

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from app.unit_of_work import Database

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=clock.SHANGHAI)
"""A Monday, seven days before the plan's deadline."""
TODAY = NOW.date()

PASSWORD = "Yun-tai 8 shan xia"
"""Everybody's, hashed once."""

OWN, FOREIGN = "智慧校园综合管理平台", "全民健康信息平台"
OWN_WAN, FOREIGN_WAN = 1234.56, 6543.21
"""Totals in 万元."""
OWN_FEN, FOREIGN_FEN = 1_234_560_000, 6_543_210_000
FOREIGN_AMOUNTS = ("6,543.21", "5,432.10", "3,210.98", "2,109.87", "2,221.12")
"""The foreign project's total, contract, paid, arranged and unpaid amounts as pages write them."""
REPORT = "系统测评报告（终稿）.pdf"
PDF = b"%PDF-1.7\n%\xe4\xb8\xad\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

NOT_SECRET = {"secret": False, "other_rule": False}


def plan_item(name: str, total: float, *, system: str, report: str) -> dict[str, Any]:
    """Return good answers to F-02 for a rebuild, which needs an assessment report."""
    return {
        "name": name,
        "fy": 2027,
        "funding_form": "政府投资",
        "nature": "改建",
        "category": "业务信息系统",
        "parent_system": system,
        "predecessor": "",
        "basis": "县政府工作报告重点任务",
        "content": "在现有系统之上改建，统一身份和数据标准，" * 4,
        "total": total,
        "fy_amount": total,
        "source": [{"kind": "县级", "amount": total}],
        "uses_cloud": True,
        "uses_gov_net": True,
        "has_room": False,
        "has_private_net": False,
        "assessor": "中原测评有限公司",
        "assessed_on": "2026-10-09",
        "assess_report": [report],
        "contact": "王芳",
        "phone": "13803910000",
    }


# -- browsers ----------------------------------------------------------------------------------------------------------


class Browser:
    """One person's browser: keeps its cookies and sends the CSRF token of the page, as the site's scripts do."""

    def __init__(self, app: Flask) -> None:
        self.http = app.test_client()
        self._token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for a page."""
        return self.http.get(path, buffered=True, **more)

    def post(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Post a form, or JSON (`json=`), with the token."""
        headers = {"X-CSRFToken": self.token(), **more.pop("headers", {})}
        if form is not None:
            more["data"] = form
        return self.http.post(path, headers=headers, buffered=True, **more)

    def token(self) -> str:
        """Return the token of this session, read from a page once."""
        if not self._token:
            text = self.http.get("/password", follow_redirects=True).get_data(as_text=True)
            self._token = re.findall(r'name="csrf_token" value="([^"]+)"', text)[0]
        return self._token

    def enter(self, username: str, password: str = PASSWORD, **more: Any) -> TestResponse:
        """Log in by the form."""
        answer = self.post("/login", {"username": username, "password": password}, **more)
        if answer.status_code == 302:
            self._token = ""
        return answer

    @property
    def cookie(self) -> str:
        """Return the value of the session cookie."""
        found = self.http.get_cookie("xiuwu")
        return found.value if found else ""

    def task_page(self, task_id: int) -> dict[str, Any]:
        """Return what a task's page hands to its form."""
        text = self.get(f"/tasks/{task_id}").get_data(as_text=True)
        found = re.search(r'<script type="application/json" id="task-config">(.*?)</script>', text, re.DOTALL)
        assert found, text[:500]
        config: dict[str, Any] = json.loads(found[1])
        return config

    def complete(self, task_id: int, values: Mapping[str, object]) -> TestResponse:
        """Hand in a task's form as the page's script does."""
        return self.post(f"/tasks/{task_id}/complete", json={"values": values})

    def upload(
        self, task_id: int, name: str, content: bytes, *, field: str = "assess_report", **more: Any
    ) -> TestResponse:
        """Upload a file for a field of a task's form; encoded here, since the test client leaves large files open."""
        edge = "----edge"
        shown = name.replace("\\", "\\\\")
        parts = (
            f'--{edge}\r\nContent-Disposition: form-data; name="field"\r\n\r\n{field}\r\n'.encode(),
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n'.encode(),
            b"Content-Type: application/octet-stream\r\n\r\n", content, f"\r\n--{edge}--\r\n".encode(),
        )  # fmt: skip
        kind = f"multipart/form-data; boundary={edge}"
        return self.post(f"/tasks/{task_id}/attachments", data=b"".join(parts), content_type=kind, **more)


@dataclass
class County:
    """The site with its people, and where its projects stand."""

    app: Flask
    database: Database
    people: Mapping[str, int]
    bodies: Mapping[str, int]
    places: Mapping[str, Any]
    """What the tests look at: numbers, tasks, instances, attachments of the own and the foreign unit."""
    clock: clock.FrozenClock
    _browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self) -> Browser:
        """Open a browser that nobody is logged in to."""
        return Browser(self.app)

    def as_(self, username: str) -> Browser:
        """Return the browser of a person, logged in."""
        if username not in self._browsers:
            opened = self.browser()
            answer = opened.enter(username)
            assert answer.status_code == 302, answer.get_data(as_text=True)
            self._browsers[username] = opened
        return self._browsers[username]

    def app_with(self, **settings: Any) -> Flask:
        """Build the site anew with other settings, on the same database."""
        app = create_app(replace(self.app.config["SETTINGS"], **settings))
        self.database = unit_of_work.database()
        clock.use(self.clock)
        return app

    def __getitem__(self, place: str) -> Any:
        return self.places[place]

    @contextmanager
    def look(self) -> Iterator[Any]:
        """Read the tables."""
        with self.database.read_only() as session:
            yield session

    @contextmanager
    def change(self) -> Iterator[Any]:
        """Change the tables behind the site's back."""
        with self.database.unit_of_work() as session:
            yield session

    def count(self, table: type) -> int:
        """Count the rows of a table."""
        with self.look() as session:
            return int(session.scalar(select(func.count()).select_from(table)))

    def task(self, task_id: int) -> UserTask:
        """Return a task as it is stored."""
        with self.look() as session:
            row: UserTask = session.get_one(UserTask, task_id)
            session.expunge_all()
            return row

    def attachment(self, attachment_id: str) -> Attachment:
        """Return an attachment as it is stored."""
        with self.look() as session:
            row: Attachment = session.get_one(Attachment, attachment_id)
            session.expunge_all()
            return row

    def open_task(self, instance_id: int) -> int:
        """Return the open task of an instance."""
        mine = select(UserTask.id).where(UserTask.instance_id == instance_id, UserTask.status == "open")
        with self.look() as session:
            return int(session.scalars(mine).one())
