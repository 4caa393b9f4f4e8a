"""Where FEEL stands in a component: expressions, and the templates inside texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

TEMPLATE: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
TEMPLATED: Final = ("text", "label", "description", "dateLabel", "timeLabel")
EXPRESSIONS: Final = ("expression", "valuesExpression", "columnsExpression", "readonly", "dataSource")


def expressions_in(component: Mapping[str, object]) -> Iterator[str]:
    """Yield every FEEL expression of `component`, each with its leading "="."""
    rules, properties, conditional = (component.get(name) for name in ("validate", "properties", "conditional"))
    texts = [component.get(name) for name in EXPRESSIONS]
    for part in (rules, properties, conditional):
        texts += part.values() if isinstance(part, Mapping) else ()
    yield from (text for text in texts if isinstance(text, str) and text.startswith("="))
    written = [component.get(name) for name in TEMPLATED]
    written += (
        [value for name, value in properties.items() if name.startswith("en.")]
        if isinstance(properties, Mapping)
        else []
    )
    for text in written:
        if isinstance(text, str):
            yield from templates(text)


def templates(text: str) -> Iterator[str]:
    """Yield the expressions of the templates in `text` ({{x}}, {{#if x}}, {{#loop x}}); one with "=" is itself one."""
    if text.startswith("="):
        yield text
        return
    for found in TEMPLATE.findall(text):
        expression = found.strip()
        for block in ("#if", "#loop"):
            expression = expression.removeprefix(block).strip()
        if not expression.startswith("/"):
            yield "=" + expression
