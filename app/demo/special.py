"""What is particular about single projects: the turns that the file's note of each tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.demo.county import Plan
from app.demo.diary import Diary
from app.demo.events import attempt, pay, start, withdraw
from app.demo.money_plan import payments
from app.domain.calendar import Calendar

Special = Callable[[Diary, Plan, Calendar], None]
P1, P1U, P2, P3, P3I, P4, P5, P6, P7, P9 = (
    "p01_annual_plan", "p01u_unit_plan", "p02_review", "p03a_investment", "p03a_opinion", "p04_budget",
    "p05_preprocurement", "p06_procurement", "p07_construction", "p09_acceptance",
)  # fmt: skip
P12B, P13, P14, P15, P16, P19 = (
    "p12b_resources", "p13_om", "p14_evaluation", "p15_inspection", "p16_audit", "p19_decommission",
)  # fmt: skip
RETURNED: Mapping[str, Any] = {
    "interface_result": "不符合",
    "interface_reason": "对接方案缺少与市大数据平台的水质监测数据接口。",
    "conclusion": "退回",
    "opinion": "请补充水质监测数据的共享接口后重新报核。",
}


def _unfunded(diary: Diary, plan: Plan, _calendar: Calendar) -> None:
    """No funds in any year; the library closes one year after the other."""
    diary.notes["budget"] = dict.fromkeys(range(plan.fy, 2028), "0")


def _own_platform(diary: Diary, plan: Plan, _calendar: Calendar) -> None:
    diary.at(date(2026, 9, 1), start(P16, "aud_clerk"))
    diary.on(f"{P16}.find", date(2026, 9, 21))
    del plan


def _smart_tourism(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """Evaluated at 54 points; its O&M application is refused; not rectified in time, it is ordered to."""
    diary.never(f"{P14}.rectify")
    diary.notes.update(om_fy=2027, om_amount="46.00")
    diary.at(date(2026, 11, 9), attempt(f"{P13}.apply", "G-30"))
    diary.on(f"{P15}.inspect", date(2026, 8, 24)).on(
        f"{P15}.order", date(2026, 9, 7), notes={"order_limit": "2026-11-30"}
    )
    diary.never(f"{P15}.rectify")


def _medical_service(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.at(date(2026, 10, 12), start(P16, "aud_clerk")).never(f"{P16}.find")


def _real_estate(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.at(date(2026, 9, 14), start(P16, "aud_clerk"))
    diary.on(f"{P16}.find", date(2026, 10, 12)).never(f"{P16}.rectify")


def _network_upkeep(diary: Diary, plan: Plan, calendar: Calendar) -> None:
    """An O&M item: no funds through P-00 before the contract that ran outside the system ended."""
    diary.on(f"{P13}.file_plans", date(2025, 10, 13))
    diary.on(f"{P13}.apply", date(2025, 11, 17), notes={"om_fy": 2026, "om_amount": plan.row["om"]["2026"]})
    diary.on(f"{P13}.suggest", None, notes={"fund": "运维", "budget_fy": 2026, "arranges": plan.row["om"]["2026"]})
    for payment in payments(plan, calendar):
        assert payment.on is not None  # noqa: S101 -- quarters are dated
        diary.at(payment.on, pay(payment.node, payment.amount))
    diary.never(f"{P14}.choose_mode")


def _parking(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """68 points, but the sharing part fails: H-EVAL from the signature until both offices confirm."""
    diary.on(f"{P14}.rectify", date(2026, 10, 12)).on(f"{P14}.recheck_bureau", date(2026, 10, 19))
    diary.on(f"{P14}.recheck_finance", date(2026, 10, 20))
    diary.at(date(2026, 10, 26), start(P16, "aud_clerk")).never(f"{P16}.find")


def _education_cloud(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """Overdue without a report; the O&M application for 2027 is refused (第二十一条)."""
    diary.notes.update(om_fy=2027, om_amount="33.00")
    diary.at(date(2026, 10, 26), start(P13, "unit_clerk"))
    diary.entries.pop(f"{P13}.apply", None)
    diary.never(f"{P13}.apply").at(date(2026, 11, 16), attempt(f"{P13}.apply", "G-28"))
    diary.at(date(2026, 11, 2), start(P15, "bur_insp")).on(f"{P15}.inspect", date(2026, 11, 4))
    diary.on(f"{P15}.order", date(2026, 11, 6), notes={"order_limit": "2026-12-11"}).never(f"{P15}.rectify")


def _stale_resource(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """The first resource is to be updated every quarter, and nobody confirms that it was (第二十七条, T-21)."""
    for step in ("enter", "assign_number"):
        diary.on(f"{P12B}.{step}", None, update_cycle="季")
    diary.never(f"{P12B}.confirm_update")


def _insurance_funds(diary: Diary, plan: Plan, calendar: Calendar) -> None:
    """Two quarters without an update become a problem item."""
    _stale_resource(diary, plan, calendar)
    diary.at(date(2026, 10, 12), start(P15, "bur_insp")).on(f"{P15}.inspect", date(2026, 10, 14))
    diary.on(f"{P15}.order", date(2026, 10, 16), notes={"order_limit": "2026-12-04"}).never(f"{P15}.rectify")


def _overload_trucks(diary: Diary, plan: Plan, _calendar: Calendar) -> None:
    diary.at(date.fromisoformat(plan.row["extension"][0]), start("p10_extension", "unit_lead"))
    diary.on("p10_extension.report", date.fromisoformat(plan.row["extension"][0]))


def _market_supervision(diary: Diary, plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P5}.file_plans", date(2025, 8, 20))
    diary.at(date.fromisoformat(plan.row["change"][0]), start("p08_change", "unit_lead"))
    diary.on("p08_change.apply", date.fromisoformat(plan.row["change"][0])).never("p08_change.review")


def _one_network(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """An order that expired on 29 September; payment is withheld from 12 October on."""
    diary.on(f"{P5}.file_plans", date(2025, 8, 27))
    diary.at(date(2026, 9, 1), start(P15, "bur_insp")).on(f"{P15}.inspect", date(2026, 9, 3))
    diary.on(f"{P15}.order", date(2026, 9, 7), notes={"order_limit": "2026-09-29", "measure": "暂缓拨付"})
    diary.on(f"{P15}.order", date(2026, 10, 14), notes={"order_limit": "2026-12-04"})
    diary.on(f"{P15}.propose", date(2026, 9, 30)).on(f"{P15}.state", date(2026, 10, 8))
    diary.on(f"{P15}.sign", date(2026, 10, 9)).on(f"{P15}.cosign_finance", date(2026, 10, 12))
    diary.never(f"{P15}.rectify")


def _building_site(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """Refuses to rectify: suspended on 11 May, terminated on 30 July 2026; the builder's default is referred."""
    diary.on(f"{P5}.file_plans", date(2025, 8, 18))
    diary.at(date(2026, 3, 9), start(P15, "bur_insp")).on(f"{P15}.inspect", date(2026, 3, 11))
    diary.on(f"{P15}.order", date(2026, 3, 13), notes={"order_limit": "2026-04-07", "measure": "暂停建设"})
    diary.on(f"{P15}.order", date(2026, 5, 13), notes={"order_limit": "2026-06-30", "measure": "终止"})
    diary.on(f"{P15}.propose", date(2026, 4, 8)).on(f"{P15}.propose", date(2026, 7, 1))
    diary.on(f"{P15}.state", date(2026, 4, 14)).on(f"{P15}.state", date(2026, 7, 7))
    diary.on(f"{P15}.sign", date(2026, 4, 20)).on(f"{P15}.sign", date(2026, 7, 13))
    diary.on(f"{P15}.cosign_finance", date(2026, 4, 28)).on(f"{P15}.cosign_finance", date(2026, 7, 21))
    diary.on(f"{P15}.cosign_drc", date(2026, 5, 11)).on(f"{P15}.cosign_drc", date(2026, 7, 30))
    diary.stands_since = date(2026, 5, 11)
    diary.never(f"{P15}.rectify").on(f"{P15}.refer", date(2026, 8, 11))


