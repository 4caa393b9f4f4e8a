"""Fixtures of the tests over HTTP: the county, built once a run and copied for each test."""

from __future__ import annotations

from tests.integration.web_county import _postgres_county, _sqlite_county, county, site

__all__ = ["_postgres_county", "_sqlite_county", "county", "site"]
