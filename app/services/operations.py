"""The closed table of service operations that diagrams may call (app/domain/vocabulary.py names them).

An operation repeats what a recorder has done without doing it twice: the law does not hang on a drawn service task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.engine.step import Variables
from app.services.context import StepContext
from app.services.flushing import flushing
from app.services.operation_rooms import deadlines, funds, gates, holds, notices, plans, projects, sharing

Operation = Callable[[StepContext, Variables, Mapping[str, str]], Variables]

ROOMS: Mapping[str, Operation] = MappingProxyType(
    {
        "gate.check": gates.check,
        "notice.send": notices.send,
        "deadline.start": deadlines.start,
        "deadline.extend": deadlines.extend,
        "deadline.close": deadlines.close,
        "hold.set": holds.set_hold,
        "hold.lift": holds.lift,
        "exempt.register": plans.register_exempt,
        "plan.open": plans.open_plan,
        "plan.check": plans.check,
        "plan.consolidate": plans.consolidate,
        "plan.decide": plans.decide,
        "panel.seat": projects.seat_panel,
        "library.enter": funds.enter_library,
        "library.roll": funds.roll_library,
        "budget.open_line": funds.open_line,
        "budget.lapse": funds.lapse,
        "start.check": funds.not_started,
        "scope.new_version": projects.new_scope_version,
        "catalogue.activate": projects.activate_catalogue,
        "catalogue.cancel": projects.cancel_catalogue,
        "contract.file": deadlines.file_contract,
        "om.return": projects.return_om,
        "evaluation.score": projects.score_evaluation,
        "sharing.compute": sharing.compute,
        "sharing.publish": sharing.publish,
        "measure.apply": projects.apply_measure,
    }
)
"""Task type → what does it."""


def _flushed(operation: Operation) -> Operation:
    def run(context: StepContext, inputs: Variables, headers: Mapping[str, str]) -> Variables:
        with flushing(context.session):
            return operation(context, inputs, headers)

    return run


OPERATIONS: Mapping[str, Operation] = MappingProxyType({kind: _flushed(operation) for kind, operation in ROOMS.items()})
"""Task type → operation: `operation(context, inputs, headers)` gives back the outputs that the vocabulary names."""
