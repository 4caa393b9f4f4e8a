"""From table rows to the frozen sections of ProjectFacts, one function a section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.domain import facts as domain
from app.domain.numbers import Path
from app.domain.terms import (
    SIX_CONTENTS,
    AcceptanceConclusion,
    ApprovalKind,
    FundType,
    OpinionKind,
    PayNodeKind,
)
from app.models.business import Project
from app.services.fact_rows import Row, Rows

OPINION_KINDS = frozenset(OpinionKind)


def _of(rows: Rows, table: str) -> list[Row]:
    return rows.get(table, [])


def _one(rows: Rows, table: str) -> Row | None:
    found = _of(rows, table)
    return found[-1] if found else None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def plan_item(project: Project, rows: Rows) -> domain.PlanItem | None:
    """Return the item of the annual plan (F-02, F-02s, F-02g)."""
    row = _one(rows, "plan_item")
    if row is None:
        return None
    content = row["content"]
    rule = domain.OtherRule(content.get("exemption", ""), bool(content.get("exemption_confirmed_by")))
    consent = domain.Consent(row["result"], row["consent_doc_no"], row["decided_on"])
    assessed_on = content.get("assessed_on")
    return domain.PlanItem(
        fy=row["fy"],
        name=project.name,
        funding_form=project.funding_form,
        category=project.category,
        nature=project.nature,
        total_fen=row["total_fen"],
        fy_amount_fen=row["fy_amount_fen"],
        sources_fen=tuple(source["amount"] for source in content.get("source", ())),
        category_reason=content.get("category_reason", ""),
        parent_system=content.get("parent_system", ""),
        uses_cloud=content.get("uses_cloud", True),
        uses_gov_net=content.get("uses_gov_net", True),
        has_room=content.get("has_room", False),
        has_private_net=content.get("has_private_net", False),
        assessment=domain.Assessment(
            content.get("assessor", ""), date.fromisoformat(assessed_on) if assessed_on else None
        )
        if content.get("assess_report")
        else None,
        other_rule=rule if rule.document else None,
        submitted_on=row["submitted_on"],
        plan_due=row["plan_due"],
        late_reason=row["supplement_reason"],
        supplement_approved_by=row["supplement_approved_by"],
        consent=consent if consent.result else None,
        predecessor=_text(project.predecessor_id),
    )


def filing(rows: Rows) -> domain.Filing | None:
    """Return the filing of the newest scope version (F-03)."""
    row = _one(rows, "filing")
    if row is None:
        return None
    content = row["content"]
    return domain.Filing(
        scope_version=row["scope_version"],
        materials=frozenset(content["materials"]),
        budget_items=tuple(
            domain.BudgetItem(line["kind"], line["name"], line["amount_fen"]) for line in content["budget_items"]
        ),
        goals=content["goals"],
        resource_items=content["resource_items"],
        share_items=content["share_items"],
        no_data_agreed=content["no_data"],
        exchange_mode=content["exchange_mode"],
        access_plan=content["access_plan"],
        conformity=tuple(content["conformity"].items()),
        mlps_level=content["mlps_level"],
        crypto_required=content["crypto_required"],
        signed_on=row["signed_on"],
    )


def scope(rows: Rows) -> tuple[domain.ScopeVersion, ...]:
    """Return the scope versions, oldest first."""
    return tuple(
        domain.ScopeVersion(
            row["number"], row["fingerprint"], row["total_fen"], row["by_change"], row["objective_changed"],
            row["interface_changed"], row["infrastructure_changed"],
        )
        for row in sorted(_of(rows, "scope_version"), key=lambda row: row["number"])
    )  # fmt: skip


def sharing(rows: Rows) -> tuple[domain.SharingCheck, ...]:
    """Return the checks of sharing, oldest first."""
    return tuple(
        domain.SharingCheck(row["conforms"] and row["access_ok"], row["checked_on"])
        for row in _of(rows, "sharing_check")
    )


def panel(rows: Rows) -> domain.Panel | None:
    """Return the review panel of the latest round with its experts' forms; None before it is formed."""
    seated = [row for row in _of(rows, "panel_member") if row["purpose"] == "review" and not row["replaced"]]
    if not seated:
        return None
    latest = max(row["round"] for row in seated)
    forms = [row for row in _of(rows, "expert_form") if row["purpose"] == "review" and row["round"] == latest]
    return domain.Panel(
        members=tuple(member(row, _of(rows, "expert_tie")) for row in seated if row["round"] == latest),
        forms=tuple(_expert_form(row) for row in forms),
        countersigned_by_county=all(row["nominated_by"] == "gov_office" for row in seated if row["round"] == latest),
    )


