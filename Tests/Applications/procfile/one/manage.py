import sys

from store import ask

if sys.argv[1] == "prepare":
    ask("CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY, text TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)")
if sys.argv[1] == "count":
    print(ask("SELECT count(*) FROM job")[0])
