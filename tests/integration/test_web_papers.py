"""Papers over HTTP: who sees which, with which prices, in every form; voiding, templates and prints."""

from __future__ import annotations

import io
import zipfile

import docx
from sqlalchemy import select, update

from app.domain.papers import KINDS, LAYOUTS
from app.domain.papers import content as contents
from app.models.business import Contract
from app.models.papers import Paper, PaperMark, PaperTemplate, PaperTemplateVerdict
from app.services.papers import templates, word
from app.services.papers.drawing import draw
from tests.integration.web_clients import FOREIGN, OWN, OWN_WAN, Browser, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county, site

__all__ = ["_postgres_county", "_sqlite_county", "county", "site"]


def words_of(body: bytes) -> str:
    """Return every word of a Word file, cells and paragraphs."""
    document = docx.Document(io.BytesIO(body))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_page_shows_the_paper_and_that_it_is_as_signed(county: County) -> None:
    text = county.as_("jyj.wang").get(f"/papers/{county['own.paper']}").get_data(as_text=True)
    assert "与签署时一致" in text
    assert "1,000.00" in text
    assert "<svg" in text
    with county.look() as session:
        assert session.get_one(Paper, county["own.paper"]).content_sha256 in text
    listed = county.as_("jyj.wang").get(f"/projects/{county['own.project']}?tab=papers").get_data(as_text=True)
    assert f"/papers/{county['own.paper']}" in listed
    register = county.as_("jyj.wang").get("/papers").get_data(as_text=True)
    assert OWN in register
    assert FOREIGN not in register


def test_a_changed_content_is_said_on_its_page(site: County) -> None:
    with site.change() as session:
        session.connection().exec_driver_sql("DROP TRIGGER paper_update")
        row = session.get_one(Paper, site["own.paper"])
        row.content = dict(row.content) | {"title": "不予通过"}
    text = site.as_("jyj.wang").get(f"/papers/{site['own.paper']}").get_data(as_text=True)
    assert "内容与签署时不一致" in text
    assert "与签署时一致" not in text


def test_the_printed_page_is_the_paper_alone_under_the_sites_policy(county: County) -> None:
    answer = county.as_("jyj.wang").get(f"/papers/{county['own.paper']}/print")
    text = answer.get_data(as_text=True)
    assert "style=" not in text
    assert "<style" not in text
    assert "审核意见书" in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_who_may_see_no_prices_finds_none_in_page_print_and_word(county: County) -> None:
    officer = county.as_("gaj.wei")
    for path in ("", "/print"):
        text = officer.get(f"/papers/{county['own.paper']}{path}").get_data(as_text=True)
        assert "1,000.00" not in text
        assert "1000万元" not in text
        assert "审核意见书" in text
    told = words_of(officer.get(f"/papers/{county['own.paper']}/docx").data)
    assert "1,000.00" not in told
    assert "审定总投资——万元" in told
    assert "1,000.00" in words_of(county.as_("jyj.wang").get(f"/papers/{county['own.paper']}/docx").data)


def test_two_persons_void_a_number_over_http(county: County) -> None:
    path = f"/papers/{county['own.paper']}"
    clerk, head = county.as_("dsj.chen"), county.as_("dsj.sun")
    assert "决定是否作废" not in head.get(path).get_data(as_text=True)
    clerk.post(f"{path}/void", {"reason": "总投资写错一位"})
    assert "提出作废" in head.get(path).get_data(as_text=True)
    county.as_("jyj.wang").post(f"{path}/void/decide", {"agreed": "1"})
    clerk.post(f"{path}/void/decide", {"agreed": "1"})
    assert county.count(PaperMark) == 1
    with county.change() as session:  # the opinion behind the paper of this county was never written
        from app.models.business import Opinion  # noqa: PLC0415 -- used once

        paper = session.get_one(Paper, county["own.paper"])
        session.add(
            Opinion(
                id=paper.source_id, project_id=paper.project_id, kind="review", scope_version=1, conclusion="通过",
                doc_no=paper.number, drafted_on=paper.signed_at.date(), drafted_by="a", signed_by="b",
                signed_on=paper.signed_at.date(),
            )
        )  # fmt: skip
    head.post(f"{path}/void/decide", {"agreed": "1"})
    with county.look() as session:
        assert list(session.scalars(select(PaperMark.act).order_by(PaperMark.id))) == ["void_asked", "void"]
        assert session.scalars(select(Opinion.void)).one() is True
    assert "作废" in head.get(f"{path}/print").get_data(as_text=True)
    register = head.get("/papers?status=void").get_data(as_text=True)
    assert f"修数审〔2026〕{county['own.project_id']}号" in register
    assert FOREIGN not in register


# -- templates ---------------------------------------------------------------------------------------------------------