def member(row: Row, ties: Iterable[Row] = ()) -> domain.PanelMember:
    """Return a member with what the conflict rules ask of her."""
    return domain.PanelMember(
        person=str(row["person_id"]),
        name=row["name"],
        employer=row["employer"],
        employer_parent=row["employer_parent"] or "",
        ties=tuple(
            domain.Tie(tie["organisation"], tie["kind"], tie["until"], tie["parent"] or "")
            for tie in ties
            if tie["person_id"] == row["person_id"]
        ),
        leader=row["leader"],
        interest_declared=row["interest_declared"],
        nominated_by=row["nominated_by"],
    )


def _expert_form(row: Row) -> domain.ExpertForm:
    content = row["content"]
    return domain.ExpertForm(
        str(row["person_id"]),
        tuple(content.get(f"{key}_score") for key in SIX_CONTENTS),
        tuple(content.get(f"{key}_comment", "") for key in SIX_CONTENTS),
        row["conclusion"],
    )


def opinions(rows: Rows) -> tuple[domain.Opinion, ...]:
    """Return the signed and drafted opinions that no head sent back, in their order of signing."""
    kept = [row for row in _of(rows, "opinion") if row["kind"] in OPINION_KINDS and not row["void"]]
    return tuple(
        domain.Opinion(
            kind=OpinionKind(row["kind"]),
            conclusion=row["conclusion"],
            scope_version=row["scope_version"],
            part=row["part"],
            doc_no=row["doc_no"],
            signed_on=row["signed_on"],
            drafted_by=row["drafted_by"],
            signed_by=row["signed_by"],
            reviewed_total_fen=row["reviewed_total_fen"],
            countersigned=bool(row["content"].get("countersigned_by")),
        )
        for row in kept
    )


def approvals(rows: Rows) -> tuple[domain.Approval, ...]:
    """Return the approvals that a head has signed."""
    return tuple(
        domain.Approval(
            ApprovalKind(row["kind"]), row["decision"], row["scope_version"], row["amount_fen"], row["doc_no"],
            row["decided_on"],
        )
        for row in _of(rows, "approval")
        if row["signed_on"] is not None
    )  # fmt: skip


def budget(rows: Rows) -> tuple[domain.BudgetLine, ...]:
    """Return the budget lines by fiscal year."""
    return tuple(
        domain.BudgetLine(
            row["fy"],
            FundType(row["fund_type"]),
            row["requested_fen"],
            row["suggested_fen"],
            row["arranged_fen"] if row["approved_on"] is not None else None,
            row["carried_fen"],
            row["approved_on"],
        )
        for row in sorted(_of(rows, "budget_line"), key=lambda row: (row["fy"], row["id"]))
    )  # fmt: skip


def packages(rows: Rows) -> tuple[domain.Package, ...]:
    """Return the procurement packages that are not void."""
    return tuple(
        domain.Package(
            name=row["name"],
            content=frozenset(row["content"]),
            budget_fen=row["budget_fen"],
            method=row["method"],
            award_fen=row["award_fen"],
            winner=row["winner"],
            agency=row["agency"],
            bidders=tuple(row["bidders"]),
        )
        for row in _of(rows, "procurement_package")
        if not row["failed"]
    )


def contracts(rows: Rows) -> tuple[domain.Contract, ...]:
    """Return the contracts with their payment nodes."""
    nodes: dict[int, list[domain.PayNode]] = defaultdict(list)
    for row in sorted(_of(rows, "contract_node"), key=lambda row: row["number"]):
        nodes[row["contract_id"]].append(pay_node(row))
    relied = {row["id"]: row["change_number"] for row in _of(rows, "contract") if row["supplement_to"]}
    names = {row["id"]: row["name"] for row in _of(rows, "procurement_package")}
    return tuple(
        domain.Contract(
            no=row["no"],
            supplier=row["supplier"],
            amount_fen=row["amount_fen"],
            signed_on=row["signed_on"] if row["confirmed_by"] else None,
            package=names.get(row["package_id"], ""),
            nodes=tuple(replace(node, relies_on_change=relied.get(row["id"])) for node in nodes[row["id"]]),
            supplement_to=row["supplement_to"],
            change=row["change_number"],
            start_on=row["start_on"],
            end_on=row["end_on"],
            is_sme=row["is_sme"],
        )
        for row in _of(rows, "contract")
    )


