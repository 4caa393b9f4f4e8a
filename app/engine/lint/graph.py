"""Walks over the drawn graph: what can be reached, and what runs in circles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from app.engine.lint.diagram import Node

Successors = Callable[[Node], Iterable[Node]]


def after(node: Node) -> Iterable[Node]:
    """Return what may come directly after a node."""
    return node.successors


def before(node: Node) -> Iterable[Node]:
    """Return what may have come directly before a node."""
    return node.predecessors


def reachable(starts: Iterable[Node], successors: Successors) -> set[Node]:
    """Return all nodes that can be reached from `starts`, these included."""
    seen = set(starts)
    pending = list(seen)
    while pending:
        for following in successors(pending.pop()):
            if following not in seen:
                seen.add(following)
                pending.append(following)
    return seen


def components(nodes: Collection[Node], successors: Successors) -> list[list[Node]]:  # noqa: C901 -- unrolled
    """Return the strongly connected components of the graph on `nodes`, each after all that it can reach (Tarjan).

    Without recursion, so that a long line of elements cannot overflow the stack.
    """
    inside = set(nodes)
    number: dict[Node, int] = {}
    low: dict[Node, int] = {}
    open_: list[Node] = []
    is_open: set[Node] = set()
    found: list[list[Node]] = []
    for start in nodes:
        if start in number:
            continue
        work: list[tuple[Node, Iterator[Node]]] = [(start, iter(tuple(successors(start))))]
        number[start] = low[start] = len(number)
        open_.append(start)
        is_open.add(start)
        while work:
            node, following = work[-1]
            step = next((item for item in following if item in inside), None)
            if step is not None:
                if step not in number:
                    number[step] = low[step] = len(number)
                    open_.append(step)
                    is_open.add(step)
                    work.append((step, iter(tuple(successors(step)))))
                elif step in is_open:
                    low[node] = min(low[node], number[step])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == number[node]:
                component: list[Node] = []
                while True:
                    member = open_.pop()
                    is_open.discard(member)
                    component.append(member)
                    if member is node:
                        break
                found.append(component)
    return found


def circles(nodes: Collection[Node], successors: Successors) -> list[list[Node]]:
    """Return the components in which something runs in a circle."""
    return [
        component
        for component in components(nodes, successors)
        if len(component) > 1 or component[0] in set(successors(component[0]))
    ]
