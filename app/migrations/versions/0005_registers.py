"""kept filters of registers, and workbooks that were checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = '0005'
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('register_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('register', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('query', sa.String(length=400), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('created_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_register_view_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_register_view_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_view')),
    sa.UniqueConstraint('person_id', 'register', 'name', name=op.f('uq_register_view_person_id_register_name'))
    )
    with op.batch_alter_table('register_view', schema=None) as batch_op:
        batch_op.create_index('ix_register_view_register', ['register', 'organisation_id'], unique=False)

    op.create_table('workbook_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('checked_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.Column('report', app.models.base.Structure(), nullable=False),
    sa.Column('rows', app.models.base.Structure(), nullable=False),
    sa.Column('taken_at', app.models.base.Moment(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('plan','systems')", name=op.f('ck_workbook_check_known_kind')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_workbook_check_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workbook_check'))
    )
    with op.batch_alter_table('workbook_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workbook_check_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('workbook_check')
    op.drop_table('register_view')