def pay_node(row: Row) -> domain.PayNode:
    """Return a payment node."""
    return domain.PayNode(
        id=row["id"],
        name=row["name"],
        kind=PayNodeKind(row["kind"]),
        amount_fen=row["amount_fen"],
        after_acceptance=row["after_acceptance"],
        fund_type=FundType(row["fund_type"]),
    )


def payments(rows: Rows) -> tuple[domain.Payment, ...]:
    """Return the payments."""
    numbers = {row["id"]: row["no"] for row in _of(rows, "contract")}
    return tuple(
        domain.Payment(
            numbers[row["contract_id"]], row["node_id"], row["amount_fen"], row["fy"], FundType(row["fund_type"]),
            row["status"], row["paid_on"],
        )
        for row in _of(rows, "payment")
    )  # fmt: skip


def supervision(rows: Rows) -> domain.Supervision | None:
    """Return the supervision contract."""
    standing = [row for row in _of(rows, "supervision") if not row["void"]]
    if not standing:
        return None
    row = standing[-1]
    return domain.Supervision(
        row["supervisor"], row["signed_on"], row["evidence"], unaffiliated_declared=row["unaffiliated_declared"],
        declared_percent=row["declared_percent"],
    )  # fmt: skip


def changes(rows: Rows, path: Path) -> tuple[domain.Change, ...]:
    """Return the changes; a raise is followed up once its estimate and its source of funds are settled."""
    return tuple(
        domain.Change(
            number=row["number"],
            delta_fen=row["delta_fen"],
            objective_changed=row["objective_changed"],
            main_module_changed=row["main_module_changed"],
            status=row["status"],
            followed_up=row["source_named"] and (row["reapproved"] or path is not Path.INVESTMENT),
        )
        for row in _of(rows, "change")
    )


def extensions(rows: Rows) -> tuple[domain.Extension, ...]:
    """Return the reports of delay in their order of filing."""
    return tuple(
        domain.Extension(row["filed_on"], row["new_date"], row["effective_due"], row["registered_on"] is not None)
        for row in _of(rows, "extension")
    )


def attempts(rows: Rows) -> tuple[domain.AcceptanceAttempt, ...]:
    """Return the attempts at acceptance with who was designated, who came, and what is to be rectified."""
    people: dict[int, list[Row]] = defaultdict(list)
    for row in _of(rows, "participant"):
        people[row["attempt_id"]].append(row)
    seats = [row for row in _of(rows, "panel_member") if row["purpose"] == "acceptance" and not row["replaced"]]
    items = [row for row in _of(rows, "rectification_item") if row["cause"] == "acceptance"]
    found = []
    for row in sorted(_of(rows, "acceptance_attempt"), key=lambda row: row["number"]):
        designated = tuple(str(s["person_id"]) for s in seats if s["designated"] and s["round"] == row["number"])
        found.append(
            domain.AcceptanceAttempt(
                number=row["number"],
                applied_on=row["applied_on"],
                designated=designated,
                participants=tuple(_participant(person, designated) for person in people[row["id"]]),
                consent=row["consent"],
                conclusion=AcceptanceConclusion(row["conclusion"]) if row["conclusion"] else None,
                concluded_on=row["concluded_on"],
                items=tuple(
                    domain.RectificationItem(i["number"], i["problem"], i["done_on"], i["confirmed"])
                    for i in items
                    if i["cause_id"] == row["id"]
                ),
                rectify_due=row["rectify_due"],
                third_allowed_by=row["third_allowed_by"],
            )
        )
    return tuple(found)


def _participant(row: Row, designated: tuple[str, ...]) -> domain.Participant:
    person = str(row["person_id"] or row["name"])
    return domain.Participant(person, row["role"], row["signed_in"], person in designated)


def acceptance_filing(rows: Rows) -> domain.AcceptanceFiling | None:
    """Return the filing of the four materials."""
    row = _one(rows, "acceptance_filing")
    if row is None:
        return None
    return domain.AcceptanceFiling(
        frozenset(row["materials"]), row["filed_on"], row["deemed_confirmed_from"], row["confirmed_on"], row["returned"]
    )


def catalogue(rows: Rows) -> domain.CatalogueEntry | None:
    """Return the project's entry in the catalogue of systems."""
    row = _one(rows, "system_entry")
    if row is None:
        return None
    checked = row["status"] == "active" or bool(row["content"].get("checked_by"))
    return domain.CatalogueEntry(row["code"], row["status"], row["builder"], row["operator"], checked)


