"""Who must not do what: one person twice in a pair, an office that a form does not belong to, a closed file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tests.property.forbidden import Between, Picture

    Rule = Callable[[Between], Iterable[str]]

Row = Any
UNIT = frozenset({"unit_clerk", "unit_lead"})
OFFICES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "f03",
            "f07",
            "f07l",
            "f09r",
            "f10",
            "f12",
            "f12r",
            "f13",
            "f13s",
            "f14",
            "f16a",
            "f16f",
            "f16o",
            "f16p",
            "f17",
            "f18",
            "f20",
            "f20a",
            "f21",
            "f22",
            "f25u",
            "f29",
            "revision",
            "contract_published",
        ),
        UNIT,
    ),
    **dict.fromkeys(("f01", "f02", "om_reply", "resource_update"), frozenset({"unit_clerk"})),
    **dict.fromkeys(("f15k", "f16m", "f19", "f28", "completion_date"), frozenset({"unit_lead"})),
    **dict.fromkeys(("signs f02", "signs f03", "signs f13", "signs f19"), frozenset({"unit_head"})),
    **dict.fromkeys(
        ("f01n", "f04", "f06", "extension", "om_plans", "filing_confirmation", "library_list"),
        frozenset({"bur_clerk", "bur_section"}),
    ),
    **dict.fromkeys(("f02s", "f05", "f05z", "f08i", "f09b", "f16h"), frozenset({"bur_section"})),
    **dict.fromkeys(("f04s", "f11", "f16s", "platform_no"), frozenset({"bur_share"})),
    **dict.fromkeys(
        (
            "signs f02s",
            "signs f06",
            "signs f08i",
            "signs f09b",
            "signs f11",
            "signs f16h",
            "exemption_confirmed",
            "extension_beyond",
            "third_attempt",
        ),
        frozenset({"bur_head"}),
    ),
    **dict.fromkeys(("f26", "urging"), frozenset({"bur_insp"})),
    **dict.fromkeys(("f27", "f31"), frozenset({"bur_head", "bur_insp"})),
    **dict.fromkeys(("f02g", "countersign", "major_project"), frozenset({"gov_office"})),
    **dict.fromkeys(("f05d", "f05e", "f05g", "f16e", "f16g", "revision_check"), frozenset({"expert"})),
    **dict.fromkeys(("f15m", "supervision_plan", "supervisor_opinion"), frozenset({"sup_eng"})),
    "f21s": frozenset({"bur_share"}),
    "f26s": frozenset({"unit_lead", "unit_head"}),
    "f08": frozenset({"drc_clerk"}),
    "f08a": frozenset({"drc_clerk", "drc_head"}),
    "signs f08": frozenset({"drc_head"}),
    **dict.fromkeys(("f09", "budget_result"), frozenset({"fin_budget"})),
    **dict.fromkeys(("signs f09", "signs f09r"), frozenset({"fin_head"})),
    "service_review": frozenset({"fin_perf", "fin_budget"}),
    **dict.fromkeys(("signs f12", "signs f12r"), frozenset({"fin_proc"})),
    "f18p": frozenset({"fin_pay"}),
    "signs f18": frozenset({"unit_head", "fin_pay", "fin_head"}),
    "signs f07l": frozenset({"bur_section", "bur_head", "cac_officer"}),
    "signs f14": frozenset({"unit_head", "bur_section", "bur_head"}),
    "signs f22": frozenset({"bur_share", "bur_section"}),
    "signs f25e": frozenset({"bur_section", "bur_head", "fin_perf", "fin_head"}),
    "signs f26": frozenset({"bur_head", "fin_head", "drc_head"}),
    "signs f28": frozenset({"bur_section", "fin_budget"}),
    "signs f29": frozenset({"bur_section", "bur_share", "sec_officer", "bur_head"}),
    "f30": frozenset({"aud_clerk"}),
    "signs f30": frozenset({"aud_head"}),
    "f15b": frozenset({"builder_pm", "unit_lead"}),
    "f15c": frozenset({"sup_eng", "unit_lead"}),
    "f17c": frozenset({"sup_eng", "bur_section", "bur_insp", "fin_perf", "aud_clerk"}),
    "f21i": frozenset({"bur_insp", "fin_perf", "psb_officer", "cac_officer", "sec_officer"}),
    "f23": UNIT | {"bur_share"},
    "f25s": frozenset({"bur_section", "fin_perf"}),
    "f25e": frozenset({"expert", "eval_user"}),
    "approved_estimate": frozenset({"drc_clerk", "drc_head", "fin_perf"}),
    "source_of_funds": frozenset({"fin_budget", "fin_perf", "fin_head"}),
    "manual_lift": frozenset({"bur_section", "fin_head"}),
    **dict.fromkeys(("f24", "f33", "f34", "feedback_answer"), UNIT),
    "f32": frozenset({"fin_asset", "unit_clerk"}),
    "catalogue_check": frozenset({"bur_share", "bur_section"}),
    "migration_check": frozenset({"bur_share", "bur_section"}),
    "incident_closed": frozenset({"psb_officer", "cac_officer", "sec_officer"}),
    "f35": frozenset({"unit_lead", "bur_section", "fin_budget", "drc_clerk"}),
    "signs f35": frozenset({"bur_head"}),
    "catalogue_assets": frozenset({"fin_asset"}),
    "sharing_sheet": frozenset({"bur_head"}),
}
"""What a form does in its task → the offices that the sheets of the specification (§3.2) give it to."""


def meaning(row: Row, now: Picture) -> str:
    """Return what a submission does: its purpose, what it signs, or its form."""
    task = now.task_of.get(row.task_id)
    properties = dict(task.properties) if task is not None else {}
    said = properties.get("records", "")
    if said in OFFICES:
        return str(said)
    if row.form_id == "f00s" and properties.get("signs"):
        return f"signs {properties['signs']}"
    return str(row.form_id)


def offices(between: Between) -> Iterator[str]:
    """第五条 … 第八条: what one office decides, nobody else decides."""
    now = between.after
    for row in between.newly("submission"):
        asked = OFFICES.get(meaning(row, now))
        if asked is not None and not asked & now.people[row.by_id].roles:
            yield f"{now.people[row.by_id].username} 办理了{meaning(row, now)}（第五条）"


def closed_files(between: Between) -> Iterator[str]:
    """第十八条, 第三十四条: a removed or exempt project takes no further form."""
    for row in between.newly("submission", lambda row: row.project_id is not None):
        project = between.before.by_id["project"].get(row.project_id)
        if project is not None and project.state in {"REMOVED", "EXEMPT"}:
            yield f"{project.no} 已{project.state}，仍办理了{row.form_id}（第十八条、第三十四条）"


PAIRS = (
    ("opinion", "drafted_by", "signed_by"), ("approval", "drafted_by", "signed_by"),
    ("budget_line", "drafted_by", "signed_by"), ("payment", "requested_by", "checked_by"),
    ("payment", "checked_by", "signed_by"), ("payment", "requested_by", "signed_by"),
    ("contract", "drafted_by", "confirmed_by"), ("measure", "proposed_by", "signed_by"),
    ("extension", "filed_by", "signed_by"), ("filing", "filed_by", "signed_by"),
)  # fmt: skip
"""Table, who prepares, who signs (规格 §2.5)."""


def four_eyes(between: Between) -> Iterator[str]:
    """规格 §2.5: nobody prepares and signs the same paper."""
    now = between.after
    for table, prepared, signed in PAIRS:
        same = lambda row: bool(getattr(row, signed)) and getattr(row, prepared) == getattr(row, signed)  # noqa: B023, E731
        for row in between.newly(table, same):
            yield f"{getattr(row, signed)} 既起草又签批了 {table} {row.id}（规格 §2.5）"
    for row in between.newly("submission", lambda row: row.form_id == "f00s"):
        yield from _signed_own(now, row)


def _signed_own(now: Picture, row: Row) -> Iterator[str]:
    """Nobody signs, of forms that leave no row with two names, what she has filled in herself."""
    form_id = meaning(row, now).removeprefix("signs ")
    if form_id not in {"f02", "f09b", "f12", "f12r", "f14", "f29", "f30"}:
        return
    made = [
        one for one in now.rows["submission"]
        if one.form_id == form_id and one.id < row.id
        and (one.project_id == row.project_id or one.instance_id == row.instance_id)
    ]  # fmt: skip
    if made and made[-1].by_id == row.by_id:
        yield f"{now.people[row.by_id].username} 签批了自己填报的{form_id}（规格 §2.5）"


def signatures(between: Between) -> Iterator[str]:
    """A signature stands under something that was drafted."""
    now = between.after
    for row in between.newly("payment", lambda row: row.status in {"signed", "paid"}):
        if not (row.checked_by and row.signed_by):
            yield f"支付 {row.id} 未经两人审签（规格 §2.5）"
    for row in between.newly("submission", lambda row: row.form_id == "f00s" and row.project_id is not None):
        form_id = meaning(row, now).removeprefix("signs ")
        if (
            meaning(row, now) in OFFICES
            and meaning(row, now) != form_id
            and not now.of(row.project_id, "submission", form_id=form_id)
        ):
            yield f"没有{form_id}而签批（提交 {row.id}）"


RULES: tuple[Rule, ...] = (offices, closed_files, four_eyes, signatures)
