"""Which names are so alike that two projects may build the same thing twice (第三条: reuse first)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.8
"""How alike two names must be to be shown as a possible duplicate [C]."""
COMMON = 60
"""Two signs that stand in more names than this (平台, 系统) say nothing about which names to compare."""
MOST_COMPARED = 30
"""Names with which one name is compared sign by sign: those that share most with it."""


@dataclass(frozen=True)
class Named:
    """Something that has a name: a project by its number, or a system by its code."""

    key: str
    name: str
    unit: str = ""


def bare(name: str) -> str:
    """Return a name without quotes, brackets, blanks and case, which tell no two projects apart."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 1: twice the signs that match in order, by the length of both."""
    return SequenceMatcher(None, one, other).ratio()


def alike(items: Iterable[Named], known: Sequence[Named]) -> Mapping[str, tuple[Named, ...]]:
    """Return for each item's key the known names that are ALIKE to its own, the likest first; itself never.

    An index of pairs of signs chooses what is compared at all, so that a thousand names take a fraction of a second.
    """
    index: dict[str, list[int]] = defaultdict(list)
    same: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(known):
        same[bare(one.name)].append(place)
        for pair in _pairs(one.name):
            index[pair].append(place)
    return {item.key: tuple(_matches(item, known, index, same)) for item in items}


def _matches(
    item: Named, known: Sequence[Named], index: Mapping[str, list[int]], same: Mapping[str, list[int]]
) -> Iterable[Named]:
    shared: Counter[int] = Counter()
    for pair in _pairs(item.name):
        places = index.get(pair, ())
        if len(places) <= COMMON:
            shared.update(places)
    chosen = dict.fromkeys([*same.get(bare(item.name), ()), *(place for place, _ in shared.most_common(MOST_COMPARED))])
    found = [(likeness(item.name, known[place].name), known[place]) for place in chosen if known[place].key != item.key]
    close = [(ratio, one) for ratio, one in found if ratio >= ALIKE or bare(one.name) == bare(item.name)]
    return [one for _, one in sorted(close, key=lambda pair: (-pair[0], pair[1].key))]


def _pairs(name: str) -> set[str]:
    plain = bare(name)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
