import contextlib, os, sqlite3


def ask(sql, *values):
    path = os.environ["DATABASE_URL"].removeprefix("sqlite://")
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as database, database:
        return [row[0] for row in database.execute(sql, values)]
