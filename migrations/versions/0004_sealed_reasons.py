"""Reasons that people type are sealed; a nurse has chairs of her own for a day.

The reasons of visits booked before stand in the record as well; there they stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('nurse_chair',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('center_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('chair_id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('organization_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id', 'center_id'], ['center.organization_id', 'center.id'], name=op.f('fk_nurse_chair_organization_id_center_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'chair_id'], ['chair.organization_id', 'chair.id'], name=op.f('fk_nurse_chair_organization_id_chair_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id', 'staff_id'], ['staff.organization_id', 'staff.id'], name=op.f('fk_nurse_chair_organization_id_staff_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_nurse_chair_organization_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nurse_chair')),
    sa.UniqueConstraint('chair_id', 'day', 'staff_id', name=op.f('uq_nurse_chair_chair_id_day_staff_id')),
    sa.UniqueConstraint('id', 'organization_id', name=op.f('uq_nurse_chair_id_organization_id'))
    )
    op.create_index('ix_nurse_chair_day', 'nurse_chair', ['center_id', 'day'], unique=False)
    op.add_column('appointment', sa.Column('override_reason_sealed', sa.LargeBinary(), nullable=True))
    op.drop_column('appointment', 'override_reason')
    op.add_column('audit', sa.Column('reason_sealed', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column('audit', 'reason_sealed')
    op.add_column('appointment', sa.Column('override_reason', sa.Text(), server_default='', nullable=False))
    op.drop_column('appointment', 'override_reason_sealed')
    op.drop_index('ix_nurse_chair_day', table_name='nurse_chair')
    op.drop_table('nurse_chair')
