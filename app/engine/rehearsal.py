"""A drawing played against what really happened: the recorded forms in their order, on a working copy.

The rehearsal goes by form and outcome. Between two recorded forms the tokens move along the drawing at no cost; a
condition that can be decided from the answers given so far is decided, any other may hold. A person's step that the
record does not know is passed at a price, so that the way with the fewest new steps is found. Where the next recorded
form cannot be reached on any way, the instance leaves the recorded path. Nothing is executed: no operation runs, no
fact is written, no database is asked.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain, combinations, count
from typing import Final, Literal, NamedTuple

from app import feel
from app.engine.rehearsal_drawing import SCOPES, WAITS, Drawing, Node, read

__all__ = ["Drawing", "Passed", "Played", "Recorded", "play", "read"]

Tokens = tuple[str, ...]
"""The ids of the flows that hold a token, sorted; a start of a scope is named `>scope`."""

MOST_STATES: Final = 4000
"""How many states are looked at between two recorded forms before the rehearsal gives up."""
MOST_BRANCHES: Final = 6
NEW, EDGE, SILENT = 1000, 30, 1
"""Prices of passing a person's step that nobody recorded, of a boundary event, and of anything else."""
OTHER, FOREIGN = 200, 500
"""Prices of finding the recorded form at another step of the same role, or of another one."""


@dataclass(frozen=True)
class Recorded:
    """One thing that people really did: a form handed in, or a called process that ended."""

    form_id: str
    """Empty for a call."""
    calls: str
    """Id of the called process; empty for a form."""
    element_id: str
    roles: tuple[str, ...]
    """Who could do it."""
    waited: int
    """Seconds from the moment it appeared until it was done."""
    answers: Mapping[str, object] = field(default_factory=dict)
    """Typed answers, for deciding conditions; they appear in no result."""

    @property
    def symbol(self) -> str:
        """What the drawing must offer next."""
        return self.form_id or f"call {self.calls}"


@dataclass(frozen=True)
class Passed:
    """One step of the played way. `kept`: recorded and drawn; `new`: drawn only; `omitted`: recorded only."""

    kind: Literal["kept", "new", "omitted"]
    element_id: str
    name: str
    symbol: str
    """Form id, or `call` and the id of the process."""
    roles: tuple[str, ...]
    """Who would hold it as drawn."""
    recorded_roles: tuple[str, ...] = ()
    waited: int | None = None
    """Recorded seconds; None for a new step."""


@dataclass(frozen=True)
class Played:
    """How one recorded instance would have gone."""

    steps: tuple[Passed, ...]
    left_at: str = ""
    """The element after which the record goes where the drawing does not lead; empty where it does all the way."""
    wanted: str = ""
    """The form (or call) that the drawing did not offer there; `end` where it does not come to an end."""
    undecided: bool = False
    """Whether the search was given up: then nothing is said about the rest."""


def play(
    drawing: Drawing, record: Sequence[Recorded], *, facts: Mapping[str, object], now: datetime, to_end: bool = True
) -> Played:
    """Return how a recorded instance would have gone on a drawing; `to_end=False` for one that was ended from outside.

    `record` is in the order in which things were done. `facts` are values that conditions may read besides the answers
    (for instance `project`); a condition that names anything else may hold or not.
    """
    game = _Game(drawing, dict(facts), now)
    tokens: Tokens = (f">{drawing.root}",)
    steps: list[Passed] = []
    done: list[str] = []
    last = ""
    for one in record:
        if one.symbol not in drawing.symbols:
            steps.append(Passed("omitted", one.element_id, "", one.symbol, one.roles, one.roles, one.waited))
            game.learn(one)
            continue
        repeated = next((drawing.nodes[each] for each in done if game.repeats(each, one.symbol)), None)
        found = game.search(tokens, one, within=EDGE if repeated else None)
        if repeated is not None and (found is None or found.passed):
            steps.append(_kept(repeated, one))
            game.learn(one)
            continue
        if found is None:
            return Played(tuple(steps), last, one.symbol, undecided=game.given_up)
        passed, tokens, last = found
        steps += [_new(drawing.nodes[each]) for each in passed]
        done.append(last)
        steps.append(_kept(drawing.nodes[last], one))
        game.learn(one, drawing.nodes[last])
    if not to_end:
        return Played(tuple(steps))
    found = game.search(tokens, None)
    if found is None:
        return Played(tuple(steps), last, "end", undecided=game.given_up)
    return Played((*steps, *(_new(drawing.nodes[each]) for each in found.passed)))


