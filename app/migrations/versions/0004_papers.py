"""signed papers, their marks, and the word templates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.models.base
from app.migrations import append_only

revision = '0004'
down_revision = "0001"
branch_labels = None
depends_on = None

HISTORY = ('paper', 'paper_mark', 'paper_template', 'paper_template_verdict')


def upgrade() -> None:
    moment = app.models.base.Moment(timezone=True)
    op.create_table('paper_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('source', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('shipped', sa.Boolean(), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', moment, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['person.id'], name=op.f('fk_paper_template_uploaded_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_template')),
    sa.UniqueConstraint('kind', 'version', name=op.f('uq_paper_template_kind_version'))
    )
    op.create_table('paper_template_verdict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', moment, nullable=False),
    sa.CheckConstraint("verdict IN ('released','refused')", name=op.f('ck_paper_template_verdict_known_verdict')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_paper_template_verdict_by_id_person')),
    sa.ForeignKeyConstraint(['template_id'], ['paper_template.id'], name=op.f('fk_paper_template_verdict_template_id_paper_template')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_template_verdict')),
    sa.UniqueConstraint('template_id', name=op.f('uq_paper_template_verdict_template_id'))
    )
    op.create_table('paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('fy', sa.Integer(), nullable=False),
    sa.Column('content', app.models.base.Structure(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=True),
    sa.Column('signed_by_id', sa.Integer(), nullable=True),
    sa.Column('signed_at', moment, nullable=False),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_paper_revision_counts_from_one')),
    sa.CheckConstraint("revision = 1 OR (supersedes_id IS NOT NULL AND note <> '')", name=op.f('ck_paper_reissue_says_why')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_paper_project_id_project')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['person.id'], name=op.f('fk_paper_signed_by_id_person')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['paper.id'], name=op.f('fk_paper_supersedes_id_paper')),
    sa.ForeignKeyConstraint(['template_id'], ['paper_template.id'], name=op.f('fk_paper_template_id_paper_template')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('kind', 'source', 'source_id', 'revision', name=op.f('uq_paper_kind_source_source_id_revision')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_paper_supersedes_id'))
    )
    with op.batch_alter_table('paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_project_id'), ['project_id'], unique=False)
        batch_op.create_index('ix_paper_number', ['number'], unique=False)
        batch_op.create_index('ix_paper_signed', ['signed_at', 'id'], unique=False)
    op.create_table('paper_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', moment, nullable=False),
    sa.CheckConstraint("act IN ('void_asked','void','void_refused')", name=op.f('ck_paper_mark_known_act')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_paper_mark_by_id_person')),
    sa.ForeignKeyConstraint(['paper_id'], ['paper.id'], name=op.f('fk_paper_mark_paper_id_paper')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_mark'))
    )
    with op.batch_alter_table('paper_mark', schema=None) as batch_op:
        batch_op.create_index('ix_paper_mark_paper', ['paper_id', 'id'], unique=False)
    for statement in append_only.triggers(op.get_bind().dialect.name, HISTORY):
        op.execute(statement)


def downgrade() -> None:
    for table in ('paper_mark', 'paper', 'paper_template_verdict', 'paper_template'):
        op.drop_table(table)
