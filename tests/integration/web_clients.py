"""A small county served over HTTP: two project units, everybody who has a role, two projects brought to life by forms.

It is built once a run and database kind, over the same pages that people use, and copied for each test.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app import clock, create_app, unit_of_work, wire
from app.models.accounts import Person
from app.models.business import (
    BudgetLine,
    Contract,
    ContractNode,
    FundHold,
    PanelMember,
    Payment,
    Project,
    SystemEntry,
)
from app.models.documents import Attachment
from app.models.process import ProcessInstance, UserTask
from app.services import accounts, definitions, ledger, notices, passwords, shipping
from app.settings import ROOT, Settings
from tests.databases import KINDS, _postgres_database

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from app.unit_of_work import Database

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=clock.SHANGHAI)
"""A Monday, seven days before the plan's deadline."""
TODAY = NOW.date()

PASSWORD = "Yun-tai 8 shan xia"
"""Everybody's, hashed once."""
_HASH = passwords.hashed(PASSWORD)

BODIES = (
    ("jyj", "修武县教育局", "县教育局", "unit"),
    ("wjw", "修武县卫生健康委员会", "县卫健委", "unit"),
    ("dsj", "修武县政务服务和大数据管理局", "县大数据局", "bureau"),
    ("fgw", "修武县发展和改革委员会", "县发改委", "drc"),
    ("czj", "修武县财政局", "县财政局", "finance"),
    ("gaj", "修武县公安局", "县公安局", "security"),
    ("ruanjian", "云台软件有限公司", "云台软件", "company"),
    ("daxue", "太行理工学院", "太行理工", "employer"),
)
PEOPLE = (
    ("jyj.wang", "王芳", "jyj", ("unit_clerk",)),
    ("jyj.zhao", "赵敏", "jyj", ("unit_clerk",)),
    ("jyj.li", "李强", "jyj", ("unit_head",)),
    ("wjw.zhou", "周平", "wjw", ("unit_clerk",)),
    ("wjw.xu", "徐静", "wjw", ("unit_head",)),
    ("dsj.chen", "陈晨", "dsj", ("bur_clerk",)),
    ("dsj.sun", "孙立", "dsj", ("bur_head",)),
    ("dsj.tu", "屠画", "dsj", ("process_owner",)),
    ("dsj.zhen", "甄诚", "dsj", ("sys_admin",)),
    ("fgw.gao", "高远", "fgw", ("drc_clerk",)),
    ("czj.qian", "钱多", "czj", ("fin_budget",)),
    ("gaj.wei", "魏安", "gaj", ("psb_officer",)),
    ("ruanjian.he", "何工", "ruanjian", ("builder_pm",)),
    ("daxue.ouyang", "欧阳博", "daxue", ("expert",)),
    ("daxue.shangguan", "上官敏", "daxue", ("expert",)),
)