def resources(rows: Rows) -> tuple[domain.ResourceItem, ...]:
    """Return the information resources."""
    return tuple(domain.ResourceItem(row["name"], row["platform_no"]) for row in _of(rows, "resource_item"))


def om_plans(rows: Rows) -> domain.OmPlans:
    """Return, for each of the four plans, when its newest accepted version was filed."""
    filed = {row["kind"]: row["filed_on"] for row in _of(rows, "om_plan") if row["accepted_on"] is not None}
    return domain.OmPlans(tuple(filed.items()))


def om_applications(rows: Rows) -> tuple[domain.OmApplication, ...]:
    """Return the yearly applications for O&M funds."""
    return tuple(domain.OmApplication(r["fy"], r["amount_fen"], r["status"]) for r in _of(rows, "om_application"))


def evaluations(rows: Rows) -> tuple[domain.Evaluation, ...]:
    """Return the evaluations, oldest first."""
    return tuple(
        domain.Evaluation(
            row["signed_on"], row["total_centi"] or 0, row["share_centi"] or 0, row["share_weight"],
            row["passed"] is not False, row["rectified_on"],
        )
        for row in sorted(_of(rows, "evaluation"), key=lambda row: row["number"])
    )  # fmt: skip


def orders(rows: Rows) -> tuple[domain.Order, ...]:
    """Return the rectification orders of inspections."""
    return tuple(
        domain.Order(row["number"], row["issued_on"], row["due"], row["rechecked"], row["closed_on"])
        for row in _of(rows, "rectification_order")
        if row["issued_on"] is not None and row["due"] is not None
    )


def measures(rows: Rows) -> tuple[domain.MeasureTaken, ...]:
    """Return the measures that were decided."""
    numbers = {row["id"]: row["number"] for row in _of(rows, "rectification_order")}
    return tuple(
        domain.MeasureTaken(row["kind"], row["decided_on"], numbers.get(row["order_id"], ""), row["lifted_on"])
        for row in _of(rows, "measure")
        if row["decided_on"] is not None
    )


def proposed(rows: Rows) -> domain.MeasureProposed | None:
    """Return the newest measure that is proposed and not decided."""
    row = _one(rows, "measure")
    if row is None or row["decided_on"] is not None:
        return None
    numbers = {one["id"]: one["number"] for one in _of(rows, "rectification_order")}
    return domain.MeasureProposed(row["kind"], numbers.get(row["order_id"], ""), row["statement_due"], row["stated_on"])


def audits(rows: Rows) -> tuple[domain.AuditCase, ...]:
    """Return the audits."""
    return tuple(
        domain.AuditCase(row["number"], row["passed"], row["rectify_due"], row["confirmed_on"])
        for row in _of(rows, "audit_case")
    )


def document_requests(rows: Rows) -> tuple[domain.DocumentRequest, ...]:
    """Return the requests for documents."""
    return tuple(
        domain.DocumentRequest(row["number"], row["due"], row["answered_on"], row["refused"])
        for row in _of(rows, "document_request")
    )


def not_started(rows: Rows) -> tuple[domain.NotStartedVerdict, ...]:
    """Return what was said about years in which the project did not start."""
    return tuple(
        domain.NotStartedVerdict(row["fy"], row["bureau_accepts"], row["finance_accepts"])
        for row in _of(rows, "not_started_verdict")
    )


def library(rows: Rows) -> domain.LibraryEntry | None:
    """Return the library entry."""
    row = _one(rows, "library_entry")
    if row is None:
        return None
    return domain.LibraryEntry(
        row["entered_fy"], row["streak_closed"], row["status"], row["reviewed_fingerprint"], tuple(row["closed_fys"])
    )


def deadlines(rows: Rows) -> tuple[domain.Deadline, ...]:
    """Return the project's rows of the ledger."""
    return tuple(
        domain.Deadline(
            row["kind"], row["subject"], row["start"], row["due"], row["fires_at"], row["provisional"], row["status"]
        )
        for row in _of(rows, "deadline")
    )


def lifted_by_hand(rows: Rows) -> frozenset[tuple[str, str]]:
    """Return (code, cause) of the holds that two persons lifted by hand."""
    return frozenset(
        (row["code"], row["cause"])
        for row in _of(rows, "fund_hold")
        if row["lifted_at"] is not None and len(row["lifted_by"]) > 1
    )
