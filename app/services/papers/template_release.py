"""Changing a Word template: one uploads what she has changed in Word, another releases it; every version is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.papers import KINDS
from app.errors import AlreadyDone, NotFound, NotPermitted, Refused
from app.models.papers import PaperTemplate, PaperTemplateVerdict
from app.services import audit
from app.services.context import Actor
from app.services.papers import templates, word

MAY_UPLOAD = frozenset({"bur_section", "process_owner"})
MAY_RELEASE = frozenset({"bur_head", "bur_section"})


def upload(
    session: Session, kind: str, source: bytes, *, name: str, reason: str, by: Actor, now: datetime
) -> PaperTemplate:
    """Keep a changed template as the next version, not yet in force.

    Raises NotFound for an unknown kind, NotPermitted, and TemplateRefused or Refused with what is wrong with it.
    """
    if kind not in KINDS:
        raise NotFound
    if not MAY_UPLOAD & by.roles:
        raise NotPermitted("文书模板由主管部门股室负责人或者流程管理员更换。")
    if not reason.strip():
        raise Refused("请写明改了什么、为什么改。")
    word.check(source, kind)
    digest = hashlib.sha256(source).hexdigest()
    same = session.scalar(
        select(PaperTemplate.version).where(PaperTemplate.kind == kind, PaperTemplate.sha256 == digest)
    )
    if same is not None:
        raise Refused("这份模板与第 %(version)s 版相同，没有改动。", version=same)
    row = PaperTemplate(
        kind=kind, version=templates.next_version(session, kind), name=name[:200], source=source, sha256=digest,
        shipped=False, uploaded_by_id=by.id, uploaded_at=now, reason=reason.strip()[:400],
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, "upload_template", subject_kind="paper_template", subject_id=row.id, actor_id=by.id, now=now,
        detail={"kind": kind, "version": row.version, "sha256": digest},
    )  # fmt: skip
    return row


def decide(session: Session, template_id: int, *, released: bool, by: Actor, now: datetime) -> PaperTemplateVerdict:
    """Release an uploaded template or refuse it, as another person than uploaded it (COI-09).

    From the next signature on papers are written with it; papers signed before keep theirs.
    """
    row = session.get(PaperTemplate, template_id)
    if row is None:
        raise NotFound
    if not MAY_RELEASE & by.roles:
        raise NotPermitted("文书模板由主管部门领导或者另一位股室负责人发布。")
    if row.uploaded_by_id == by.id:
        raise NotPermitted("上传模板的人不能自己发布，请另一人办理。")
    if session.scalar(select(PaperTemplateVerdict.id).where(PaperTemplateVerdict.template_id == row.id)) is not None:
        raise AlreadyDone("第 %(version)s 版已经有人决定。", version=row.version)
    verdict = PaperTemplateVerdict(
        template_id=row.id, verdict="released" if released else "refused", by_id=by.id, at=now
    )
    session.add(verdict)
    session.flush()
    audit.record(
        session, "release_template" if released else "refuse_template", subject_kind="paper_template",
        subject_id=row.id, actor_id=by.id, now=now, detail={"kind": row.kind, "version": row.version},
    )  # fmt: skip
    return verdict
