"""Connections to DATABASE_URL that are kept between requests, and what this release needs to be there."""

import os
import queue
from contextlib import contextmanager

import psycopg
from psycopg.rows import dict_row

KEPT = 8
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
                os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row, connect_timeout=5,
                options="-c statement_timeout=10s -c lock_timeout=8s")
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


def missing(needed):
    """Those of `needed`, such as payments.key, that the database has not."""
    found = rows("SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'")
    return sorted(set(needed) - {row["name"] for row in found})
