"""Every table of the application, imported once so that the metadata is complete."""

from __future__ import annotations

from app.models import accounts, business, calendar, documents, papers, parameters, process, registers, workshop

__all__ = ["accounts", "business", "calendar", "documents", "papers", "parameters", "process", "registers", "workshop"]
