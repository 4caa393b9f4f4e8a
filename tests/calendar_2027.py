"""A holiday notice for 2027 as the county might receive it: complete by the rules, its number invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

SOURCE = "国办发明电〔2026〕99号"
_HOLIDAYS = (
    ("元旦", date(2027, 1, 1), 3),
    ("春节", date(2027, 2, 5), 7),
    ("清明节", date(2027, 4, 3), 3),
    ("劳动节", date(2027, 5, 1), 5),
    ("端午节", date(2027, 6, 9), 1),
    ("中秋节", date(2027, 9, 15), 1),
    ("国庆节", date(2027, 10, 1), 7),
)
_WORKED = (date(2027, 1, 31), date(2027, 2, 14), date(2027, 4, 25), date(2027, 10, 9))
LINES = [
    *(f"{first + timedelta(days=n)},off,{name},{SOURCE}" for name, first, days in _HOLIDAYS for n in range(days)),
    *(f"{day},work,,{SOURCE}" for day in _WORKED),
]
"""One day a line, as `flask calendar load` reads them."""


def file_of(lines: Iterable[str]) -> bytes:
    """Return the lines as a file."""
    return "\n".join([*lines, ""]).encode()
