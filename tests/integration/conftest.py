"""Fixtures of the tests over HTTP: the county, built once a run and copied for each test."""

from __future__ import annotations

from tests.integration.web_clients import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]
