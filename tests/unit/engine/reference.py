"""A second, naive engine for random runs: blocks that know what is open in them, and how each is drawn in BPMN."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import TYPE_CHECKING

from tests.unit.engine.drawing import boundary, end, flow, loop, node, start, timer, user

if TYPE_CHECKING:
    from random import Random


@dataclass
class Pen:
    """What has been drawn so far."""

    numbers: count[int] = field(default_factory=lambda: count(1))
    parts: list[str] = field(default_factory=list)

    def put(self, tag: str, inside: str = "", **attributes: str) -> str:
        name = f"n{next(self.numbers)}"
        self.parts.append(user(name, inside=inside) if tag == "userTask" else node(tag, name, inside, **attributes))
        return name

    def link(self, source: str, target: str, condition: str = "") -> None:
        self.parts.append(flow(source, target, condition, flow_id=f"f{next(self.numbers)}"))


class Scope:
    """Where side branches live that the main path does not wait for."""

    def __init__(self) -> None:
        self.side: list[Block] = []


class Block:
    """A piece of a process: draw it once, run it any number of times."""

    def draw(self, pen: Pen) -> tuple[str, str]:
        raise NotImplementedError

    def fresh(self, scope: Scope, go: bool) -> Run:
        raise NotImplementedError


class Run:
    """A block under way."""

    done = False

    def open(self) -> list[str]:
        raise NotImplementedError

    def timers(self) -> list[str]:
        return []

    def act(self, name: str, go: bool) -> bool:
        """Complete a task or fire a timer of this name; say whether it was here."""
        raise NotImplementedError


class Task(Block):
    def draw(self, pen: Pen) -> tuple[str, str]:
        self.name = pen.put("userTask")
        return self.name, self.name

    def fresh(self, _scope: Scope, _go: bool) -> Run:
        return TaskRun(self.name)


class TaskRun(Run):
    def __init__(self, name: str) -> None:
        self.name = name

    def open(self) -> list[str]:
        return [] if self.done else [self.name]

    def act(self, name: str, _go: bool) -> bool:
        if self.done or name != self.name:
            return False
        self.done = True
        return True


class Chain(Block):
    def __init__(self, *blocks: Block) -> None:
        self.blocks = blocks

    def draw(self, pen: Pen) -> tuple[str, str]:
        ends = [block.draw(pen) for block in self.blocks]
        for (_, before), (after, _) in pairwise(ends):
            pen.link(before, after)
        return ends[0][0], ends[-1][1]

    def fresh(self, scope: Scope, go: bool) -> Run:
        return ChainRun(self.blocks, scope, go)


class ChainRun(Run):
    def __init__(self, blocks: tuple[Block, ...], scope: Scope, go: bool) -> None:
        self.rest, self.scope = list(blocks), scope
        self.now = self.rest.pop(0).fresh(scope, go)
        self.advance(go)

    def advance(self, go: bool) -> None:
        while self.now.done and self.rest:
            self.now = self.rest.pop(0).fresh(self.scope, go)
        self.done = self.now.done

    def open(self) -> list[str]:
        return self.now.open()

    def timers(self) -> list[str]:
        return self.now.timers()

    def act(self, name: str, go: bool) -> bool:
        found = self.now.act(name, go)
        if found:
            self.advance(go)
        return found


class Fork(Block):
    """Parallel (no conditions) or inclusive (a condition each)."""

    def __init__(self, *blocks: Block, conditions: tuple[str, ...] = ()) -> None:
        self.blocks, self.conditions = blocks, conditions

    def draw(self, pen: Pen) -> tuple[str, str]:
        tag = "inclusiveGateway" if self.conditions else "parallelGateway"
        split, join = pen.put(tag), pen.put(tag)
        for index, block in enumerate(self.blocks):
            entry, leave = block.draw(pen)
            pen.link(split, entry, self.conditions[index] if self.conditions else "")
            pen.link(leave, join)
        return split, join

    def fresh(self, scope: Scope, go: bool) -> Run:
        holds = {"=go": go, "=not(go)": not go, "=true": True}
        taken = [b for i, b in enumerate(self.blocks) if not self.conditions or holds[self.conditions[i]]]
        return Together([block.fresh(scope, go) for block in taken])


class Together(Run):
    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs
        self.done = all(run.done for run in runs)

    def open(self) -> list[str]:
        return [name for run in self.runs for name in run.open()]

    def timers(self) -> list[str]:
        return [name for run in self.runs for name in run.timers()]

    def act(self, name: str, go: bool) -> bool:
        found = any(run.act(name, go) for run in self.runs)
        self.done = all(run.done for run in self.runs)
        return found


class Choice(Block):
    def __init__(self, yes: Block, no: Block) -> None:
        self.yes, self.no = yes, no

    def draw(self, pen: Pen) -> tuple[str, str]:
        split, merge = pen.put("exclusiveGateway"), pen.put("exclusiveGateway")
        for block, condition in ((self.yes, "=go"), (self.no, "=not(go)")):
            entry, leave = block.draw(pen)
            pen.link(split, entry, condition)
            pen.link(leave, merge)
        return split, merge

    def fresh(self, scope: Scope, go: bool) -> Run:
        return (self.yes if go else self.no).fresh(scope, go)


class Again(Block):
    """退回: the body, over and over, until `go`."""

    def __init__(self, body: Block) -> None:
        self.body = body

    def draw(self, pen: Pen) -> tuple[str, str]:
        merge, split = pen.put("exclusiveGateway"), pen.put("exclusiveGateway")
        after = pen.put("exclusiveGateway")
        entry, leave = self.body.draw(pen)
        pen.link(merge, entry)
        pen.link(leave, split)
        pen.link(split, after, "=go")
        pen.link(split, merge, "=not(go)")
        return merge, after

    def fresh(self, scope: Scope, go: bool) -> Run:
        return AgainRun(self.body, scope, go)


class AgainRun(Run):
    def __init__(self, body: Block, scope: Scope, go: bool) -> None:
        self.body, self.scope = body, scope
        self.now = body.fresh(scope, go)

    def open(self) -> list[str]:
        return self.now.open()

    def timers(self) -> list[str]:
        return self.now.timers()

    def act(self, name: str, go: bool) -> bool:
        found = self.now.act(name, go)
        if found and self.now.done:
            if go:
                self.done = True
            else:
                self.now = self.body.fresh(self.scope, go)
        return found


class Sub(Block):
    """An embedded sub-process, perhaps for each of a list."""

    def __init__(self, body: Block, times: int = 0, *, sequential: bool = False) -> None:
        self.body, self.times, self.sequential = body, times, sequential

    def draw(self, pen: Pen) -> tuple[str, str]:
        inner = Pen(pen.numbers)
        entry, leave = self.body.draw(inner)
        first, last = f"n{next(pen.numbers)}", f"n{next(pen.numbers)}"
        inner.parts += [start(first), end(last)]
        inner.link(first, entry)
        inner.link(leave, last)
        many = loop(f"={list(range(self.times))}", "item", sequential=self.sequential) if self.times else ""
        name = pen.put("subProcess", "".join(inner.parts) + many)
        return name, name

    def fresh(self, _scope: Scope, go: bool) -> Run:
        if not self.times:
            return SubRun(self.body, go)
        if self.sequential:
            return ChainRun(tuple(Sub(self.body) for _ in range(self.times)), Scope(), go)
        return Together([SubRun(self.body, go) for _ in range(self.times)])


class SubRun(Run):
    def __init__(self, body: Block, go: bool) -> None:
        self.scope = Scope()
        self.main = body.fresh(self.scope, go)

    @property
    def runs(self) -> list[Run]:
        return [self.main, *self.scope.side]  # type: ignore[list-item]

    @property
    def done(self) -> bool:  # type: ignore[override]
        return all(run.done for run in self.runs)

    def open(self) -> list[str]:
        return [name for run in self.runs for name in run.open()]

    def timers(self) -> list[str]:
        return [name for run in self.runs for name in run.timers()]

    def act(self, name: str, go: bool) -> bool:
        return any(run.act(name, go) for run in self.runs)


class Watched(Block):
    """A task with an interrupting timer to another task, and a reminder that opens a side task each time."""

    def draw(self, pen: Pen) -> tuple[str, str]:
        self.task, self.other, self.side = (pen.put("userTask") for _ in range(3))
        self.late, self.remind = (f"n{next(pen.numbers)}" for _ in range(2))
        merge, stop = pen.put("exclusiveGateway"), pen.put("endEvent")
        pen.parts.append(boundary(self.late, self.task, timer("timeDuration", "P1D")))
        pen.parts.append(boundary(self.remind, self.task, timer("timeCycle", "R/PT1H"), interrupting=False))
        for source, target in (
            (self.task, merge),
            (self.late, self.other),
            (self.other, merge),
            (self.remind, self.side),
            (self.side, stop),
        ):
            pen.link(source, target)
        return self.task, merge

    def fresh(self, scope: Scope, _go: bool) -> Run:
        return WatchedRun(self, scope)


class WatchedRun(Run):
    def __init__(self, block: Watched, scope: Scope) -> None:
        self.block, self.scope, self.now = block, scope, block.task

    def open(self) -> list[str]:
        return [] if self.done else [self.now]

    def timers(self) -> list[str]:
        return [self.block.late, self.block.remind] if not self.done and self.now == self.block.task else []

    def act(self, name: str, _go: bool) -> bool:
        if self.done:
            return False
        if name in self.timers():
            if name == self.block.late:
                self.now = self.block.other
            else:
                self.scope.side.append(TaskRun(self.block.side))  # type: ignore[arg-type]
            return True
        self.done = name == self.now
        return self.done


def invent(random: Random, depth: int = 3) -> Block:
    """Return a random block."""
    if depth == 0:
        return random.choice([Task, Task, Watched])()
    inner = [invent(random, depth - 1) for _ in range(random.randint(2, 3))]
    return random.choice(
        [
            lambda: Chain(*inner),
            lambda: Chain(*inner),
            lambda: Fork(*inner),
            lambda: Fork(*inner, conditions=CONDITIONS[: len(inner)]),
            lambda: Choice(inner[0], inner[1]),
            lambda: Again(Chain(Task(), inner[0])),
            lambda: Sub(inner[0]),
            lambda: Sub(inner[0], random.randint(1, 3), sequential=random.random() < 0.5),
        ]
    )()


CONDITIONS = ("=go", "=not(go)", "=true")
