"""Broken and hostile files at the site's doors: a sentence, no traceback, nothing in force."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import sandbox
from app.errors import Refused
from app.models.process import Definition
from app.models.workshop import WorkingCopy
from app.services import definitions, vocabulary
from app.unit_of_work import Database
from tests.integration.office import NOW
from tests.integration.workshop_site import KEY, Site, drawn, open_site
from tests.unit.engine.lint.corpus import CONSTRUCTS, broken_files
from tests.unit.engine.test_workshop_corpus import FORMS, TABLES, seeded

LONG = os.environ.get("TEST_LONG") == "1"
BUDGET = 600.0 if LONG else 50.0
"""Seconds of wall time for the fuzzing of lint and publication, on both databases together."""


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with open_site(database, tmp_path) as opened:
        yield opened


def in_force(site: Site) -> list[tuple[str, int]]:
    with site.office.look() as session:
        rows = session.execute(select(Definition.key, Definition.version).order_by(Definition.id))
        return [(key, version) for key, version in rows]


def test_the_whole_corpus_can_be_uploaded_and_does_no_harm(site: Site) -> None:
    before = in_force(site)
    files: list[tuple[str, bytes]] = []
    for place, construct in enumerate(CONSTRUCTS):
        seed, source = next(iter(broken_files(construct)))
        files.append((f"{place}-{seed}.bpmn", source))
    files += [(f"{n}.form", make(seeded(f"{name} 0"))) for n, (name, make) in enumerate(FORMS.items())]
    files += [(f"{n}.dmn", make(seeded(f"{name} 0"))) for n, (name, make) in enumerate(TABLES.items())]
    owner, told = site.as_("owner"), 0
    for name, source in files:
        began = time.monotonic()
        answer = owner.post(
            "/workshop/upload", {"files": (io.BytesIO(source), name)}, content_type="multipart/form-data"
        )
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, name
        assert "Traceback" not in page, name
        assert "<script>alert" not in page, name
        assert ("已存为" in page) is not ("没有收下" in page), name
        assert time.monotonic() - began < 8, name
        told += 1
    assert told >= 50
    assert in_force(site) == before
    assert owner.get("/workshop").status_code == 200
    with site.office.look() as session:
        copies = session.execute(select(WorkingCopy.kind, WorkingCopy.key)).all()
    names = {"bpmn": "process", "form": "form", "dmn": "decision"}
    for kind, key in copies:
        if re.fullmatch(r"\w+", key, re.ASCII):
            answer = owner.get(f"/workshop/{names[kind]}/{key}/versions")
            assert answer.status_code == 200, key
            assert "<script>alert" not in answer.get_data(as_text=True)


def test_fuzzed_publications_are_refused_whole_or_stored_whole(database: Database) -> None:
    from tests.integration.office import furnish  # noqa: PLC0415

    office = furnish(database)
    right = drawn("first", "survey", process_id=KEY)
    with office.look() as session:
        words = vocabulary.current(session)
    ends = time.monotonic() + BUDGET / 2  # one half for each database

    @settings(
        max_examples=100_000 if LONG else 4_000,
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        place=st.integers(0, len(right) - 1), length=st.integers(0, 30),
        inserted=st.one_of(st.text(max_size=12), st.sampled_from(WORDS)),
    )  # fmt: skip
    def publish(place: int, length: int, inserted: str) -> None:
        if time.monotonic() > ends:
            return
        source = (right[:place] + inserted + right[place + length :]).encode("utf-8", "surrogatepass")
        findings = sandbox.findings_of(source, "bpmn", words)
        wrong = any(one.severity == "error" for one in findings)
        assert all(one.code != "check-failed" for one in findings)
        with office.database.unit_of_work() as session:
            before = session.scalar(select(func.count()).select_from(Definition))
            try:
                definitions.publish(session, source, kind="bpmn", now=NOW, by=None, shipped=True)
            except Refused:
                assert wrong
            else:
                assert not wrong
            if wrong:
                assert session.scalar(select(func.count()).select_from(Definition)) == before
            session.rollback()

    publish()


WORDS = (
    "<", ">", "&", '"', "/>", "</bpmn:process>", 'id="first"', 'id=""', "=for i in 1..9 return i", "unit_head", "\x00",
    "<bpmn:userTask/>", "<!--", "<![CDATA[", "<?x?>", 'isExecutable="false"', "first", "survey", "&lt;script&gt;",
)  # fmt: skip
