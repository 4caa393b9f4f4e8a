"""Every row of "What a diagram may say" is executed, linted when misused, and offered by the properties panel.

That the panel really shows its entries is asserted in a browser (`test_the_diagram_editor_speaks_chinese`).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app.domain.vocabulary import PROPERTIES
from app.engine.lint import RULES
from app.engine.lint.profile import READ
from tests.browser import every_element
from tests.unit.engine.lint.cases import ADVICE, WRONG
from tests.unit.engine.what_a_diagram_may_say import ROWS, Row, panels

HERE = Path(__file__).parent


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_each_row_runs_and_is_refused_when_misused(row: Row) -> None:
    for name in row.runs:
        file, _, function = name.partition("::")
        tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name
    assert set(row.refused) <= set(RULES) & {case.code for case in WRONG + ADVICE}
    assert row.runs
    assert row.refused
    assert row.panel


def test_the_table_names_every_extension_that_is_read_and_no_other() -> None:
    assert set().union(*(row.says for row in ROWS.values())) == set().union(*READ.values())


def test_the_panel_offers_every_property_of_the_vocabulary() -> None:
    offered = {entry for entries in panels().values() for entry in entries}
    assert {f"property-{name.replace('.', '-')}" for name in PROPERTIES} <= offered
    assert set(panels()) <= set(every_element.ids())
