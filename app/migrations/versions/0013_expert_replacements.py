"""experts who gave up their seats and who was drawn for them; one open main instance for each project."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.models.base
from app.migrations import append_only

revision = '0013'
down_revision = "0012"
branch_labels = None
depends_on = None

MAIN = "process_key = 'p00_lifecycle' AND status IN ('active','suspended')"


def upgrade() -> None:
    op.create_table('expert_replacement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('replaced_id', sa.Integer(), nullable=False),
    sa.Column('replacement_id', sa.Integer(), nullable=True),
    sa.Column('cause', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('candidates', app.models.base.Structure(), nullable=False),
    sa.Column('seed', sa.String(length=32), nullable=False),
    sa.Column('made_at', app.models.base.Moment(timezone=True), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.CheckConstraint("cause IN ('declared','conflict','overdue')", name=op.f('ck_expert_replacement_known_cause')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_expert_replacement_made_by_person')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_expert_replacement_project_id_project')),
    sa.ForeignKeyConstraint(['replaced_id'], ['person.id'], name=op.f('fk_expert_replacement_replaced_id_person')),
    sa.ForeignKeyConstraint(['replacement_id'], ['person.id'], name=op.f('fk_expert_replacement_replacement_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert_replacement'))
    )
    with op.batch_alter_table('expert_replacement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expert_replacement_project_id'), ['project_id'], unique=False)
    with op.batch_alter_table('process_instance', schema=None) as batch_op:
        batch_op.create_index('one_main_instance', ['project_id'], unique=True, sqlite_where=sa.text(MAIN), postgresql_where=sa.text(MAIN))
    for statement in append_only.triggers(op.get_bind().dialect.name, ("expert_replacement",)):
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table('process_instance', schema=None) as batch_op:
        batch_op.drop_index('one_main_instance', sqlite_where=sa.text(MAIN), postgresql_where=sa.text(MAIN))
    with op.batch_alter_table('expert_replacement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_expert_replacement_project_id'))
    op.drop_table('expert_replacement')