def _kept(node: Node, one: Recorded) -> Passed:
    return Passed("kept", node.id, node.name, node.symbol, _roles(node), one.roles, one.waited)


def _new(node: Node) -> Passed:
    return Passed("new", node.id, node.name, node.symbol, _roles(node))


def _roles(node: Node) -> tuple[str, ...]:
    groups = node.said.candidate_groups
    return () if groups.startswith("=") else tuple(part.strip() for part in groups.split(",") if part.strip())


class Way(NamedTuple):
    """A way through the drawing: the new steps passed on it, the tokens after it, and the element it came to."""

    passed: tuple[str, ...]
    tokens: Tokens
    element_id: str


@dataclass(order=True)
class _State:
    price: int
    order: int
    way: Way = field(compare=False)
    arrived: bool = field(compare=False, default=False)


class _Game:
    """The token game of one instance: what is known so far, and the cheapest way to the next recorded step."""

    def __init__(self, drawing: Drawing, known: dict[str, object], now: datetime) -> None:
        self.drawing = drawing
        self.known = known
        self.submissions: dict[str, object] = {}
        self.now = now
        self.given_up = False
        self._truths: dict[str, bool | None] = {}
        self._guessing = False
        """Whether a step that nobody recorded lies behind: what it would have answered is not known."""

    def learn(self, one: Recorded, node: Node | None = None) -> None:
        """Remember the answers: under their keys, as a submission, and as the drawing's output mapping names them."""
        if one.form_id:
            self.submissions[one.form_id] = dict(one.answers)
        self.known |= {key: value for key, value in one.answers.items() if not isinstance(value, (list, dict))}
        if node is not None:
            for mapped in node.said.outputs:
                value = self._evaluated(mapped.source, {**self.known, **one.answers})
                if value is not None:
                    self.known[mapped.target] = value
        self._truths = {}

    def repeats(self, element_id: str, symbol: str) -> bool:
        """Say whether the step just done is done once for each of several, and this is one more of them."""
        node = self.drawing.nodes.get(element_id)
        return node is not None and node.many and node.symbol == symbol

    def search(self, tokens: Tokens, one: Recorded | None, *, within: int | None = None) -> Way | None:
        """Return the cheapest way to a recorded step (None: to the end), found as Dijkstra finds it.

        None where no way leads there at a price below `within`, or the search was given up.
        """
        order = count()
        queue = [_State(0, next(order), Way((), tokens, ""))]
        best: dict[Tokens, int] = {tokens: 0}
        while queue and len(best) <= MOST_STATES:
            state = heapq.heappop(queue)
            if state.arrived:
                return state.way
            if state.price > best[state.way.tokens]:
                continue
            self._guessing = bool(state.way.passed)
            for price, way, arrived in self._onward(state.way, one):
                total = state.price + price
                if within is not None and total >= within:
                    continue
                if arrived or total < best.get(way.tokens, total + 1):
                    if not arrived:
                        best[way.tokens] = total
                    heapq.heappush(queue, _State(total, next(order), way, arrived))
        self.given_up = bool(queue)
        return None

    def _onward(self, way: Way, one: Recorded | None) -> Iterator[tuple[int, Way, bool]]:
        """Yield what may happen next at its price: arriving at what is looked for, or any move of a token."""
        if one is None and not way.tokens:
            yield 0, way, True
        if one is not None and (offer := self._offered(way.tokens, one)):
            price, flow, node = offer
            yield price, Way(way.passed, self._after(way.tokens, flow, node), node.id), True
        for price, following, new in self._moves(way.tokens, one.symbol if one else ""):
            yield price, Way((*way.passed, *new), following, ""), False

    def _offered(self, tokens: Tokens, one: Recorded) -> tuple[int, str, Node] | None:
        """Return the best offer of the recorded form: its price, the flow of its token, and the step that has it."""
        offered = [
            (0 if node.id == one.element_id else OTHER if set(_roles(node)) == set(one.roles) else FOREIGN, flow, node)
            for flow in dict.fromkeys(tokens)
            if (node := self._node(flow)) is not None and node.symbol == one.symbol
        ]
        return min(offered, key=lambda offer: offer[0], default=None)

    def _node(self, token: str) -> Node | None:
        return None if token.startswith((">", "<")) else self.drawing.nodes.get(self.drawing.targets.get(token, ""))

    def _moves(self, tokens: Tokens, wanted: str) -> Iterator[tuple[int, Tokens, tuple[str, ...]]]:
        for token in dict.fromkeys(tokens):
            if token.startswith(">"):
                scope = token[1:]
                begun = [
                    self._put(tokens, (token,), self.drawing.nodes[s].outgoing) for s in self.drawing.starts[scope]
                ]
                yield from ((SILENT, each, ()) for each in begun)
                continue
            node = self._node(token)
            if node is None:
                continue
            if node.kind in WAITS:
                yield NEW, self._after(tokens, token, node), (node.id,)
            else:
                yield from ((SILENT, each, ()) for each in self._passed(tokens, token, node))
            yield from ((EDGE, each, ()) for each in self._edges(tokens, token, node, wanted))
        yield from ((EDGE, each, ()) for each in self._scope_edges(tokens, wanted))

    def _passed(self, tokens: Tokens, token: str, node: Node) -> Iterator[Tokens]:
        if node.kind in SCOPES:
            yield self._put(tokens, (token,), [f"<{node.id}", f">{node.id}"])
        elif node.kind == "endEvent" or not node.outgoing:
            yield self._ended(tokens, token, node)
        elif node.kind == "parallelGateway":
            if set(node.incoming) <= set(tokens):
                yield self._put(tokens, tuple(node.incoming), node.outgoing)
        elif node.kind == "inclusiveGateway":
            arrived = tuple(flow for flow in node.incoming if flow in tokens)
            for some in self._some(node):
                yield self._put(tokens, arrived, some)
        elif node.kind in {"exclusiveGateway", "eventBasedGateway"}:
            for flow in self._choices(node):
                yield self._put(tokens, (token,), [flow])
        else:
            yield self._after(tokens, token, node)

    def _after(self, tokens: Tokens, token: str, node: Node) -> Tokens:
        """Return the tokens once an activity or event has been passed; its outgoing flows with a condition may hold."""
        if not node.outgoing:
            return self._ended(tokens, token, node)
        held = [flow for flow in node.outgoing if self._truth(flow) is not False]
        return self._put(tokens, (token,), held or node.outgoing)

    def _ended(self, tokens: Tokens, token: str, node: Node) -> Tokens:
        """Let a token end; the last one of a scope, or one that ends it at once, lets the scope go on."""
        rest = list(tokens)
        rest.remove(token)
        scope = node.scope
        if node.ends_scope:
            rest = [each for each in rest if not self._inside(each, scope)]
        while scope in self.drawing.parents and not any(self._inside(each, scope) for each in rest):
            if f"<{scope}" in rest:
                rest.remove(f"<{scope}")
                rest += self.drawing.nodes[scope].outgoing
                if self.drawing.nodes[scope].outgoing:
                    break
            scope = self.drawing.parents[scope]
        return tuple(sorted(rest))

    def _inside(self, token: str, scope: str) -> bool:
        """Say whether a token lies in a scope or in one within it; the mark of the scope itself lies around it."""
        if token.startswith(">"):
            at = token[1:]
        elif token.startswith("<"):
            at = self.drawing.parents.get(token[1:], "")
        else:
            at = self.drawing.scope_of.get(token, "")
        while at:
            if at == scope:
                return True
            at = self.drawing.parents.get(at, "")
        return False

    def _edges(self, tokens: Tokens, token: str, node: Node, wanted: str) -> Iterator[Tokens]:
        for edge in node.edges:
            event = self.drawing.nodes[edge]
            if node.kind not in SCOPES and self._leads(event, wanted):
                yield self._put(tokens, (token,) if event.interrupts else (), event.outgoing)

    def _leads(self, event: Node, wanted: str) -> bool:
        """Say whether firing a boundary event can lead to what is wanted; to the end, only one that interrupts."""
        return wanted in self.drawing.reached[event.id] if wanted else event.interrupts

    def _scope_edges(self, tokens: Tokens, wanted: str) -> Iterator[Tokens]:
        for token in dict.fromkeys(tokens):
            if not token.startswith("<"):
                continue
            scope = token[1:]
            if self.drawing.nodes[scope].many and f">{scope}" not in tokens:
                yield self._put(tokens, (), [f">{scope}"])
            for edge in self.drawing.nodes[scope].edges:
                event = self.drawing.nodes[edge]
                if not self._leads(event, wanted):
                    continue
                if event.interrupts:
                    gone = tuple(each for each in tokens if each == token or self._inside(each, scope))
                    yield self._put(tokens, gone, event.outgoing)
                elif not any(flow in tokens for flow in event.outgoing):
                    yield self._put(tokens, (), event.outgoing)

    @staticmethod
    def _put(tokens: Tokens, taken: Iterable[str], given: Iterable[str]) -> Tokens:
        rest = list(tokens)
        for token in taken:
            rest.remove(token)
        return tuple(sorted([*rest, *given]))

    def _choices(self, node: Node) -> list[str]:
        """Return the flows that an exclusive gateway may take, as far as its conditions can be decided."""
        found = []
        for flow in node.outgoing:
            if flow == node.default:
                continue
            truth = self._truth(flow)
            if truth is not False:
                found.append(flow)
            if truth is True:
                return found
        return [*found, node.default] if node.default else found

    def _some(self, node: Node) -> Iterator[Sequence[str]]:
        """Yield the sets of flows that an inclusive gateway may take."""
        if len(node.outgoing) == 1:
            yield node.outgoing
            return
        certain = [flow for flow in node.outgoing if flow != node.default and self._truth(flow) is True]
        open_ones = [flow for flow in node.outgoing if flow != node.default and self._truth(flow) is None]
        sizes = range(len(open_ones[:MOST_BRANCHES]) + 1)
        for more in chain.from_iterable(combinations(open_ones[:MOST_BRANCHES], size) for size in sizes):
            if taken := [*certain, *more]:
                yield taken
        if node.default and not certain:
            yield [node.default]

    def _truth(self, flow: str) -> bool | None:
        """Return whether a flow's condition holds: True where there is none, None where it cannot be decided."""
        condition = self.drawing.conditions.get(flow)
        if condition is None:
            return True
        if self._guessing:
            return None
        if condition not in self._truths:
            value = self._evaluated(condition, self.known)
            self._truths[condition] = value if isinstance(value, bool) else None
        return self._truths[condition]

    def _evaluated(self, expression: str, context: Mapping[str, object]) -> object:
        """Return the value of an expression, or None where a name in it is unknown or it fails."""
        names = {name.partition(".")[::2] for name in _names(expression)}
        given = {root: context[root] for root, _ in names if root in context}
        forms = {rest.partition(".")[0] for root, rest in names if root == "submission"}
        if forms:
            given["submission"] = {form: self.submissions[form] for form in forms if form in self.submissions}
        if any(root not in given for root, _ in names if root):
            return None
        try:
            return feel.evaluate(expression, given, now=self.now)
        except feel.FeelError:
            return None


@lru_cache(maxsize=4096)
def _names(expression: str) -> frozenset[str]:
    try:
        return feel.names(expression)
    except feel.FeelError:
        return frozenset()
