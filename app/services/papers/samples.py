"""A content with something at every place, with which a template is tried before it is taken."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.papers import KINDS, LAYOUTS, Content
from app.domain.papers.layout import Part


def sample(kind: str) -> Content:
    """Return a content with something at every place, for trying a template."""
    found, parts = KINDS[kind], LAYOUTS[kind]
    values: dict[str, object] = {}
    for part in parts:
        values |= _sample_part(part)
    return Content(
        kind=kind, title=found.zh, parts=parts, values=values, number="修数样〔2026〕1号", issuer="修武县某局",
        addressee="县某局", project_no="XWXX-2026-T-001", project_name="样例项目", unit="县某局",
        issued_on="2026-11-23", note="样例", copies="县某局。",
    )  # fmt: skip


def _sample_part(part: Part) -> Mapping[str, object]:
    if part.kind == "facts":
        return {key: f"样例{label}" for label, key in part.lines}
    if part.kind == "prose":
        return {part.key: ["样例第一段。", "样例第二段。"]}
    if part.kind == "table":
        return {part.key: [{column.key: f"样例{place}" for column in part.columns} for place in (1, 2)]}
    return {part.key: [{"role": "签发", "name": "样例", "on": "2026-11-23"}]}
