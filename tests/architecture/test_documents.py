"""The documents are true: whatever a document of the repository points to is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from app import settings
from app.settings import ROOT

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def missing(document: Path) -> list[str]:
    """Return every relative link and picture of a document that leads nowhere, also to a heading that is not there."""
    wrong = []
    for target in LINK.findall(re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = unquote(target).partition("#")
        found = (document.parent / path).resolve() if path else document
        if (
            not found.exists()
            or not found.is_relative_to(ROOT)
            or (heading and found.suffix == ".md" and heading not in headings(found))
        ):
            wrong.append(target)
    return wrong


def headings(document: Path) -> set[str]:
    titles = re.findall(r"^#+\s+(.*)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document: Path) -> None:
    assert missing(document) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("[b](none.md) ![c](no.png) [d](#gone) [e](https://example.org)\n# Here\n")
    assert missing(tmp_path / "a.md") == ["none.md", "no.png", "#gone"]


def test_the_readme_names_every_setting() -> None:
    read = Path(settings.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'"((?:XIUWU|DATABASE|TRUSTED|NOTIFY|PASSWORD)_[A-Z_]+)"', read)) | {"XIUWU_LANG"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    operators = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "handbook").glob("*.md"))
    assert [name for name in sorted(named) if name not in readme + operators] == []


def test_the_make_commands_that_documents_name_exist() -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {word for path in DOCUMENTS for word in re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))}
    assert named - known == set()
    make = shutil.which("make")
    assert make is not None
    told = subprocess.run([make], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 -- ours
    assert all(f"make {word} " in told for word in named - {"build"})
