"""The registers of specification §4.6: each a sheet of columns over what its reader may see, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

from app.queries.register_sheets import catalogues, money, people, planning, supervision
from app.queries.register_sheets.columns import Column, Kind, Register, Sheet
from app.queries.register_sheets.reading import Asked, Page, Row, page, stream

__all__ = ["REGISTERS", "Asked", "Column", "Kind", "Page", "Register", "Row", "Sheet", "page", "stream"]

REGISTERS: Mapping[str, Register] = {
    register.key: register
    for register in (
        *planning.REGISTERS,
        *money.REGISTERS,
        *catalogues.REGISTERS,
        *supervision.REGISTERS,
        *people.REGISTERS,
    )
}
"""Key in the address → the register, in the order of the list of registers."""
