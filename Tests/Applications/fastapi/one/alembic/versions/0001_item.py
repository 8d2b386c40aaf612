from alembic import op
import sqlalchemy as sa

revision, down_revision = "0001", None


def upgrade():
    op.create_table(
        "item", sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.String, nullable=False))
