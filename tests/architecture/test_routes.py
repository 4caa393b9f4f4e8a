"""Every route asks who is there: a login, a token for what changes something, and the right person for each object.

A route that is not in the table fails; foreign and absent objects answer alike.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete

from app.models.accounts import LoginAttempt
from app.settings import ROOT
from app.web import identity
from tests.integration.web_clients import PDF, Browser, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]

PUBLIC = {"account.login", "account.enter", "account.language", "static", "health.alive", "health.ready"}

READERS = ("", "jyj.wang", "wjw.zhou", "dsj.chen", "daxue.ouyang", "dsj.tu", "dsj.zhen")
"""Nobody, the own unit's clerk, the foreign one's, bureau, expert, process owner, system administrator."""
OBJECTS = ("own", "foreign", "absent")
ABSENT = {
    "no": "XWXX-2027-T-999",
    "attachment_id": "0" * 32,
    "process_id": "p99_nothing",
    "key": "nothing",
    "filename": "nothing.js",
    "kind>/<key": "process/p99_nothing",
    "kind>/<key>/revisions/<int:revision_id": "process/p99_nothing/revisions/1",
}


@dataclass(frozen=True)
class Route:
    """What a route answers: to each reader one status, or one for each of the three objects."""

    answers: tuple[int | tuple[int, int, int], ...]
    objects: tuple[object, ...] = ()
    """Names in the county, or values, of the own and the foreign object."""
    form: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None


def everybody(status: int, *, visitor: int = 302) -> tuple[int, ...]:
    """Return the answers of a page that every logged-in person has."""
    return (visitor, *[status] * 6)


LOGIN = (302, 302, 302)
NONE = (404, 404, 404)


def each(status: int, *readers: str, visitor: int = 302) -> tuple[int | tuple[int, int, int], ...]:
    """Return the answers for objects: which of own (o) and foreign (f) each of the six readers gets."""
    return (
        (visitor,) * 3,
        *((status if "o" in seen else 404, status if "f" in seen else 404, 404) for seen in readers),
    )


TASK = ("own.task", "foreign.task")
CLERKS = ("o", "f", "", "", "", "")
SEEN = ("o", "f", "of", "o", "", "")
ADMINISTRATOR = ("", "", "", "", "", "of")
RECORDS = ("", "", "of", "", "of", "of")
"""The bureau and those who run the system see what the engine recorded."""
FILES = {"file": "a.pdf", "field": "assess_report"}

PAPER = ("o", "f", "of", "o", "", "")
TABLES = ((302, 302, 302), (200, 200, 404), (200, 200, 404), (200, 200, 404), NONE, NONE, NONE)

ALONE = (LOGIN, (302, 404, 404), (404, 403, 404), NONE, NONE, NONE, NONE)
"""What concerns colleagues: the foreign unit's only clerk has none."""

BOTH = (200, 200, 404)
REGISTER = (LOGIN, BOTH, BOTH, BOTH, BOTH, NONE, NONE)
"""A register: for whose roles act on projects."""
OWNER = ("", "", "", "", "of", "")
"""What belongs to the workshop: of the six readers only the process owner sees it."""
OWNERS_PAGE = (302, 404, 404, 404, 404, 200, 404)
FILE = ("=process/p09_acceptance", "=process/p05_preprocurement")
DRAWN = {"revision": 0, "content": (ROOT / "bpmn" / "p09_acceptance.bpmn").read_text(encoding="utf-8")}
NOWHERE = (LOGIN, NONE, NONE, NONE, NONE, NONE, NONE)
UNKNOWN = ("=1", "=2")
"""Of releases and migrations there are none in this county."""
PLANS = (LOGIN, (200, 404, 404), (200, 404, 404), NONE, NONE, NONE, NONE)
"""Handing in a workbook: a plan for a unit's clerk; of the readers here, existing systems for nobody."""

