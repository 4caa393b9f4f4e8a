"""The diaries of the projects, completed by rule from what `county.json` says of each.

The rule: what the file dates happens on its day; what it does not date takes the usual number of working days
(`diary.USUAL`); payments follow the contract's nodes up to the sum that the file names; what lies after the
demonstration's last day is left open.
"""

from __future__ import annotations

from datetime import date, timedelta

from app.demo import events
from app.demo.county import County, Plan
from app.demo.diary import NEVER, Diary, Entry
from app.demo.events import pay, register_legacy, register_resource, start
from app.demo.money_plan import arrangements, payments
from app.demo.special import SPECIAL
from app.domain.calendar import Calendar

BUILT = {"COMPLETED", "ACCEPTANCE", "ACCEPT_RECTIFY", "ACCEPTED", "OPERATING", "EVALUATING", "EVAL_RECTIFY"}
P9 = "p09_acceptance"
LEGACY_FROM = date(2022, 10, 10)
"""From this Monday on the units enter the systems that were there before, one a working day."""


def diaries(county: County, calendar: Calendar) -> dict[str, Diary]:
    """Return number → diary of every project."""
    return {plan.no: diary_of(plan, calendar) for plan in county.plans}


def diary_of(plan: Plan, calendar: Calendar) -> Diary:
    """Return a project's diary."""
    diary = Diary()
    if plan.path == "X":
        return diary.at(date(2026, 11, 18), events.file_item)
    filed = plan.day("filed_item") or calendar.after_working_days(date(plan.fy - 1, 10, 19), plan.serial)
    _legacy(diary, plan, calendar)
    diary.at(filed, events.file_item)
    if plan.money("contract") and plan.path != "Y":
        _money(diary, plan, calendar)
    if plan.state in BUILT and plan.path != "Y":
        _completion(diary, plan, calendar)
        _acceptance(diary, plan, calendar)
        _operation(diary, plan, calendar)
    elif plan.path != "Y":
        diary.never("p07_construction.certify", "p07_construction.certify_service")
    if plan.no in SPECIAL:
        SPECIAL[plan.no](diary, plan, calendar)
    return diary


def _legacy(diary: Diary, plan: Plan, calendar: Calendar) -> None:
    """The system that is rebuilt, extended, operated or scrapped stands in the catalogue before (第十九条)."""
    if not plan.row.get("parent"):
        return
    day = calendar.after_working_days(LEGACY_FROM, plan.serial % 7 + (plan.fy - 2023))
    online = plan.day("online") if plan.path == "Y" else None
    diary.at(day, register_legacy(str(plan.row["parent"]), online or date(2016 + plan.serial % 5, 6, 1)))
    if plan.row.get("not_in_catalogue"):
        lacking = [{"item": "系统清单", "requirement": "补充等级保护备案证明和网络拓扑图"}]
        diary.on("p12c_legacy.check", None, result="补正", missing=lacking, note="材料不全，退回补正。")
        diary.entries["p12c_legacy.enter"] = [Entry(), NEVER]


def _money(diary: Diary, plan: Plan, calendar: Calendar) -> None:
    paid = payments(plan, calendar)
    arranged = arrangements(plan, paid)
    diary.notes["budget"] = {fy: str(value) for fy, value in arranged.items()}
    for fy in sorted(arranged)[1:]:
        diary.at(calendar.next_working_day(date(fy, 1, 5)), start("p04s_supplement", "bur_section"))
    for payment in paid:
        if payment.on is None:
            diary.after("p06_procurement.publish_contract", 4, pay(payment.node, payment.amount))
        else:
            diary.at(payment.on, pay(payment.node, payment.amount))


def _completion(diary: Diary, plan: Plan, calendar: Calendar) -> None:
    completed = plan.day("completed")
    assert completed is not None  # noqa: S101 -- the file says so of every project that is built
    certified = calendar.next_working_day(completed)
    diary.on("p07_construction.certify", certified).on("p07_construction.certify_service", certified)
    begin = _back(completed, 12, calendar)
    diary.after("p07_construction.confirm_date", 2, start("p12_catalogue", "unit_clerk"))
    if plan.day("accepted") or plan.day("first_fail") or plan.state == "ACCEPTANCE":
        diary.at(begin, register_resource(0)).at(calendar.after_working_days(begin, 1), register_resource(1))


def _back(day: date, working_days: int, calendar: Calendar) -> date:
    """Return the working day that many working days before `day`."""
    while working_days:
        day = calendar.previous_working_day(day - timedelta(days=1))
        working_days -= 1
    return day


def _acceptance(diary: Diary, plan: Plan, calendar: Calendar) -> None:
    for meeting in [day for day in (plan.day("first_fail"), plan.day("accepted")) if day]:
        applied = _back(meeting, 7, calendar)
        diary.on(f"{P9}.apply", applied)
        diary.on(f"{P9}.meet", meeting)
    if plan.state in {"COMPLETED", "ACCEPT_RECTIFY"}:
        diary.never(f"{P9}.apply")
    if plan.state == "ACCEPT_RECTIFY":
        diary.never(f"{P9}.rectify")
    if plan.day("first_fail") and plan.day("accepted"):
        again = _back(plan.day("accepted") or date.max, 16, calendar)
        diary.on(f"{P9}.rectify", again)
    if plan.state == "ACCEPTED":
        diary.never(f"{P9}.confirm_online")
    elif plan.day("online"):
        diary.on(f"{P9}.confirm_online", plan.day("online"))


def _operation(diary: Diary, plan: Plan, calendar: Calendar) -> None:
    if plan.row.get("eval"):
        signed = plan.day("eval_signed") or date.fromisoformat(plan.row["eval"][0])
        diary.on("p14_evaluation.report_self", _back(signed, 16, calendar))
        diary.on("p14_evaluation.sign_finance", _back(signed, 1, calendar)).on("p14_evaluation.sign_bureau", signed)
    funds = plan.row.get("om")
    if funds:
        fy = max(map(int, funds))
        day = calendar.next_working_day(date(fy - 1, 11, 17))
        diary.on("p13_om.apply", day, notes={"om_fy": fy, "om_amount": funds[str(fy)]})
        diary.on("p13_om.suggest", None, notes={"fund": "运维", "budget_fy": fy, "arranges": funds[str(fy)]})
    else:
        diary.never("p13_om.apply")


def common(calendar: Calendar) -> Diary:
    """Return the diary of what belongs to no project: nil returns, supplementary batches, numbers on paper."""
    diary = Diary().at(date(2026, 1, 5), events.number_on_paper("review", 2026, 19))
    diary.at(date(2022, 11, 7), events.import_systems)
    for year in range(2022, 2026):
        diary.at(calendar.next_working_day(date(year, 11, 24)), events.nil_returns)
    for day in (date(2026, 6, 1), date(2026, 10, 12), date(2026, 11, 4)):
        diary.at(day, events.supplement(2026))
    return diary