OWN, FOREIGN = "智慧校园综合管理平台", "全民健康信息平台"
OWN_WAN, FOREIGN_WAN = 1234.56, 6543.21
"""Totals in 万元."""
OWN_FEN, FOREIGN_FEN = 1_234_560_000, 6_543_210_000
FOREIGN_AMOUNTS = ("6,543.21", "5,432.10", "3,210.98", "2,109.87", "1,098.76")
"""Every amount of the foreign project as pages write it: total, contract, paid, arranged, still to be paid with its share."""
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
        return self.http.get(path, **more)

    def post(self, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Post a form, or JSON (`json=`), with the token."""
        headers = {"X-CSRFToken": self.token(), **more.pop("headers", {})}
        return self.http.post(path, data=form, headers=headers, **more) if form is not None else self.http.post(
            path, headers=headers, **more
        )

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
        import json  # noqa: PLC0415 -- only here

        text = self.get(f"/tasks/{task_id}").get_data(as_text=True)
        found = re.search(r'<script type="application/json" id="task-config">(.*?)</script>', text, re.DOTALL)
        assert found, text[:500]
        config: dict[str, Any] = json.loads(found[1])
        return config

    def complete(self, task_id: int, values: Mapping[str, object]) -> TestResponse:
        """Hand in a task's form as the page's script does."""
        return self.post(f"/tasks/{task_id}/complete", json={"values": values})

    def upload(self, task_id: int, name: str, content: bytes, *, field: str = "assess_report") -> TestResponse:
        """Upload a file for a field of a task's form."""
        return self.post(f"/tasks/{task_id}/attachments", {"file": (BytesIO(content), name), "field": field})


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
        from sqlalchemy import func  # noqa: PLC0415 -- only here

        with self.look() as session:
            return int(session.scalar(select(func.count()).select_from(table)))

    def task(self, task_id: int) -> UserTask:
        """Return a task as it is stored."""
        with self.look() as session:
            row: UserTask = session.get_one(UserTask, task_id)
            session.expunge_all()
            return row


# -- how it comes about ------------------------------------------------------------------------------------------------


def _settle_people(county: County) -> None:
    with county.change() as session:
        shipping.import_files(session, shipping.shipped_files(ROOT), now=NOW)
        bodies = {
            code: accounts.create_organisation(
                session, code, name, short=short, kind=kind, by=None, now=NOW,
                eligible=kind not in {"company", "employer"}, trade="承建" if kind == "company" else "",
            ).id
            for code, name, short, kind in BODIES
        }  # fmt: skip
        people = {
            username: accounts.create_person(
                session, username, name, organisation_id=bodies[body], roles=roles, password_hash=_HASH,
                must_change=False, by=None, now=NOW,
            ).id
            for username, name, body, roles in PEOPLE
        }  # fmt: skip
        session.add_all(
            SystemEntry(code=code, name=name, unit_id=bodies[body], builder="旧承建公司", operator="旧运维公司", status="active")
            for code, name, body in (("XX-JYJ-001", "校园管理系统", "jyj"), ("XX-WJW-001", "卫生统计系统", "wjw"))
        )
    county.people, county.bodies = people, bodies


def _file(county: County, clerk: str, name: str, wan: float, system: str) -> dict[str, Any]:
    """File a plan item over HTTP, up to the signature; return its number, instance, open task and report."""
    browser = county.as_(clerk)
    asked = _id(browser.post("/start/p01u_unit_plan", {}).location)
    assert browser.complete(asked, NOT_SECRET).status_code == 200
    instance_id = county.task(asked).instance_id
    filing = open_task(county, instance_id)
    report = browser.upload(filing, REPORT, PDF).get_json()["id"]
    done = browser.complete(filing, plan_item(name, wan, system=system, report=report))
    assert done.status_code == 200, done.get_data(as_text=True)
    with county.look() as session:
        project_id = session.get_one(ProcessInstance, instance_id).project_id
        number = session.get_one(Project, project_id).no
    return {
        "project": number, "project_id": project_id, "instance": instance_id, "asked": asked,
        "filed": filing, "sign": open_task(county, instance_id), "report": report,
    }  # fmt: skip


def _begin(county: County, clerk: str) -> dict[str, Any]:
    """Begin another plan item and upload its report; the form is not handed in."""
    browser = county.as_(clerk)
    asked = _id(browser.post("/start/p01u_unit_plan", {}).location)
    assert browser.complete(asked, NOT_SECRET).status_code == 200
    instance_id = county.task(asked).instance_id
    filing = open_task(county, instance_id)
    upload = browser.upload(filing, "未交的报告.pdf", PDF + b"%" + clerk.encode()).get_json()["id"]
    return {"begun": instance_id, "task": filing, "upload": upload}


def open_task(county: County, instance_id: int) -> int:
    """Return the open task of an instance."""
    with county.look() as session:
        return int(
            session.scalars(
                select(UserTask.id).where(UserTask.instance_id == instance_id, UserTask.status == "open")
            ).one()
        )


def _id(address: str) -> int:
    found = re.search(r"/tasks/(\d+)", address)
    assert found, address
    return int(found[1])


def _fund(county: County, place: Mapping[str, Any], amounts: tuple[int, int, int], clerk: str) -> dict[str, int]:
    """Give a project a contract, a payment, a budget line, an overdue acceptance with its hold, and a notice."""
    contract, paid, arranged = amounts
    key = place["project_id"]
    with county.change() as session:
        project = session.get_one(Project, key)
        project.state, project.path = "COMPLETED", "T"
        project.completed_on = date(2026, 5, 8)
        agreed = Contract(project_id=key, no=f"XW-{key}", supplier="云台软件有限公司", amount_fen=contract, signed_on=TODAY)
        session.add(agreed)
        session.flush()
        node = ContractNode(contract_id=agreed.id, number=1, name="首付款", kind="预付", amount_fen=paid)
        session.add(node)
        session.flush()
        session.add(
            Payment(
                project_id=key, contract_id=agreed.id, node_id=node.id, amount_fen=paid, fy=2026, fund_type="建设",
                status="paid", requested_on=TODAY, requested_by=clerk, paid_on=TODAY, voucher=f"V-{key}",
            )
        )  # fmt: skip
        session.add(BudgetLine(project_id=key, fy=2026, fund_type="建设", requested_fen=arranged, arranged_fen=arranged))
        due = ledger.enter(session, "acceptance", date(2026, 5, 8), project_id=key, now=NOW)
        hold = FundHold(project_id=key, code="H-ACC", cause="acceptance", since=date(2026, 11, 9), set_at=NOW, articles=[21])
        session.add(hold)
        session.flush()
        notices.notify(
            session, [county.people[clerk]], message="项目%(project)s的验收已逾期。", values={"project": project.name},
            dedupe_key=f"late-{key}", now=NOW, project_id=key, link=f"/projects/{project.no}",
        )  # fmt: skip
        return {"deadline": due.id, "hold": hold.id}


def _build(county: County) -> None:
    """Fill an empty migrated database."""
    _settle_people(county)
    places: dict[str, Any] = {}
    rows = (
        ("own", "jyj.wang", OWN, OWN_WAN, "XX-JYJ-001", (1_000_000_000, 400_000_000, 300_000_000)),
        ("foreign", "wjw.zhou", FOREIGN, FOREIGN_WAN, "XX-WJW-001", (5_432_100_000, 3_210_980_000, 2_109_870_000)),
    )
    for unit, clerk, name, wan, system, amounts in rows:
        place = _file(county, clerk, name, wan, system)
        place |= _begin(county, clerk)
        place |= _fund(county, place, amounts, clerk)
        places |= {f"{unit}.{key}": value for key, value in place.items()}
    with county.change() as session:
        session.add(
            PanelMember(
                project_id=places["own.project_id"], purpose="review", person_id=county.people["daxue.ouyang"], seated_on=TODAY
            )
        )
    county.places = places


# -- fixtures ----------------------------------------------------------------------------------------------------------


@dataclass
class Template:
    """A county to be copied: where it lies and what stands in it."""

    database: str
    settings: Settings
    app: Flask
    people: Mapping[str, int]
    bodies: Mapping[str, int]
    places: Mapping[str, Any]


def _prepare(url: str, name: str, folder: Path) -> Template:
    settings = Settings(
        instance=folder, database_url=url, secret_key="0123456789abcdef" * 3, demonstration=False, testing=True,
        upload_limit=2 * 1024 * 1024,
    )  # fmt: skip
    definitions.forget_parsed()
    app = create_app(settings)
    with clock.frozen(NOW) as frozen:
        county = County(app, unit_of_work.database(), {}, {}, {}, frozen)
        _build(county)
    unit_of_work.database().dispose()
    return Template(name, settings, app, county.people, county.bodies, county.places)


@pytest.fixture(scope="session")
def _sqlite_county(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("county")
    path = folder / "county.sqlite3"
    shutil.copy(_sqlite_template, path)
    return _prepare(f"sqlite:///{path}", str(path), folder)


@pytest.fixture(scope="session")
def _postgres_county(_postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    with _postgres_database(template=_postgres_template) as url:
        yield _prepare(url, str(make_url(url).database), tmp_path_factory.mktemp("county"))


@contextmanager
def _copied(kind: str, template: Template, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        copy = folder / "test.sqlite3"
        shutil.copy(template.database, copy)
        yield f"sqlite:///{copy}"
        unit_of_work.database().dispose()
    else:
        with _postgres_database(template=template.database) as url:
            yield url


@contextmanager
def opened(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[County]:
    """Yield a copy of the county on one kind of database, with its site wired to it and the clock standing at NOW."""
    template: Template = request.getfixturevalue("_sqlite_county" if kind == "sqlite" else "_postgres_county")
    with _copied(kind, template, folder) as url:
        settings = replace(template.settings, database_url=url)
        template.app.config["SETTINGS"] = settings
        definitions.forget_parsed()
        wire(settings)
        with clock.frozen(NOW) as frozen:
            yield County(
                template.app, unit_of_work.database(), template.people, template.bodies, template.places, frozen
            )
    clock.use(clock.wall_now)


@pytest.fixture(params=KINDS)
def county(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[County]:
    """The county on a database of this test's own."""
    with opened(request.param, request, tmp_path) as found:
        yield found


def person_of(county: County, username: str) -> Person:
    """Return a person as stored."""
    with county.look() as session:
        row: Person = session.get_one(Person, county.people[username])
        session.expunge_all()
        return row


def attachment(county: County, attachment_id: str) -> Attachment:
    """Return an attachment as stored."""
    with county.look() as session:
        row: Attachment = session.get_one(Attachment, attachment_id)
        session.expunge_all()
        return row