ROUTES: dict[str, Route] = {
    "GET /": Route(everybody(302)),
    "GET /attachments/<attachment_id>": Route(each(200, *SEEN), ("own.report", "foreign.report")),
    "GET /board": Route(everybody(200)),
    "GET /calendar": Route(everybody(200)),
    "GET /calendar/files/<int:file_id>": Route((LOGIN, *[NONE] * 6), ("=1", "=2")),
    "GET /deadlines": Route(everybody(200)),
    "GET /deadlines/<int:deadline_id>": Route(each(200, *SEEN), ("own.deadline", "foreign.deadline")),
    "GET /demo/clock/progress": Route(everybody(404)),
    "GET /expert-tasks": Route((302, 404, 404, 200, 404, 404, 404)),
    "GET /expert-ties": Route((302, 404, 404, 200, 404, 404, 404)),
    "GET /funds": Route(everybody(200)),
    "GET /handovers": Route(everybody(200)),
    "GET /handovers/<int:number>": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "GET /healthz": Route(everybody(200, visitor=200)),
    "GET /holds": Route(everybody(200)),
    "GET /imports/<kind>": Route(PLANS, ("=plan", "=systems")),
    "GET /imports/<kind>/template": Route(PLANS, ("=plan", "=systems")),
    "GET /imports/checks/<int:check_id>": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "GET /inbox": Route(everybody(200)),
    "GET /inbox/sign": Route(everybody(200)),
    "GET /inbox/<int:task_id>/preview": Route(each(200, *CLERKS), TASK),
    "GET /instances/<int:instance_id>": Route(each(200, *SEEN), ("own.instance", "foreign.instance")),
    "GET /login": Route(everybody(302, visitor=200)),
    "GET /meetings/<no>": Route(each(200, "", "", "o", "", "", ""), ("own.project", "foreign.project")),
    "GET /meetings/<no>/form": Route((LOGIN,) * 7, ("own.project", "foreign.project")),
    "GET /meetings/<no>/print": Route(each(200, "", "", "o", "", "", ""), ("own.project", "foreign.project")),
    "GET /notices": Route(everybody(200)),
    "GET /parameters": Route(everybody(200)),
    "GET /parameters/<key>": Route(each(200, *["of"] * 6), ("=materials_days", "=G-13")),
    "GET /operations": Route((302, 404, 404, 404, 404, 404, 200)),
    "GET /password": Route(everybody(200)),
    "GET /papers": Route(everybody(200)),
    "GET /papers/<int:paper_id>": Route(each(200, *PAPER), ("own.paper", "foreign.paper")),
    "GET /papers/<int:paper_id>/docx": Route(each(200, *PAPER), ("own.paper", "foreign.paper")),
    "GET /papers/<int:paper_id>/print": Route(each(200, *PAPER), ("own.paper", "foreign.paper")),
    "GET /papers/tables/<kind>": Route(TABLES, ("=D-07", "=D-19")),
    "GET /papers/tables/<kind>/docx": Route(TABLES, ("=D-07", "=D-19")),
    "GET /papers/templates": Route((302, 404, 404, 404, 404, 200, 404)),
    "GET /papers/templates/<kind>/docx": Route(each(200, "", "", "", "", "of", ""), ("=D-02", "=D-11")),
    "GET /people": Route((302, 404, 404, 404, 404, 404, 200)),
    "GET /people/<int:person_id>": Route(each(200, *ADMINISTRATOR), ("jyj.zhao", "wjw.xu")),
    "GET /people/new": Route((302, 404, 404, 404, 404, 404, 200)),
    "GET /plans": Route((302, 200, 200, 200, 200, 404, 404)),
    "GET /plans/workbook": Route((302, 200, 200, 200, 200, 404, 404)),
    "GET /processes": Route(everybody(200)),
    "GET /processes/<process_id>": Route(each(200, *["of"] * 6), ("=p01u_unit_plan", "=p09_acceptance")),
    "GET /processes/<process_id>/conformance": Route(each(200, *RECORDS), ("=p01u_unit_plan", "=p09_acceptance")),
    "GET /processes/<process_id>/following": Route(each(200, *RECORDS), ("=p01u_unit_plan", "=p09_acceptance")),
    "GET /processes/<process_id>/log.csv": Route(each(200, *RECORDS), ("=p01u_unit_plan", "=p09_acceptance")),
    "GET /processes/<process_id>/log.xes": Route(each(200, *RECORDS), ("=p01u_unit_plan", "=p09_acceptance")),
    "GET /projects": Route(everybody(200)),
    "GET /projects/<no>/archive": Route(each(200, "o", "f", "of", "", "", ""), ("own.project", "foreign.project")),
    "GET /projects/<no>/print": Route(each(200, *SEEN), ("own.project", "foreign.project")),
    "GET /projects/<no>": Route(each(200, *SEEN), ("own.project", "foreign.project")),
    "GET /projects/<no>/withdraw": Route(each(200, *CLERKS), ("own.project", "foreign.project")),
    "GET /readyz": Route(everybody(200, visitor=200)),
    "GET /regulation/<int:number>": Route(each(200, *["of"] * 6), ("=20", "=21")),
    "GET /registers": Route(everybody(200)),
    "GET /registers/<key>": Route(REGISTER, ("=projects", "=library")),
    "GET /registers/<key>/print": Route(REGISTER, ("=projects", "=library")),
    "GET /registers/<key>/workbook": Route(REGISTER, ("=projects", "=library")),
    "GET /search": Route(everybody(200)),
    "GET /start": Route(everybody(200)),
    "GET /substitutes": Route(everybody(200)),
    "GET /static/<path:filename>": Route(((200, 200, 404),) * 7, ("=dist/manifest.json", "=dist/manifest.json")),
    "GET /releases": Route(OWNERS_PAGE),
    "GET /releases/<int:request_id>": Route(NOWHERE, UNKNOWN),
    "GET /deadlines/<int:deadline_id>/print": Route(each(200, *SEEN), ("own.deadline", "foreign.deadline")),
    "GET /tasks/<int:task_id>/paper": Route(each(404, "", "", "", "", "", ""), TASK),
    "GET /tasks/<int:task_id>/print": Route(each(200, "o", "f", "of", "", "", ""), ("own.filed", "foreign.filed")),
    "GET /tasks/<int:task_id>": Route(each(200, *CLERKS), TASK),
    "GET /workshop": Route(OWNERS_PAGE),
    "GET /workshop/choices": Route(OWNERS_PAGE),
    "GET /workshop/process/<key>/rehearsal": Route(each(200, *OWNER), ("=p09_acceptance", "=p05_preprocurement")),
    "GET /workshop/process/<key>/rehearsal/played": Route(NOWHERE, ("=p09_acceptance", "=p05_preprocurement")),
    "GET /workshop/<kind>/<key>": Route(each(200, *OWNER), FILE),
    "GET /workshop/<kind>/<key>/compare": Route(each(200, *OWNER), FILE),
    "GET /workshop/<kind>/<key>/export": Route(each(200, *OWNER), FILE),
    "GET /workshop/<kind>/<key>/versions": Route(each(200, *OWNER), FILE),
    "POST /calendar/files": Route((302, 403, 403, 400, 403, 400, 403)),
    "POST /calendar/files/<int:file_id>": Route((LOGIN, *[NONE] * 6), ("=1", "=2")),
    "POST /expert-tasks/<int:task_id>": Route((LOGIN, *[NONE] * 6), ("own.task", "foreign.task")),
    "POST /expert-ties/<int:person_id>": Route(
        (LOGIN, (403, 403, 403), (403, 403, 403), (400, 404, 404), *[(403, 403, 403)] * 3), ("daxue.ouyang", "jyj.zhao")
    ),
    "POST /deadlines/<int:deadline_id>/filed": Route((LOGIN, *[NONE] * 6), ("own.deadline", "foreign.deadline")),
    "POST /demo/clock": Route(everybody(404), form={"to": "next_day"}),
    "POST /imports/<kind>": Route(
        tuple((422, 404, 404) if one == (200, 404, 404) else one for one in PLANS),
        ("=plan", "=systems"),
        form={"not_secret": "1"},
    ),
    "POST /imports/checks/<int:check_id>/take": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "POST /substitutes": Route(everybody(400)),
    "POST /substitutes/<int:number>/revoke": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "POST /handovers": Route(everybody(404)),
    "POST /handovers/<int:number>/receive": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "POST /inbox/claim": Route(everybody(302)),
    "POST /inbox/sign": Route(everybody(404)),
    "POST /inbox/sign/chosen": Route(everybody(302)),
    "GET /inbox/workbook": Route(everybody(200)),
    "POST /inbox/views": Route(everybody(302), form={"name": "急"}),
    "POST /inbox/views/<int:view_id>/discard": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "POST /tasks/<int:task_id>/put-off": Route(each(302, *CLERKS), TASK),
    "POST /inbox/remind": Route(everybody(302)),
    "POST /language": Route(everybody(302, visitor=302), form={"language": "zh"}),
    "POST /login": Route(everybody(401, visitor=401), form={"password": "x"}),
    "POST /notices/read": Route(everybody(302)),
    "POST /parameters/<key>": Route(
        (LOGIN, *[(403, 403, 403)] * 3, (403, 403, 403), (400, 400, 404), (403, 403, 403)), ("=materials_days", "=G-13")
    ),
    "POST /parameters/changes/<int:change_id>": Route((LOGIN, *[NONE] * 6), ("=1", "=2")),
    "POST /projects/<no>/remark": Route(
        each(302, "o", "f", "of", "", "", ""), ("own.project", "foreign.project"), form={"words": "请补材料"}
    ),
    "POST /tasks/<int:task_id>/remark": Route(NOWHERE, TASK, form={"words": "请补材料"}),
    "POST /operations/incidents/<int:incident_id>/retry": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "POST /operations/messages/<int:item_id>/retry": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "POST /operations/timers/<int:timer_id>/retry": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "POST /papers/<int:paper_id>/void": Route(
        each(302, *PAPER), ("own.paper", "foreign.paper"), form={"reason": "总投资写错一位"}
    ),
    "POST /papers/<int:paper_id>/void/decide": Route(
        each(302, *PAPER), ("own.paper", "foreign.paper"), form={"agreed": "0"}
    ),
    "POST /papers/templates/<int:template_id>/decide": Route(
        (LOGIN, NONE, NONE, NONE, NONE, (302, 302, 404), NONE),
        ("own.template", "foreign.template"),
        form={"released": "0"},
    ),
    "POST /papers/templates/<kind>": Route(
        each(302, "", "", "", "", "of", ""), ("=D-02", "=D-11"), form={"reason": "改字号"}
    ),
    "POST /projects/<no>/archive": Route(each(200, "o", "f", "of", "", "", ""), ("own.project", "foreign.project")),
    "POST /password": Route(everybody(422), form={"current": "x", "new": "y", "again": "z"}),
    "POST /people/<int:person_id>": Route(
        each(302, *ADMINISTRATOR), ("jyj.zhao", "wjw.xu"), form={"roles": "unit_clerk"}
    ),
    "POST /people/<int:person_id>/active": Route(
        each(302, *ADMINISTRATOR), ("jyj.zhao", "wjw.xu"), form={"active": "1"}
    ),
    "POST /people/<int:person_id>/reset": Route(each(200, *ADMINISTRATOR), ("jyj.zhao", "wjw.xu")),
    "POST /people/new": Route((302, 404, 404, 404, 404, 404, 422)),
    "POST /projects/<no>/withdraw": Route(
        each(403, *CLERKS), ("own.project", "foreign.project"), form={"reason": "省级统建"}
    ),
    "POST /registers/<key>/views": Route(
        tuple((302, 302, 404) if one == (200, 200, 404) else one for one in REGISTER),
        ("=projects", "=library"),
        form={"name": "在建"},
    ),
    "POST /registers/views/<int:view_id>/discard": Route((LOGIN, *[NONE] * 6), ("=99998", "=99997")),
    "GET /workshop/download.zip": Route(OWNERS_PAGE),
    "GET /workshop/guide": Route(OWNERS_PAGE),
    "GET /workshop/migrations/<int:job_id>": Route(NOWHERE, UNKNOWN),
    "GET /workshop/process/<process_id>/migration": Route(each(200, *OWNER), ("=p09_acceptance", "=p01u_unit_plan")),
    "POST /releases/<int:request_id>/refuse": Route(NOWHERE, UNKNOWN, form={"words": "x"}),
    "POST /releases/<int:request_id>/release": Route(NOWHERE, UNKNOWN),
    "POST /releases/<int:request_id>/remark": Route(NOWHERE, UNKNOWN, form={"words": "x"}),
    "POST /releases/<int:request_id>/withdraw": Route(NOWHERE, UNKNOWN),
    "POST /start/<process_id>": Route(
        (LOGIN, (302, 404, 404), (302, 404, 404), NONE, NONE, NONE, NONE), ("=p01u_unit_plan", "=p01_annual_plan")
    ),
    "GET /urging": Route((302, 404, 404, 404, 404, 404, 404)),
    "GET /week": Route(everybody(200)),
    "POST /urging/<code>": Route((LOGIN, *[NONE] * 6), ("=jyj", "=wjw")),
    "POST /tasks/<int:task_id>/attachments": Route(each(200, *CLERKS), TASK, form=FILES),
    "POST /tasks/<int:task_id>/claim": Route(each(302, *CLERKS), TASK),
    "POST /tasks/<int:task_id>/complete": Route(each(422, *CLERKS, visitor=401), TASK, json={"values": {}}),
    "POST /tasks/<int:task_id>/draft": Route(each(200, *CLERKS, visitor=401), TASK, json={"values": {"name": "x"}}),
    "POST /tasks/<int:task_id>/draft/choose": Route(each(302, *CLERKS), TASK, form={"keep": "mine", "mine": "{}"}),
    "POST /tasks/<int:task_id>/draft/compare": Route(each(200, *CLERKS), TASK, form={"mine": "{}"}),
    "POST /tasks/<int:task_id>/purge": Route(NOWHERE, ("own.sign", "foreign.sign")),
    "POST /tasks/<int:task_id>/release": Route(each(302, *CLERKS), TASK),
    "POST /tasks/<int:task_id>/remind": Route(each(302, *CLERKS), TASK),
    "POST /tasks/<int:task_id>/reassign": Route(ALONE, TASK, form={"person": "1"}),
    "POST /workshop/upload": Route((302, 404, 404, 404, 404, 400, 404)),
    "POST /workshop/new": Route((302, 404, 404, 404, 404, 400, 404), form={"kind": "process", "key": "-", "name": "x"}),
    "POST /workshop/<kind>/<key>/save": Route(each(200, *OWNER, visitor=401), FILE, json=DRAWN),
    "GET /workshop/<kind>/<key>/difference": Route(each(200, *OWNER), FILE),
    "POST /workshop/<kind>/<key>/lint": Route(each(200, *OWNER, visitor=401), FILE, json={"content": "x"}),
    "POST /workshop/<kind>/<key>/repair": Route(
        each(422, *OWNER, visitor=401), FILE, json={"content": "x", "finding": {"code": "no-id", "element": ""}}
    ),
    "POST /workshop/<kind>/<key>/try": Route(
        each(200, *OWNER, visitor=401),
        ("=decision/review_route", "=decision/change_class"),
        json={"content": "x", "inputs": {}},
    ),
    "POST /workshop/<kind>/<key>/reset": Route(each(302, *OWNER), FILE),
    "POST /workshop/<kind>/<key>/revisions/<int:revision_id>": Route(
        each(302, *OWNER), ("=process/p09_acceptance/revisions/1", "=process/p05_preprocurement/revisions/2")
    ),
    "POST /workshop/<kind>/<key>/release": Route(
        each(409, *OWNER, visitor=401), FILE, json={"revision": 9, "reason": "x"}
    ),
    "POST /workshop/<kind>/<key>/restore": Route(each(400, *OWNER), FILE, form={"version": "1"}),
    "POST /workshop/process/<process_id>/migration": Route(
        each(400, *OWNER), ("=p09_acceptance", "=p01u_unit_plan"), form={"to": "1", "reason": "x"}
    ),
    "POST /logout": Route(everybody(302)),
}
"""In the order in which they are tried: a draft is there before it is compared, and logging out comes last."""


