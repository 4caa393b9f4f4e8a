"""Whatever is drawn, the law holds: people work by hundreds of redrawn diagrams, and no forbidden fact is written.

A redrawn diagram is a shipped one with tasks dropped, gateways turned round, forms and places exchanged, offices
changed, timers taken off, tasks doubled. What lint lets through is put into force beside a project at some stage of
its life; people take whatever is open and hand in right and wrong answers; after each form the tables are compared
with what they were (tests/property/forbidden.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest

from app.domain.vocabulary import PROCESSES
from tests.county import LOADING
from tests.property.redrawing import OPERATORS, Sheet, redraw
from tests.property.redrawn_county import Tally, Town, run
from tests.stages import Stage, stages

pytestmark = pytest.mark.timeout(LOADING)
SEEDS = Path(__file__).with_name("failed_seeds.txt")
"""Seeds that once wrote a forbidden fact: they are replayed always."""
PARTS, EACH, EACH_LONG = 5, 100, 4_000
"""500 redrawn diagrams in a quick run, 20,000 in a long one, in parts that workers share."""
ACTS, ACTS_LONG = 4, 8
LIKELY_STAGE = 0.5
"""How often a process is put beside a project that stands about where it belongs."""
BELONGS = {
    "p01u_unit_plan": ("DRAFT", "PLAN_SUBMITTED"),
    "p02_review": ("PLAN_APPROVED", "MATERIALS", "REVIEW"),
    "p03a_investment": ("REVIEW", "IN_LIBRARY", "APPROVAL"),
    "p03a_opinion": ("IN_LIBRARY", "APPROVAL"),
    "p03b_service": ("REVIEW", "IN_LIBRARY", "APPROVAL"),
    "p04_budget": ("IN_LIBRARY", "APPROVED", "OPERATING"),
    "p05_preprocurement": ("APPROVED", "BUDGETED", "PRE_PROC"),
    "p06_procurement": ("BUDGETED", "PRE_PROC", "PROCUREMENT"),
    "p07_construction": ("PROCUREMENT", "CONTRACTED", "BUILDING"),
    "p08_change": ("CONTRACTED", "BUILDING"),
    "p09_acceptance": ("BUILDING", "COMPLETED", "ACCEPTANCE"),
    "p11_payment": ("CONTRACTED", "BUILDING", "ACCEPTED", "OPERATING"),
    "p13_om": ("ACCEPTED", "OPERATING"),
    "p14_evaluation": ("OPERATING",),
    "p15_inspection": ("BUILDING", "COMPLETED"),
    "p19_decommission": ("OPERATING",),
}


@cache
def town() -> Town:
    """Return the county of this worker."""
    return Town()


def lived(seed: str, tally: Tally, *, acts: int) -> list[str]:
    """Redraw a diagram by a seed, live by it, and return what was told; raises AssertionError with the story."""
    chance = Random(seed)  # noqa: S311 -- a walk, no secret
    process_id = chance.choice(sorted(PROCESSES))
    return run(
        town(), _stage(process_id, chance), redraw(process_id, chance), chance=chance, tally=tally, most=acts
    )  # fmt: skip


def _stage(process_id: str, chance: Random) -> Stage:
    known = stages()
    fitting = [stage for stage in known if stage.state in BELONGS.get(process_id, ())]
    return chance.choice(fitting if fitting and chance.random() < LIKELY_STAGE else known)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_redrawn_diagram_writes_a_forbidden_fact(part: int, long_run: bool) -> None:
    tally, failed = Tally(), []
    for index in range(EACH_LONG if long_run else EACH):
        seed = f"{part}-{index}"
        try:
            lived(seed, tally, acts=ACTS_LONG if long_run else ACTS)
        except Exception as broken:  # noqa: BLE001 -- a forbidden fact, or an error that nobody put into words
            failed.append(f"seed {seed}: {type(broken).__name__} {broken}")
            _keep(seed)
    print(f"{sum(tally.published.values())} of {sum(tally.drawn.values())} redraws published", dict(tally.acts))  # noqa: T201
    assert not failed, "\n\n".join(failed)
    assert sum(tally.published.values()) > sum(tally.drawn.values()) / 2
    assert tally.acts["recorded"] > EACH


def _keep(seed: str) -> None:
    known = SEEDS.read_text(encoding="utf-8").split()
    if seed not in known:
        SEEDS.write_text("".join(f"{one}\n" for one in [*known, seed]), encoding="utf-8")


def test_what_once_failed_fails_no_more() -> None:
    for seed in SEEDS.read_text(encoding="utf-8").split():
        lived(seed, Tally(), acts=ACTS_LONG)


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.__name__)
def test_lint_lets_every_way_of_redrawing_through_sometimes(operator: object) -> None:
    """An operator that lint always refuses would test nothing."""
    here, stage = town(), stages()[0]
    passed = tried = 0
    for index in range(40):
        chance = Random(f"{operator} {index}")  # noqa: S311
        sheet = redraw(chance.choice(sorted(PROCESSES)), chance, most=1, operators=(operator,))  # type: ignore[arg-type]
        if sheet.done:
            tried += 1
            passed += publishable(here, stage, sheet)
    assert tried >= 10
    assert passed, f"lint has refused all {tried}"


def publishable(here: Town, stage: Stage, sheet: Sheet) -> bool:
    """Whether lint lets a diagram be published."""
    tally = Tally()
    run(here, stage, sheet, chance=Random(0), tally=tally, most=0)  # noqa: S311
    return bool(tally.published)
