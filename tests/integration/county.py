"""A small county at a desk: persons by role, and forms recorded one after the other as tasks would record them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.domain.facts import ProjectFacts
from app.domain.gates.acceptance import FOUR_MATERIALS
from app.domain.refusals import Refusal
from app.domain.terms import CONFORMITY_ITEMS, SIX_CONTENTS
from app.errors import RegulationViolation
from app.form_schema import to_storage
from app.models.accounts import Organisation, Person, PersonRole
from app.models.business import Project
from app.models.documents import Submission
from app.models.process import Definition, ProcessInstance, UserTask
from app.services.context import Actor, Recorded, StepContext
from app.services.facts import project_facts
from app.services.operations import OPERATIONS
from app.services.recorders import record

WAN = 1_000_000
ORGANISATIONS = {
    "nyj": ("修武县农业农村局", "unit"),
    "dsj": ("修武县政务服务和大数据管理局", "bureau"),
    "fgw": ("修武县发展和改革委员会", "drc"),
    "czj": ("修武县财政局", "finance"),
    "sjj": ("修武县审计局", "audit"),
    "xzf": ("县政府办", "county_gov"),
    "sxx": ("省信息中心", "employer"),
    "ytsk": ("云台数科", "company"),
    "hsjl": ("河朔信息监理", "company"),
    "thjx": ("太行绩效评价", "company"),
}
PEOPLE = {
    "unit_clerk": "nyj",
    "unit_lead": "nyj",
    "unit_head": "nyj",
    "bur_clerk": "dsj",
    "bur_section": "dsj",
    "bur_head": "dsj",
    "bur_share": "dsj",
    "bur_insp": "dsj",
    "gov_office": "xzf",
    "drc_clerk": "fgw",
    "drc_head": "fgw",
    "fin_budget": "czj",
    "fin_proc": "czj",
    "fin_pay": "czj",
    "fin_head": "czj",
    "fin_perf": "czj",
    "aud_clerk": "sjj",
    "aud_head": "sjj",
    "sup_eng": "hsjl",
    "builder_pm": "ytsk",
    "eval_user": "thjx",
}


class County:
    """One project of one unit, moved by forms; the day is set by the test."""

    def __init__(self, session: Session, today: date) -> None:
        self.session = session
        self.today = today
        self.actors: dict[str, Actor] = {}
        kinds = {code: self._organisation(code, name, kind) for code, (name, kind) in ORGANISATIONS.items()}
        for role, code in PEOPLE.items():
            self._person(role, kinds[code], role)
        for number in range(5):
            self._person(f"expert{number}", kinds["sxx"], "expert")
        definition = Definition(
            kind="bpmn", key="any", version=1, name="任一流程", source="", sha256="0" * 64, published_at=self.now
        )
        session.add(definition)
        session.flush()
        self.instance = ProcessInstance(definition_id=definition.id, process_key="any", started_at=self.now)
        session.add(self.instance)
        session.flush()
        self._tasks = 0

    @property
    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=SHANGHAI)

    def _organisation(self, code: str, name: str, kind: str) -> Organisation:
        row = Organisation(code=code, name=name, short=name, kind=kind, eligible=kind not in {"employer", "company"})
        self.session.add(row)
        self.session.flush()
        return row

    def _person(self, username: str, organisation: Organisation, role: str) -> None:
        row = Person(organisation_id=organisation.id, username=username, name=username, created_at=self.now)
        self.session.add(row)
        self.session.flush()
        self.session.add(PersonRole(person_id=row.id, role=role, granted_at=self.now))
        self.actors[username] = Actor(row.id, username, username, organisation.id, organisation.kind, frozenset({role}))
        self.session.flush()

    @property
    def project(self) -> Project:
        found = self.session.get(Project, self.instance.project_id)
        assert found is not None
        return found

    @property
    def facts(self) -> ProjectFacts:
        self.session.flush()
        return project_facts(self.session, self.project.id, now=self.now)

    def fill(self, who: str, form_id: str, answers: Mapping[str, object], **properties: str) -> None:
        """Complete a task with a form; a refusal leaves nothing behind."""
        with self.session.begin_nested():
            context, submission_id = self._task(who, form_id, answers, properties)
            record(context, Recorded(form_id, answers, submission_id, properties))

    def _task(
        self, who: str, form_id: str, answers: Mapping[str, object], properties: Mapping[str, str]
    ) -> tuple[StepContext, int]:
        by = self.actors[who]
        self._tasks += 1
        project_id = self.instance.project_id
        task = UserTask(
            instance_id=self.instance.id, key=f"t{self._tasks}", element_id="task", name=form_id, form_id=form_id,
            project_id=project_id, created_at=self.now, properties=dict(properties), inputs={},
        )  # fmt: skip
        self.session.add(task)
        self.session.flush()
        if project_id is not None and form_id == "f02s":
            task.inputs = {"project_no": self.project.no}
            task.status = "completed"
        submission = Submission(
            task_id=task.id, instance_id=self.instance.id, project_id=project_id, element_id="task", form_id=form_id,
            answers=to_storage(answers), by_id=by.id, at=self.now,
        )  # fmt: skip
        self.session.add(submission)
        self.session.flush()
        context = StepContext(self.session, self.now, self.instance, by)
        context.task = task
        return context, submission.id

    def sign(self, who: str, form_id: str, result: str = "同意", **properties: str) -> None:
        self.fill(who, "f00s", {"result": result, "opinion": "已阅。"}, signs=form_id, **properties)

    def confirm(self, who: str, purpose: str, result: str = "属实") -> None:
        self.fill(who, "f00c", {"result": result}, records=purpose)

    def refused(self, who: str, form_id: str, answers: Mapping[str, object], **properties: str) -> tuple[Refusal, ...]:
        """Return the refusals that a form meets; fails if there is none."""
        try:
            self.fill(who, form_id, answers, **properties)
        except RegulationViolation as violation:
            return violation.refusals
        raise AssertionError(f"{form_id} was recorded")

    def refused_signing(self, who: str, form_id: str) -> tuple[Refusal, ...]:
        return self.refused(who, "f00s", {"result": "同意", "opinion": "已阅。"}, signs=form_id)

    def run(self, operation: str, inputs: Mapping[str, object] | None = None, **headers: str) -> Mapping[str, object]:
        """Run a service operation of the diagram."""
        context = StepContext(self.session, self.now, self.instance, None)
        found: Mapping[str, object] = OPERATIONS[operation](context, dict(inputs or {}), headers)
        self.session.flush()
        return found

    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    # -- the usual forms -------------------------------------------------------------------------------------------

    def plan(self, **changes: object) -> None:
        """File, suggest and consent to the plan item."""
        self.fill("unit_clerk", "f02", ITEM | changes)
        self.sign("unit_head", "f02")
        self.fill("bur_section", "f02s", {"rank": 1, "bureau_suggestion": "纳入"})
        self.sign("bur_head", "f02s")
        self.fill("gov_office", "f02g", {"result": "同意", "doc_no": "修政〔2025〕8号", "decided_on": self.today})

    def review(self, **changes: object) -> None:
        """File the materials and have them reviewed by three experts up to the signed opinion and the library."""
        self.fill("unit_clerk", "f03", FILING | changes)
        self.sign("unit_head", "f03")
        self.fill("bur_clerk", "f04", {"complete": True, "opinion": "齐全"})
        self.fill("bur_share", "f04s", SHARING)
        seats = [{"expert": f"expert{n}"} for n in range(3)]
        self.fill("bur_section", "f05", {"method": "随机", "experts": seats, "leader": "expert0"})
        for number in range(3):
            self.fill(f"expert{number}", "f05d", {"interest": "无", "promise": True})
            self.fill(f"expert{number}", "f05e", EXPERT)
        self.fill("expert0", "f05g", {"conclusion": "通过", "text": "同意通过评审。"})
        self.fill("bur_clerk", "f06", {"conclusion": "通过", "reviewed_total": 233 * WAN, "text": "同意。"})
        self.sign("bur_head", "f06")
        self.run("library.enter")

    def approve(self) -> None:
        """Have the commission ask the bureau and approve."""
        self.fill("unit_clerk", "f07", {"approval_type": "可研", "requested_total": 233 * WAN})
        self.fill("drc_clerk", "f08a", {"result": "可行"})
        self.fill("bur_section", "f08i", {"conclusion": "同意", "text": "同意。", "feasibility_version": "1"})
        self.sign("bur_head", "f08i")
        self.fill("drc_clerk", "f08", DECISION | {"decided_on": self.today})
        self.sign("drc_head", "f08")

    def fund(self, amount: int = 233 * WAN) -> None:
        """Have finance arrange the money of the year."""
        line = {"fy": self.today.year, "fund_type": "建设", "kind": "年度", "requested": amount, "arranged": amount}
        self.run("budget.open_line", {"fund_type": "建设"})
        self.fill("bur_section", "f09b", {"suggestion": amount, "rank": 1, "fund_type": "建设"})
        self.sign("bur_head", "f09b")
        self.fill("fin_budget", "f09", line)
        self.sign("fin_head", "f09")
        self.fill(
            "fin_budget",
            "f09",
            line | {"approved_on": self.today, "doc_no": "人大〔2026〕1号"},
            records="budget_result",
        )

    def endorse(self) -> None:
        """Have the two plans of Art. 14 endorsed."""
        self.fill("unit_clerk", "f10", {"exchange_plan": ["a"], "infra_plan": ["b"], "management_rules": ["c"]})
        self.fill("bur_share", "f11", POINTS)
        self.sign("bur_head", "f11")

    def contract(self) -> None:
        """Procure and sign the contract."""
        self.fill("unit_lead", "f12", PACKAGES)
        self.sign("fin_proc", "f12")
        self.fill("unit_clerk", "f12r", AWARD | {"notice_on": self.today})
        self.fill("unit_clerk", "f13", CONTRACT | {"signed_on": self.today})
        self.sign("unit_head", "f13")

    def build(self) -> None:
        """Supervise and start the work."""
        self.fill("unit_lead", "f13s", SUPERVISION | {"signed_on": self.today})
        self.fill("unit_lead", "f15k", {"start_on": self.today, "plan_end": self.today + timedelta(days=90)})

    def complete(self, completed_on: date) -> None:
        """Certify and confirm the completion date."""
        self.fill("sup_eng", "f15c", {"completed_on": completed_on, "certificate": ["d"], "text": "具备条件"})
        self.confirm("unit_lead", "completion_date")

    def accept(self, conclusion: str = "通过") -> None:
        """Apply for acceptance, hold the meeting and conclude."""
        self.fill("unit_clerk", "f16a", APPLICATION)
        self.fill("bur_share", "f16s", {"access": "已接入", "items_ok": True})
        self.fill(
            "bur_section", "f05z", {"experts": [{"expert": "expert4", "reviewed_before": False}], "reason": "指派"}
        )
        self.fill("bur_section", "f16h", {"conclusion": "核准", "basis": "符合"})
        self.sign("bur_head", "f16h")
        self.meet(signed=True)
        items = [{"problem": f"问题{n}", "requirement": "改正"} for n in (1, 2, 3)]
        answers = {"conclusion": conclusion, "text": "意见"} | (
            {} if conclusion == "通过" else {"items": items, "limit_days": 30}
        )
        self.fill("expert4", "f16g", answers)

    def meet(self, *, signed: bool) -> None:
        who = {"name": "expert4", "org": "省信息中心", "role": "指派专家", "signed": signed}
        self.fill("unit_lead", "f16m", {"held_on": self.today, "place": "县政务大厅", "participants": [who]})

    def operate(self) -> None:
        """Go from the contract into operation: build, complete, accept, file, catalogue."""
        self.build()
        self.complete(self.today)
        self.fill("bur_share", "f23", RESOURCE, records="platform_no")
        self.accept()
        self.fill("unit_clerk", "f16f", {key: ["x"] for key in FOUR_MATERIALS})
        self.confirm("bur_clerk", "filing_confirmation")
        self.fill("unit_lead", "f16o", {"online_on": self.today})
        self.fill(
            "unit_clerk", "f22", {"name": "产业园平台", "deploy": "政务云", "network": "电子政务外网", "mlps_level": 2}
        )
        self.confirm("bur_share", "catalogue_check")
        self.run("catalogue.activate")

    def evaluate(self, points: int, sharing: int) -> None:
        """Evaluate after a full year: the scores, and both heads' signatures."""
        setup = {"evaluation_mode": "第三方", "evaluator": "太行绩效评价"}
        weights = {"weight_operation": 30, "weight_sharing": 30, "weight_performance": 40}
        self.fill("bur_section", "f25s", setup | weights)
        self.fill("unit_clerk", "f25u", {"availability": 99, "text": "运行平稳"})
        scores = {"operation_score": points, "sharing_score": sharing, "performance_score": points}
        self.fill("eval_user", "f25e", scores)
        self.sign("bur_head", "f25e")
        self.sign("fin_head", "f25e")

    def scalar(self, column: object) -> object:
        return self.session.scalar(select(column))  # type: ignore[call-overload]


