"""Where the loaded county differs from `county.json`, each with its reason; a test allows these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

Difference = tuple[object, object, str]
"""What the file says, what the county has, and why."""

DIFFERENCES: Mapping[tuple[str, str], Difference] = {
    ("XWXX-2025-T-008", "streak_closed"): (
        0, 1, "2025年因未开工被冻结，按参数“未开工不再安排的年度计入连续未安排”计入一年（第十八条、第十九条第四项）。",
    ),
    ("XWXX-2027-X-005", "name"): ("(另行规定项目,不登记名称)", "", "第三十四条：不登记名称。"),
    ("XWXX-2027-X-005", "nature"): ("—", "", "第三十四条：不登记性质。"),
    ("XWXX-2024-L-007", "eval"): (
        ["2026-08-14", 68, "中"], ["2026-08-17", 68, "中"],
        "8月14日财政局签批，8月17日大数据局签发，结果自后一签批起生效，与冻结日期一致。",
    ),
    ("catalogue", "legacy"): (
        7, 12,
        "改建、扩建、运维和报废的十个项目各有一个原系统，申报前须已列入目录（第九条、第十九条），加上导入的两个共十二个。",
    ),
}  # fmt: skip
"""(number, what) → the difference."""
