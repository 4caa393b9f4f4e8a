"""Which tasks of which processes in force fill in a form, for the one who redraws it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.process import Definition
from app.queries import diagram_graph
from app.queries.diagram_graph import Drawn


@dataclass(frozen=True)
class Use:
    """One task that a form belongs to."""

    process: str
    name: Drawn
    task: Drawn


def uses(session: Session, form_id: str) -> tuple[Use, ...]:
    """Return every task of a version in force that shows this form to be filled in, by process."""
    rows = session.scalars(
        select(Definition).where(Definition.kind == "bpmn", Definition.in_force).order_by(Definition.key)
    )
    found = []
    for row in rows:
        if form_id not in row.source:
            continue
        graph = diagram_graph.read(row.source)
        found += [
            Use(row.key, Drawn(row.name, graph.en), node.name)
            for node in graph.nodes.values()
            if node.form_id == form_id
        ]
    return tuple(found)
