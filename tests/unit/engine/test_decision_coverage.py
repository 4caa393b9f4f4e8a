"""Gaps and overlaps of decision tables: found where conditions are simple, never guessed where they are not."""

from __future__ import annotations

import pytest

from app.engine.decisions import decision_findings

COVER = {"dmn-rules-meet", "dmn-gap"}


def table(*rules: tuple[str, ...], policy: str = "UNIQUE", default: str = "") -> bytes:
    """Return a table; each rule is its conditions and, last, its result."""
    width = len(rules[0]) - 1
    inputs = "".join(
        f'<input id="i{n}"><inputExpression id="x{n}"><text>v{n}</text></inputExpression></input>' for n in range(width)
    )
    rows = "".join(
        f'<rule id="r{number}">'
        + "".join(
            f'<inputEntry id="r{number}i{n}"><text>{text}</text></inputEntry>' for n, text in enumerate(rule[:-1])
        )
        + f'<outputEntry id="r{number}o"><text>{rule[-1]}</text></outputEntry></rule>'
        for number, rule in enumerate(rules, start=1)
    )
    said = f'<defaultOutputEntry id="do"><text>{default}</text></defaultOutputEntry>' if default else ""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        f'<decision id="k" name="方式"><decisionTable id="t" hitPolicy="{policy}">{inputs}'
        f'<output id="o" name="result">{said}</output>{rows}</decisionTable></decision></definitions>'
    ).encode()


def found(source: bytes) -> list[tuple[str, str, str]]:
    return [
        (one.code, one.element_id, str(one.values.get("case")))
        for one in decision_findings(source)
        if one.code in COVER
    ]


@pytest.mark.parametrize(("what", "source", "expected"), [
    ("whole numbers", table(("&lt; 10", "1"), ("[10..20]", "2"), ("&gt; 20", "3")), []),
    ("a hole", table(("&lt; 10", "1"), ("&gt; 20", "3")),
     [("dmn-gap", "t", "v0 为 10；v0 在 10 与 20 之间；v0 为 20")]),
    ("an open border", table(("&lt; 10", "1"), ("&gt; 10", "3")), [("dmn-gap", "t", "v0 为 10")]),
    ("meeting borders", table(("&lt;= 10", "1"), ("&gt;= 10", "3")), [("dmn-rules-meet", "r2", "v0 为 10")]),
    ("an interval inside", table(("[0..100]", "1"), ("[40..50]", "2"), ("&lt; 0", "3"), ("&gt; 100", "4")),
     [("dmn-rules-meet", "r2", "v0 为 40")]),
    ("half-open intervals", table(("[0..10)", "1"), ("[10..20)", "2"), ("&lt; 0", "3"), ("&gt;= 20", "4")), []),
    ("first may meet", table(("&lt;= 10", "1"), ("&gt;= 10", "3"), policy="FIRST"), []),
    ("any may meet in one result", table(("&lt;= 10", "1"), ("&gt;= 10", "1"), policy="ANY"), []),
    ("any may not meet in two", table(("&lt;= 10", "1"), ("&gt;= 10", "2"), policy="ANY"),
     [("dmn-rules-meet", "r2", "v0 为 10")]),
    ("collect needs no rule", table(("&lt; 10", "1"), policy="COLLECT"), []),
    ("a default fills", table(("&lt; 10", "1"), default="9"), []),
    ("yes and no", table(("true", "1"), ("false", "2")), []),
    ("no no", table(("true", "1"), ("true", "2"), policy="FIRST"), [("dmn-gap", "t", "v0 为 false")]),
    ("texts", table(('"T"', "1"), ('"G"', "2")), []),
    ("not", table(('"T"', "1"), ('not("T")', "2")), []),
    ("a list", table(('"T","G"', "1"), ('"G"', "2"), ('not("T","G")', "3")), [("dmn-rules-meet", "r2", "v0 为“G”")]),
    ("a comma inside a text", table(('"a,b"', "1"), ('not("a,b")', "2")), []),
    ("two columns", table(("true", "&lt; 5", "1"), ("false", "-", "2")),
     [("dmn-gap", "t", "v0 为 true，v1 为 5；v0 为 true，v1 大于 5")]),
    ("two columns whole", table(("true", "&lt; 5", "1"), ("false", "", "2"), ("true", "&gt;= 5", "3")), []),
    ("expressions are not judged", table(("? &gt; limit", "1"), ("&lt; 3", "2")), []),
    ("dates are not judged", table(('date("2026-01-01")', "1"), ("-", "2"), policy="FIRST"), []),
    ("mixed kinds are not judged", table(("1", "1"), ('"a"', "2")), []),
])  # fmt: skip
def test_gaps_and_overlaps(what: str, source: bytes, expected: list[tuple[str, str, str]]) -> None:
    assert found(source) == expected, what


def test_a_table_with_very_many_cases_is_not_searched_for_gaps() -> None:
    wide = table(*[(*[f"&lt; {n}"] * 8, "1") for n in range(1, 6)])
    assert [code for code, _, _ in found(wide)] == ["dmn-rules-meet"] * 10