HEARD: dict[str, object] = {"position": "没有异议", "statement": "没有异议，继续整改。"}
RESOURCE: dict[str, object] = {"name": "产业园台账", "platform_no": "PT-1", "update_cycle": "月"}
ITEM: dict[str, object] = {
    "name": "智慧农业产业园数据平台",
    "fy": 2026,
    "funding_form": "政府投资",
    "nature": "新建",
    "category": "业务信息系统",
    "basis": "依据文件",
    "content": "建设数据平台，汇聚产业园数据，支撑监管和服务。",
    "period_months": 12,
    "total": 233 * WAN,
    "fy_amount": 233 * WAN,
    "source": [{"kind": "县级", "amount": 233 * WAN}],
    "uses_cloud": True,
    "uses_gov_net": True,
    "has_room": False,
    "has_private_net": False,
}
FILING: dict[str, object] = {
    "proposal": ["1"],
    "feasibility": ["2"],
    "design": ["3"],
    "budget_lines": [
        {"category": "软件", "name": "平台软件", "quantity": 1, "unit_price": 200 * WAN, "amount": 200 * WAN},
        {"category": "监理", "name": "监理服务", "quantity": 1, "unit_price": 33 * WAN, "amount": 33 * WAN},
    ],
    "targets": [{"level1": "产出指标"}] * 5,
    "resource_items": [{"name": "产业园台账", "update_cycle": "月", "platform_no": ""}],
    "share_list": [{"resource": "产业园台账", "direction": "提供"}],
    "exchange_mode": "接口",
    "exchange_frequency": "日",
    "exchange_owner": "和晓燕",
    "platform_plan": "接入焦作市大数据平台的方案。",
    "mlps_level": "2",
    "crypto_required": False,
    **dict.fromkeys(CONFORMITY_ITEMS, "符合"),
}
SHARING: dict[str, object] = {
    **{f"{part}_result": "符合" for part in ("catalogue", "sharing", "exchange", "cloud_network", "reuse")},
    "access_ok": True,
    "result": "符合",
    "opinion": "符合要求",
}
EXPERT: dict[str, object] = {
    **{f"{key}_score": 88 for key in SIX_CONTENTS},
    **{f"{key}_comment": "内容完整，理由充分，同意。" for key in SIX_CONTENTS},
    "conclusion": "通过",
}
DECISION: dict[str, object] = {"decision": "批准", "approved_total": 233 * WAN, "doc_no": "修发改〔2026〕9号"}
POINTS: dict[str, object] = {
    **{f"{point}_result": "符合" for point in ("interface", "platform", "cloud", "network", "security")},
    "conclusion": "核准",
    "opinion": "同意",
}
PACKAGES: dict[str, object] = {
    "packages": [{"name": "平台", "budget": 230 * WAN, "content": ["平台软件"], "method": "公开招标"}]
}
AWARD: dict[str, object] = {
    "package": "平台",
    "outcome": "成交",
    "notice_no": "ZB-1",
    "bidders": [{"name": "云台数科", "price": 226_300_000}],
    "winner": "云台数科",
    "price": 226_300_000,
}
CONTRACT: dict[str, object] = {
    "no": "HT-1",
    "supplier": "云台数科",
    "is_sme": True,
    "amount": 226_300_000,
    "pay_nodes": [
        {"name": "首付款", "kind": "预付", "percent": 30, "amount": 67_890_000, "after_acceptance": False},
        {"name": "验收款", "kind": "验收", "percent": 70, "amount": 158_410_000, "after_acceptance": True},
    ],
}
SUPERVISION: dict[str, object] = {"supervisor": "河朔信息监理", "evidence": ["e"], "affiliation": "无关联"}
APPLICATION: dict[str, object] = {
    "supervision_summary": ["1"],
    "test_report": ["2"],
    "user_report": ["3"],
    "access_no": "DSJ-0007",
}
