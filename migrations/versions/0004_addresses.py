"""addresses: who of a list takes part, and what everyone may know of it"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("panel_draw", sa.Column("published", sa.Text(), nullable=True))
    op.add_column("panel_upload", sa.Column("choice", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