def declared(county: County) -> dict[str, tuple[str, bool]]:
    """Return every route of the site with its endpoint, and whether it changes something."""
    return {
        f"{method} {rule}": (rule.endpoint, method not in {"GET", "HEAD", "OPTIONS"})
        for rule in county.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


def addresses(county: County, name: str, route: Route) -> list[str]:
    """Return the route's address for the own, the foreign and an absent object; one without objects has one."""
    path = name.split(" ", 1)[1]
    if not route.objects:
        assert "<" not in path, f"{name} needs objects"
        return [path]
    before, rest = path.split("<", 1)
    parameter, after = rest.rsplit(">", 1)
    absent = ABSENT.get(parameter) or ABSENT.get(parameter.rpartition(":")[2], "99999")
    return [f"{before}{_value(county, str(one))}{after}" for one in route.objects] + [f"{before}{absent}{after}"]


def _value(county: County, name: str) -> object:
    if name.startswith("="):
        return name[1:]
    return county[name] if name in county.places else county.people[name]


def ask(browser: Browser, method: str, address: str, route: Route) -> int:
    """Ask for the route once and return the status."""
    if method == "GET":
        return browser.get(address).status_code
    if route.json is not None:
        return browser.post(address, json=route.json).status_code
    form = dict(route.form)
    if "file" in form:
        form["file"] = (io.BytesIO(PDF), form["file"])  # read to its end by each request
    return browser.post(address, form).status_code


def test_every_route_is_in_the_table(county: County) -> None:
    assert set(declared(county)) == set(ROUTES)


def test_every_route_needs_a_login_but_those_that_are_public(county: County) -> None:
    assert identity.PUBLIC == PUBLIC
    visitor, found = county.browser(), {}
    for name, (endpoint, changes) in declared(county).items():
        address = addresses(county, name, ROUTES[name])[0]
        answer = visitor.post(address, {}) if changes else visitor.get(address)
        if endpoint not in PUBLIC:
            found[name] = (answer.status_code, (answer.location or "").split("?")[0])
    assert found == dict.fromkeys(found, (302, "/login"))
    assert len(found) == len(ROUTES) - len(PUBLIC)


def test_nothing_is_changed_without_the_token_of_the_session(county: County) -> None:
    stranger = county.browser()
    foreign = stranger.token()
    found = {}
    for name, (endpoint, changes) in declared(county).items():
        room = endpoint.split(".")[0]
        # somebody who may enter the room: where she may not, she hears nothing of tokens
        needed = identity.RESTRICTED.get(room, frozenset())
        enters = {"process_owner": "dsj.tu", "bur_section": "dsj.sun"}
        admin = county.as_(next((who for role, who in enters.items() if role in needed), "dsj.zhen"))
        if changes:
            address = addresses(county, name, ROUTES[name])[0]
            found[name] = (
                admin.http.post(address).status_code,
                admin.http.post(address, headers={"X-CSRFToken": "falsch"}).status_code,
                admin.http.post(address, headers={"X-CSRFToken": foreign}).status_code,
                admin.http.post(address, json={"values": {}}).status_code,
            )
    assert found == dict.fromkeys(found, (400, 400, 400, 400))
    assert len(found) == sum(name.startswith("POST") for name in ROUTES)
    assert county.as_("dsj.zhen").get("/inbox").status_code == 200


def test_each_reader_gets_what_is_hers_and_no_sign_of_the_rest(county: County) -> None:
    found, expected = {}, {}
    for place, reader in enumerate(READERS):
        browser = county.as_(reader) if reader else county.browser()
        with county.change() as session:
            session.execute(delete(LoginAttempt))  # the failures of one reader must not lock out the next
        for name, route in ROUTES.items():
            method = name.split(" ", 1)[0]
            statuses = [ask(browser, method, address, route) for address in addresses(county, name, route)]
            wanted = route.answers[place]
            found[name, reader] = statuses
            expected[name, reader] = list(wanted) if isinstance(wanted, tuple) else [wanted]
    wrong = {key: (status, expected[key]) for key, status in found.items() if status != expected[key]}
    assert wrong == {}
    assert len(found) == len(ROUTES) * len(READERS)


def test_a_hidden_object_answers_like_an_absent_one(county: County) -> None:
    clerk, compared = county.as_("jyj.wang"), []
    for name, route in ROUTES.items():
        if name.startswith("GET") and route.objects and route.answers[1] == (200, 404, 404):
            _own, foreign, absent = addresses(county, name, route)
            pages = [clerk.get(one).get_data(as_text=True) for one in (foreign, absent)]
            assert _bare(pages[0], foreign) == _bare(pages[1], absent), name
            compared.append(name)
    assert len(compared) == 16


def _bare(page: str, address: str) -> str:
    """Return a page without its own address and its tokens, which differ from second to second."""
    page = re.sub(r'<meta name="csrf-token" content="[^"]+">', "", page.replace(address, ""))
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)
