"""substitutes, what they did for whom, tasks put off, and what was said about projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.models.base
from app.migrations import append_only

revision = '0010'
down_revision = "0009"
branch_labels = None
depends_on = None

HISTORY = ("acted_for", "remark")
"""Who acted for whom and what was said stays as it was written."""


def upgrade() -> None:
    op.create_table('substitution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('substitute_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('appointed_by', sa.Integer(), nullable=False),
    sa.Column('appointed_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.Column('revoked_by', sa.Integer(), nullable=True),
    sa.Column('revoked_at', app.models.base.Moment(timezone=True), nullable=True),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_substitution_ends_after_it_starts')),
    sa.CheckConstraint('person_id <> substitute_id', name=op.f('ck_substitution_by_somebody_else')),
    sa.ForeignKeyConstraint(['appointed_by'], ['person.id'], name=op.f('fk_substitution_appointed_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_substitution_person_id_person')),
    sa.ForeignKeyConstraint(['revoked_by'], ['person.id'], name=op.f('fk_substitution_revoked_by_person')),
    sa.ForeignKeyConstraint(['substitute_id'], ['person.id'], name=op.f('fk_substitution_substitute_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_substitution'))
    )
    with op.batch_alter_table('substitution', schema=None) as batch_op:
        batch_op.create_index('ix_substitution_person', ['person_id', 'ends_on'], unique=False)
        batch_op.create_index('ix_substitution_substitute', ['substitute_id', 'ends_on'], unique=False)

    op.create_table('acted_for',
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_acted_for_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_acted_for_person_id_person')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_acted_for_task_id_user_task')),
    sa.PrimaryKeyConstraint('task_id', name=op.f('pk_acted_for'))
    )
    with op.batch_alter_table('acted_for', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_acted_for_person_id'), ['person_id'], unique=False)

    op.create_table('put_off',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_put_off_person_id_person')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_put_off_task_id_user_task')),
    sa.PrimaryKeyConstraint('person_id', 'task_id', name=op.f('pk_put_off'))
    )
    op.create_table('remark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('told', app.models.base.Structure(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', app.models.base.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_remark_by_id_person')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_remark_project_id_project')),
    sa.ForeignKeyConstraint(['task_id'], ['user_task.id'], name=op.f('fk_remark_task_id_user_task')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remark'))
    )
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.create_index('ix_remark_project', ['project_id', 'id'], unique=False)

    for statement in append_only.triggers(op.get_bind().dialect.name, HISTORY):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('remark')
    op.drop_table('put_off')
    op.drop_table('acted_for')
    op.drop_table('substitution')
