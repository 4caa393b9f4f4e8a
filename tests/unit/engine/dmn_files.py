"""DMN files written in a few words, for tests."""

from __future__ import annotations

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
Row = tuple[list[str], list[str]]


def cell(kind: str, number: str, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<{kind} id="{kind}_{number}"><text>{escaped}</text></{kind}>'


def table(
    rows: list[Row],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    inputs: tuple[str, ...] = ("amount",),
    outputs: tuple[tuple[str, str, str], ...] = (("result", "", ""),),
) -> str:
    extra = f' aggregation="{aggregation}"' if aggregation else ""
    columns = "".join(
        f'<input id="in_{i}">{cell("inputExpression", str(i), text)}</input>' for i, text in enumerate(inputs)
    )
    for i, (name, values, default) in enumerate(outputs):
        inside = cell("outputValues", str(i), values) if values else ""
        inside += cell("defaultOutputEntry", str(i), default) if default else ""
        columns += f'<output id="out_{i}" name="{name}">{inside}</output>'
    body = "".join(
        f'<rule id="rule_{r}">'
        + "".join(cell("inputEntry", f"{r}_{i}", text) for i, text in enumerate(tests))
        + "".join(cell("outputEntry", f"{r}_{i}", text) for i, text in enumerate(results))
        + "</rule>"
        for r, (tests, results) in enumerate(rows)
    )
    return f'<decisionTable id="table" hitPolicy="{policy}"{extra}>{columns}{body}</decisionTable>'


def file(*decisions: str) -> str:
    return f'<definitions xmlns="{DMN}" id="file" name="file" namespace="x">{"".join(decisions)}</definitions>'


def decision(logic: str, *, key: str = "d", name: str = "分级", before: str = "") -> str:
    return f'<decision id="{key}" name="{name}">{before}{logic}</decision>'


def literal(text: str, *, key: str = "l", language: str = "feel") -> str:
    return f'<literalExpression id="{key}" expressionLanguage="{language}"><text>{text}</text></literalExpression>'


def requires(key: str) -> str:
    return f'<informationRequirement><requiredDecision href="#{key}"/></informationRequirement>'


LEVELS: list[Row] = [(["< 100"], ['"小"']), (["[100..500)"], ['"中"']), ([">= 500"], ['"大"'])]
