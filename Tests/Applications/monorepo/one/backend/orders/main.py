import contextlib, os, pathlib, sqlite3, sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from service import serve
from version import VERSION


def ask(sql, *values):
    path = os.environ["DATABASE_URL"].removeprefix("sqlite://")
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as database, database:
        return [row[0] for row in database.execute(sql, values)]


def answer(method, path, body):
    if path != "/items":
        return 200, VERSION + "\n"
    if method == "POST":
        ask("INSERT INTO orders (text) VALUES (?)", body)
        return 201, ""
    return 200, "".join(f"{text}\n" for text in ask("SELECT text FROM orders ORDER BY id"))


serve(answer)
