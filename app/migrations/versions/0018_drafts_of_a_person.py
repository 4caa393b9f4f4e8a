"""the drafts of one person are found without reading everybody's."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_draft_person_id"), "draft", ["person_id"])
