"""Connections to DATABASE_URL that are kept between requests, and what this release needs to be there."""

import os
import queue
from contextlib import contextmanager

import psycopg
from psycopg.rows import dict_row

from services.web import Refused

KEPT = 4
idle = queue.LifoQueue(KEPT)


@contextmanager
def transaction():
    """Commits at the end, takes back when anything fails."""
    connection = take()
    try:
        with connection.transaction():
            yield connection
    finally:
        give_back(connection)


def take():
    # A restored database is another one under the same name: connections of before have ended by then.
    while True:
        try:
            connection = idle.get_nowait()
        except queue.Empty:
            connection = psycopg.connect(
                os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row, connect_timeout=5)
            # A plan that is kept fails as soon as the next release's migration changes the table.
            connection.prepare_threshold = None
            return connection
        try:
            connection.execute("SELECT 1")
            return connection
        except psycopg.Error:
            connection.close()


def give_back(connection):
    if not connection.closed:
        try:
            return idle.put_nowait(connection)
        except queue.Full:
            pass
    connection.close()


def rows(sql, *values):
    with transaction() as connection:
        return connection.execute(sql, values).fetchall()


def health(needed):
    """`needed`: columns of a schema's tables without which this release must not serve, such as auth.users.name."""
    found = rows(
        "SELECT table_schema || '.' || table_name || '.' || column_name AS name FROM information_schema.columns"
        " WHERE table_schema = ANY(%s)", list({name.partition(".")[0] for name in needed}))
    if missing := sorted(set(needed) - {row["name"] for row in found}):
        raise Refused(503, "the database lacks " + ", ".join(missing))
    return {"ok": True, "release": os.environ.get("DEPLOYCTL_RELEASE"), "environment": os.environ.get("DEPLOYCTL_ENVIRONMENT")}
