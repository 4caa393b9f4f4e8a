"""open values that were named only: shares of companies, access of experts, statements, scores of sharing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = "0010"
branch_labels = None
depends_on = None

ACCESS_DAYS = 30
"""What the parameter was until now: seats that were taken before keep the days of their time."""


COLUMNS = {
    "organisation": ("parent_percent",),
    "supervision": ("declared_percent",),
    "panel_member": ("access_until",),
    "measure": ("skip_reason", "statement_due", "stated_on", "statement"),
}


def upgrade() -> None:
    op.add_column("organisation", sa.Column("parent_percent", sa.Integer(), nullable=True))
    op.add_column("supervision", sa.Column("declared_percent", sa.Integer(), nullable=True))
    op.add_column("panel_member", sa.Column("access_until", sa.Date(), nullable=True))
    later = (
        f"date(seated_on, '+{ACCESS_DAYS} days')"
        if op.get_bind().dialect.name == "sqlite"
        else f"seated_on + {ACCESS_DAYS}"
    )
    op.execute(sa.text(f"UPDATE panel_member SET access_until = {later}"))  # noqa: S608 -- nothing of it comes from outside
    op.add_column("measure", sa.Column("skip_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("measure", sa.Column("statement_due", sa.Date(), nullable=True))
    op.add_column("measure", sa.Column("stated_on", sa.Date(), nullable=True))
    op.add_column("measure", sa.Column("statement", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "sharing_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("connected", sa.Integer(), nullable=True),
        sa.Column("registered", sa.Integer(), nullable=True),
        sa.Column("on_time", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("available", sa.Integer(), nullable=True),
        sa.Column("computed", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.String(length=40), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("rectified_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "computed BETWEEN 0 AND 100 AND score BETWEEN 0 AND 100", name=op.f("ck_sharing_score_score_points")
        ),
        sa.CheckConstraint("score = computed OR reason <> ''", name=op.f("ck_sharing_score_adjusted_with_reason")),
        sa.CheckConstraint("signed_by = '' OR signed_by <> settled_by", name=op.f("ck_sharing_score_four_eyes")),
        sa.ForeignKeyConstraint(["unit_id"], ["organisation.id"], name=op.f("fk_sharing_score_unit_id_organisation")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_sharing_score_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_sharing_score_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_score")),
        sa.UniqueConstraint("year", "unit_id", name=op.f("uq_sharing_score_year_unit_id")),
    )
    op.create_index(op.f("ix_sharing_score_unit_id"), "sharing_score", ["unit_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sharing_score_unit_id"), table_name="sharing_score")
    op.drop_table("sharing_score")
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
