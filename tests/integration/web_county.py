"""The county of the tests over HTTP: two project units, every role, two projects brought to life by forms.

It is built once a run and database kind, over the same pages that people use, and copied for each test.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.engine import make_url

from app import clock, create_app, unit_of_work, wire
from app.domain.papers import LAYOUTS, Content, amount
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
from app.models.process import ProcessInstance
from app.services import accounts, definitions, ledger, notices, passwords, shipping
from app.services.papers import issue, template_release, templates
from app.settings import ROOT, Settings
from tests.databases import KINDS, _postgres_database
from tests.integration.web_clients import (
    FOREIGN,
    FOREIGN_WAN,
    NOT_SECRET,
    NOW,
    OWN,
    OWN_WAN,
    PASSWORD,
    PDF,
    REPORT,
    TODAY,
    County,
    plan_item,
)

if TYPE_CHECKING:
    from flask import Flask

_HASH = passwords.hashed(PASSWORD)
"""Everybody has the same password, hashed once."""

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

SYSTEMS = (("XX-JYJ-001", "校园管理系统", "jyj"), ("XX-WJW-001", "卫生统计系统", "wjw"))


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
            SystemEntry(code=code, name=name, unit_id=bodies[body], builder="旧承建公司", status="active")
            for code, name, body in SYSTEMS
        )
    county.people, county.bodies = people, bodies


def _file(county: County, clerk: str, name: str, wan: float, system: str) -> dict[str, Any]:
    """File a plan item over HTTP, up to the signature; return its number, instance, open task and report."""
    browser = county.as_(clerk)
    asked = _id(browser.post("/start/p01u_unit_plan", {}).location)
    assert browser.complete(asked, NOT_SECRET).status_code == 200
    instance_id = county.task(asked).instance_id
    filing = county.open_task(instance_id)
    report = browser.upload(filing, REPORT, PDF).get_json()["id"]
    done = browser.complete(filing, plan_item(name, wan, system=system, report=report))
    assert done.status_code == 200, done.get_data(as_text=True)
    with county.look() as session:
        project_id = session.get_one(ProcessInstance, instance_id).project_id
        number = session.get_one(Project, project_id).no
    return {
        "project": number, "project_id": project_id, "instance": instance_id, "asked": asked,
        "filed": filing, "sign": county.open_task(instance_id), "report": report,
    }  # fmt: skip


def _begin(county: County, clerk: str) -> dict[str, Any]:
    """Begin another plan item and upload its report; the form is not handed in."""
    browser = county.as_(clerk)
    asked = _id(browser.post("/start/p01u_unit_plan", {}).location)
    assert browser.complete(asked, NOT_SECRET).status_code == 200
    instance_id = county.task(asked).instance_id
    filing = county.open_task(instance_id)
    upload = browser.upload(filing, "未交的报告.pdf", PDF + b"%" + clerk.encode()).get_json()["id"]
    return {"begun": instance_id, "task": filing, "upload": upload}


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
        agreed = Contract(
            project_id=key, no=f"XW-{key}", supplier="云台软件有限公司", amount_fen=contract, signed_on=TODAY
        )
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
        session.add(
            BudgetLine(project_id=key, fy=2026, fund_type="建设", requested_fen=arranged, arranged_fen=arranged)
        )
        due = ledger.enter(session, "acceptance", date(2026, 5, 8), project_id=key, now=NOW)
        hold = FundHold(
            project_id=key, code="H-ACC", cause="acceptance", since=date(2026, 11, 9), set_at=NOW, articles=[21]
        )
        session.add(hold)
        session.flush()
        notices.notify(
            session, [county.people[clerk]], message="项目%(project)s的验收已逾期。", values={"project": project.name},
            dedupe_key=f"late-{key}", now=NOW, project_id=key, link=f"/projects/{project.no}",
        )  # fmt: skip
        return {"deadline": due.id, "hold": hold.id}


def _sign_paper(county: County, place: Mapping[str, Any], total: int, template: str) -> dict[str, int]:
    """Leave a signed paper in a project, and an uploaded template that waits for its release."""
    with county.change() as session:
        head = accounts.actor_of(session, session.get_one(Person, county.people["dsj.sun"]))
        owner = accounts.actor_of(session, session.get_one(Person, county.people["dsj.tu"]))
        project = session.get_one(Project, place["project_id"])
        values: dict[str, object] = {
            "project_name": project.name, "project_no": project.no, "unit": "修武县某局", "conclusion": "通过",
            "requested": amount(total), "reviewed": amount(total), "cut": amount(0), "nature": "改建",
            "funding_form": "政府投资", "basis": ["依据办法。"], "text": [f"审定总投资{total // 1_000_000}万元。"],
            "contents": [], "cuts": [], "conditions": [], "signatures": [],
        }  # fmt: skip
        content = Content(
            kind="D-02", title="审核意见书", parts=LAYOUTS["D-02"], values=values, issued_on="2026-11-20",
            number=f"修数审〔2026〕{project.id}号", issuer="修武县政务服务和大数据管理局", project_no=project.no,
            project_name=project.name,
        )  # fmt: skip
        row = issue.issue(
            session, content, source="opinion", source_id=project.id, project_id=project.id, by=head, now=NOW
        )
        changed = template_release.upload(
            session, template, templates.shipped(template)[0], name="改.docx",
            reason="改字号", by=owner, now=NOW,
        )  # fmt: skip
        return {"paper": row.id, "template": changed.id}


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
        place |= _sign_paper(county, place, amounts[0], "D-12" if unit == "own" else "D-11")
        places |= {f"{unit}.{key}": value for key, value in place.items()}
    with county.change() as session:
        session.add(
            PanelMember(
                project_id=places["own.project_id"],
                purpose="review",
                person_id=county.people["daxue.ouyang"],
                seated_on=TODAY,
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


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[County]:
    """The county on SQLite alone, for what no database decides: headers, cookies, languages."""
    with opened("sqlite", request, tmp_path) as found:
        yield found