def _irrigation(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """A machine room built against 第四条: payment withheld, then suspended by three signatures on 6 November."""
    diary.on(f"{P5}.file_plans", date(2025, 8, 25))
    diary.at(date(2026, 7, 20), start(P15, "bur_insp")).on(f"{P15}.inspect", date(2026, 7, 22))
    diary.on(f"{P15}.order", date(2026, 7, 24), notes={"order_limit": "2026-08-14", "measure": "暂缓拨付"})
    diary.on(f"{P15}.order", date(2026, 9, 4), notes={"order_limit": "2026-09-24", "measure": "暂停建设"})
    diary.on(f"{P15}.order", date(2026, 11, 10), notes={"order_limit": "2026-12-01"})
    diary.on(f"{P15}.propose", date(2026, 8, 17)).on(f"{P15}.propose", date(2026, 9, 28))
    diary.on(f"{P15}.state", date(2026, 8, 21)).on(f"{P15}.state", date(2026, 10, 9))
    diary.on(f"{P15}.sign", date(2026, 8, 26)).on(f"{P15}.sign", date(2026, 10, 19))
    diary.on(f"{P15}.cosign_finance", date(2026, 9, 2)).on(f"{P15}.cosign_finance", date(2026, 10, 28))
    diary.stands_since = date(2026, 11, 6)
    diary.on(f"{P15}.cosign_drc", date(2026, 11, 6)).never(f"{P15}.rectify")


def _employment(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """Funded for 2025 and not started; the reason is not accepted (第十九条第四项)."""
    diary.notes["budget"] = {2025: "122.00", 2026: "0", 2027: "0"}
    diary.never(f"{P5}.file_plans")
    refused: dict[str, Any] = {"result": "不同意", "opinion": "理由不充分，不予认可。"}
    diary.on("p18_not_started.check_bureau", None, **refused).on("p18_not_started.check_finance", None, **refused)


def _insurance_network(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """The video network is not in the catalogue: the O&M application is returned on 9 November 2026."""
    diary.on(f"{P13}.file_plans", date(2026, 10, 19))
    diary.on(f"{P13}.apply", date(2026, 11, 9), notes={"om_fy": 2027, "om_amount": "72.00"}).never(f"{P13}.reply")


def _legal_service(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """The acceptance meeting is on 26 November, three days after the demonstration's day."""
    diary.on(f"{P9}.apply", date(2026, 11, 12)).on(f"{P9}.meet", date(2026, 11, 26))


def _labour(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P9}.file_materials", date(2026, 11, 18)).on(f"{P9}.confirm_filing", date(2026, 11, 20))


def _public_data(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P5}.file_plans", date(2026, 10, 9)).on(f"{P6}.publish_notice", date(2026, 11, 11)).never(
        f"{P6}.record_result"
    )


def _one_map(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P2}.form_panel", date(2026, 8, 20)).on(f"{P3}.apply", date(2026, 11, 4)).on(
        f"{P3}.appraise", date(2026, 11, 16)
    )
    diary.never(f"{P3I}.draft")


def _exam_patrol(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P5}.file_plans", date(2026, 5, 18)).on(f"{P7}.order_start", date(2026, 9, 1))


def _water(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P4}.suggest", date(2026, 8, 17)).on(f"{P5}.file_plans", date(2026, 10, 26))
    diary.on(f"{P5}.check_plans", date(2026, 10, 30), **RETURNED).on(f"{P5}.file_plans", date(2026, 11, 19))
    diary.never(f"{P5}.check_plans")


def _broadcast(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.never(f"{P5}.file_plans")


def _charging(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P5}.file_plans", date(2026, 7, 20)).never(f"{P7}.register_supervision")


def _roads(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P1U}.sign_item", date(2026, 11, 18))


def _forest_fire(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """The assessment report is older than a year by the time the head wants to sign (G-08)."""
    diary.never(f"{P1U}.sign_item").at(date(2026, 11, 12), attempt(f"{P1U}.sign_item", "G-08"))


def _mediation(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P1U}.sign_item", date(2026, 11, 20))


def _tourism_statistics(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    """Scrapped only after the new platform has run for a year: assessed in October 2026, data being checked."""
    diary.on(f"{P19}.assess", date(2026, 10, 15)).on(f"{P19}.apply", date(2026, 10, 20)).on(
        f"{P19}.sign", date(2026, 11, 3)
    )
    diary.never(f"{P19}.prove")


def _bus_query(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.on(f"{P19}.assess", date(2025, 9, 10)).on(f"{P19}.apply", date(2025, 9, 16))
    diary.on(f"{P19}.dispose", date(2025, 11, 20)).on(f"{P19}.prove", date(2025, 12, 18))


def _late(signed: date, consent: date) -> Special:
    def special(diary: Diary, plan: Plan, _calendar: Calendar) -> None:
        diary.notes["late"] = True
        diary.on(f"{P1U}.sign_item", signed).on(f"{P1}.county_decision", consent)
        LATE[plan.no](diary)

    return special


LATE: Mapping[str, Callable[[Diary], object]] = {
    "XWXX-2026-T-010": lambda diary: diary.never(f"{P2}.file_materials"),
    "XWXX-2026-T-011": lambda diary: diary.on(f"{P2}.file_materials", date(2026, 11, 16)).never(f"{P2}.sign_filing"),
    "XWXX-2026-T-012": lambda diary: (
        diary.on(f"{P2}.file_materials", date(2026, 11, 3)).on(f"{P2}.form_panel", date(2026, 11, 11))
        .on(f"{P2}.form_panel", date(2026, 11, 16)).on(f"{P2}.score", date(2026, 11, 25))
    ),
    "XWXX-2026-G-013": lambda diary: (
        diary.on(f"{P2}.file_materials", date(2026, 10, 30)).on(f"{P2}.sign_opinion", date(2026, 11, 13))
        .never("p03b_service.file_plan")
    ),
    "XWXX-2026-T-014": lambda diary: (
        diary.on(f"{P3}.apply", date(2026, 10, 12)).on(f"{P3}.sign_decision", date(2026, 11, 6)).never(f"{P4}.suggest")
    ),
}  # fmt: skip


def _elevators(diary: Diary, _plan: Plan, _calendar: Calendar) -> None:
    diary.at(date(2026, 3, 17), withdraw("省级主管部门已统一建设，本项目不再申报。")).never(f"{P3}.apply")


SPECIAL: Mapping[str, Special] = {
    "XWXX-2023-T-009": _unfunded,
    "XWXX-2023-B-010": _bus_query,
    "XWXX-2024-T-001": _own_platform,
    "XWXX-2024-T-002": _smart_tourism,
    "XWXX-2024-G-003": _medical_service,
    "XWXX-2024-T-004": _real_estate,
    "XWXX-2024-T-005": _unfunded,
    "XWXX-2024-Y-006": _network_upkeep,
    "XWXX-2024-L-007": _parking,
    "XWXX-2024-B-009": _tourism_statistics,
    "XWXX-2025-T-002": _education_cloud,
    "XWXX-2025-T-003": _overload_trucks,
    "XWXX-2025-G-004": _stale_resource,
    "XWXX-2025-T-005": _market_supervision,
    "XWXX-2025-T-006": _one_network,
    "XWXX-2025-T-007": _stale_resource,
    "XWXX-2025-T-008": _employment,
    "XWXX-2025-T-009": _insurance_funds,
    "XWXX-2025-T-010": _building_site,
    "XWXX-2025-Y-011": _insurance_network,
    "XWXX-2025-T-012": _legal_service,
    "XWXX-2025-G-013": _labour,
    "XWXX-2025-T-014": _irrigation,
    "XWXX-2026-T-001": _public_data,
    "XWXX-2026-T-003": _one_map,
    "XWXX-2026-G-004": _exam_patrol,
    "XWXX-2026-T-005": _water,
    "XWXX-2026-T-006": _broadcast,
    "XWXX-2026-T-007": _unfunded,
    "XWXX-2026-L-008": _charging,
    "XWXX-2026-T-010": _late(date(2026, 10, 19), date(2026, 11, 16)),
    "XWXX-2026-T-011": _late(date(2026, 9, 14), date(2026, 10, 26)),
    "XWXX-2026-T-012": _late(date(2026, 9, 16), date(2026, 10, 26)),
    "XWXX-2026-G-013": _late(date(2026, 9, 18), date(2026, 10, 26)),
    "XWXX-2026-T-014": _late(date(2026, 5, 18), date(2026, 6, 15)),
    "XWXX-2026-T-015": _elevators,
    "XWXX-2027-T-001": _roads,
    "XWXX-2027-T-002": _forest_fire,
    "XWXX-2027-G-003": _mediation,
}
"""Number → what its diary has besides the rule."""
