from alembic import op
import sqlalchemy as sa

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("item", sa.Column("author", sa.String))
