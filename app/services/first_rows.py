"""What the lists of a form open with: the items to be rectified or checked, and the month of a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from app.models.business import Order, RectificationItem
from app.models.process import UserTask
from app.services.context import StepContext

CAUSES: Mapping[str, str] = {
    "p09_acceptance": "acceptance", "p14_evaluation": "evaluation", "p15_inspection": "order", "p16_audit": "audit",
}  # fmt: skip
"""Process → what is rectified in it; in a process of somebody else's, whatever is open."""
LONGEST_PROBLEM = 300
"""Characters of a problem that F-17 and F-17c take."""


def first_rows(context: StepContext, task: UserTask) -> Mapping[str, object]:
    """Return field → first answer of the form of a task; nothing where the records give none.

    Measures and results stay empty: what is done about an item, and whether it will do, only people say.
    """
    write = WRITERS.get(task.form_id or "")
    return write(context, task) if write is not None and context.project_id is not None else {}


def _open_items(context: StepContext, task: UserTask) -> Sequence[RectificationItem]:
    """Return the items of a task's process that nobody has closed yet (Art. 21, 23, 31, 32)."""
    cause = CAUSES.get(context.instance.process_key)
    query = select(RectificationItem).where(
        RectificationItem.project_id == context.project_id, RectificationItem.confirmed.is_(False)
    )
    if cause is not None:
        query = query.where(RectificationItem.cause == cause)
    if cause == "order":
        mine = select(Order.id).where(Order.instance_id == task.instance_id)
        query = query.where(RectificationItem.cause_id.in_(mine))
    return context.session.scalars(query.order_by(RectificationItem.id)).all()


def _items(context: StepContext, task: UserTask) -> Mapping[str, object]:
    rows = [{"no": str(one.number), "problem": one.problem[:LONGEST_PROBLEM]} for one in _open_items(context, task)]
    return {"items": rows} if rows else {}


def _month(context: StepContext, task: UserTask) -> Mapping[str, object]:
    del task
    return {"month": f"{context.today:%Y-%m}"}


WRITERS: Mapping[str, Callable[[StepContext, UserTask], Mapping[str, object]]] = {
    "f15m": _month, "f17": _items, "f17c": _items,
}  # fmt: skip
"""Form → what its first answers are put together from."""