def changed(old: str, new: str, kind: str = "D-02") -> bytes:
    """Return the shipped template with other words in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(templates.shipped(kind)[0])) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            body = source.read(member)
            if member.filename == "word/document.xml":
                assert old.encode() in body
                body = body.replace(old.encode(), new.encode())
            target.writestr(member, body)
    return out.getvalue()


def with_member(name: str, body: bytes = b"x") -> bytes:
    """Return the shipped template with one more member."""
    out = io.BytesIO(templates.shipped("D-02")[0])
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, body)
    return out.getvalue()


def upload(browser: Browser, body: bytes, kind: str = "D-02") -> str:
    """Upload a template and return what the page then says."""
    form = {"reason": "改字号", "file": (io.BytesIO(body), "改.docx")}
    browser.post(f"/papers/templates/{kind}", form, content_type="multipart/form-data")
    return browser.get("/papers/templates").get_data(as_text=True)


def test_a_template_that_cannot_be_used_is_refused_with_its_reason(site: County) -> None:
    owner, before = site.as_("dsj.tu"), site.count(PaperTemplate)
    refused = {
        "不是 Word 文档": b"PK\x03\x04broken",
        "没有收到文件": b"",
        "带有宏": with_member("word/vbaProject.bin"),
        "链接了外部文件": with_member(
            "word/_rels/evil.xml.rels", b'<Relationship Target="http://x" TargetMode="External"/>'
        ),
        "占位符 total_sum 不认识": changed("{{ conclusion }}", "{{ total_sum }}"),
        "只能写占位符": changed("{{ conclusion }}", "{{ ().__class__ }}"),
        "不能写 Call": changed("{{ conclusion }}", "{{ conclusion() }}"),
        "占位符写得不对": changed("{{ conclusion }}", "{{ conclusion "),
        "“row.total”不认识，这一行可以用的有：content、opinion、score。": changed("{{ row.score }}", "{{ row.total }}"),
        "没有改动": templates.shipped("D-12")[0],
    }
    for reason, body in refused.items():
        assert reason in upload(owner, body, "D-12" if reason == "没有改动" else "D-02"), reason
    assert site.count(PaperTemplate) == before


def test_a_second_person_releases_a_template_and_signed_papers_keep_theirs(county: County) -> None:
    owner, head = county.as_("dsj.tu"), county.as_("dsj.sun")
    body = changed("审核依据", "审核之依据")
    assert "等待另一人发布" in upload(owner, body)
    with county.look() as session:
        row = session.scalars(select(PaperTemplate).order_by(PaperTemplate.id.desc())).first()
        assert row is not None
        key, version = row.id, row.version
        verdicts = len(session.scalars(select(PaperTemplateVerdict)).all())
    owner.post(f"/papers/templates/{key}/decide", {"released": "1"})
    county.as_("jyj.li").post(f"/papers/templates/{key}/decide", {"released": "1"})
    assert county.count(PaperTemplateVerdict) == verdicts
    head.post(f"/papers/templates/{key}/decide", {"released": "1"})
    with county.look() as session:
        found = templates.in_force(session, "D-02")
        assert found is not None
        assert (found.id, found.version, found.source) == (key, version, body)
    old = words_of(county.as_("jyj.wang").get(f"/papers/{county['own.paper']}/docx").data)
    assert "审核依据" in old
    assert "审核之依据" not in old
    assert "已经有人决定" in _after(head, f"/papers/templates/{key}/decide")


def _after(browser: Browser, path: str) -> str:
    browser.post(path, {"released": "0"})
    return browser.get("/papers/templates").get_data(as_text=True)


def test_the_shipped_templates_are_what_the_layouts_draw() -> None:
    for kind in KINDS.values():
        body = draw(kind)
        assert words_of(body) == words_of(templates.shipped(kind.code)[0]), kind.code
        assert contents.placeholders(LAYOUTS[kind.code]) >= {"title", "number"}
        word.check(body, kind.code)


# -- prints ------------------------------------------------------------------------------------------------------------


def test_tables_of_the_day_hold_what_the_reader_sees(county: County) -> None:
    with county.change() as session:
        session.execute(update(Contract).values(confirmed_by="x"))
    own = county.as_("jyj.wang").get("/papers/tables/D-19").get_data(as_text=True)
    assert OWN in own
    assert FOREIGN not in own
    assert "1,000.00" in own
    every = county.as_("dsj.chen").get("/papers/tables/D-19").get_data(as_text=True)
    assert OWN in every
    assert FOREIGN in every
    officer = county.as_("gaj.wei").get("/papers/tables/D-17?fy=2026").get_data(as_text=True)
    assert OWN in officer
    assert "400.00" not in officer
    late = county.as_("dsj.chen").get("/papers/tables/D-15").get_data(as_text=True)
    assert "2026-05-08" in late
    assert "2026-11-09" in late
    told = words_of(county.as_("dsj.chen").get("/papers/tables/D-08/docx?fy=2026").data)
    assert "300.00" in told


def test_a_day_count_prints_every_step(county: County) -> None:
    text = county.as_("jyj.wang").get(f"/deadlines/{county['own.deadline']}/print").get_data(as_text=True)
    assert "时限计算书" in text
    assert "2026-05-08" in text
    assert "2026-11-09 24:00" in text
    assert "民法典第二百零一条至第二百零三条" in text


def test_a_handed_in_form_and_a_whole_project_print(county: County) -> None:
    form = county.as_("dsj.chen").get(f"/tasks/{county['own.filed']}/print").get_data(as_text=True)
    assert "年度计划项（F-02）" in form
    assert f"{OWN_WAN:,}" in form
    assert f"{OWN_WAN:,}" not in county.as_("gaj.wei").get(f"/tasks/{county['own.filed']}/print").get_data(as_text=True)
    whole = county.as_("jyj.wang").get(f"/projects/{county['own.project']}/print").get_data(as_text=True)
    assert OWN in whole
    assert "审核意见书" in whole
    assert "1,000.00" in whole
    assert "1,000.00" not in county.as_("gaj.wei").get(f"/projects/{county['own.project']}/print").get_data(
        as_text=True
    )
