"""(gates) All gates and holds of one project, alone in the county and among thousands."""

from __future__ import annotations

from pathlib import Path

from app import clock, unit_of_work
from app.domain import holds
from app.domain.acts import Act
from app.domain.gates import GATES, check
from app.services.facts import project_facts
from benchmarks.figures import Figure, interleaved, timed
from benchmarks.installation import Installation
from benchmarks.projects import enter
from benchmarks.statements import counted

FEW, MANY = 1, 10_000
LOOKS = 200
MOST_STATEMENTS = 10
MOST_GROWTH = 1.2


def figures(folder: Path) -> list[Figure]:
    """Ask every gate about one project, in a county of one and of ten thousand."""
    names = {"few": FEW, "many": MANY}
    databases, statements = {}, 0
    for name, count in names.items():
        installation = Installation(folder / f"gates-{name}")
        clerk = installation.begin()
        enter(clerk, count)
        databases[name] = unit_of_work.Database(installation.settings.database_url)
        with counted(databases[name].engine) as traffic:
            _ask(databases[name])
        statements = max(statements, len(traffic.statements))
    medians = interleaved(
        LOOKS, {name: (lambda opened=opened: timed(lambda: _ask(opened))) for name, opened in databases.items()}
    )
    for opened in databases.values():
        opened.dispose()
    return [
        Figure(f"gates  statements for all {len(GATES)} gates and holds of a project", statements, "", MOST_STATEMENTS),
        Figure("gates  all gates of a project, alone", medians["few"], "ms"),
        Figure(f"gates  the same among {MANY} projects", medians["many"], "ms"),
        Figure("gates  growth from the one to the other", medians["many"] / medians["few"], "×", MOST_GROWTH),
    ]


def _ask(database: unit_of_work.Database) -> None:
    with database.read_only() as session:
        facts = project_facts(session, 1, now=clock.now())
    check(GATES, facts, Act("f09", by="clerk"))
    holds.in_force(facts)
