"""Backups with proof, and the swap of a rollback with data, on database servers."""

import itertools
import json
import os
import sqlite3
import time

from measure import Command, in_turn
from row import Row, skip
from servers import SERVERS
from shop import Writer, database_shop

MEGABYTE = 1_000_000


def write_to_disk(path, megabytes):
    """Seconds that a plain sequential write takes until it is on disk."""
    block = os.urandom(MEGABYTE)
    began = time.perf_counter()
    with open(path, "wb", buffering=0) as file:
        for _ in range(megabytes):
            file.write(block)
        os.fsync(file.fileno())
    took = time.perf_counter() - began
    os.unlink(path)
    return took


class SQLite:
    """As the servers of servers.py, for a database that is a file."""

    title, tools = "SQLite", "sqlite3 .backup and back"

    def __init__(self, folder):
        self.folder = folder

    @staticmethod
    def missing():
        return None

    password = "unused"

    def definition(self):
        return {"engine": "sqlite", "file": "data/app.db"}

    @property
    def path(self):
        return (self.folder / ".deployctl/staging/shared/data/app.db").resolve()

    def fill(self, megabytes):
        with sqlite3.connect(self.path) as database:
            database.execute("CREATE TABLE ballast (id INTEGER PRIMARY KEY, content BLOB)")
            database.execute(
                "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
                " INSERT INTO ballast SELECT n, randomblob(1000) FROM number", (megabytes * 1000,))
        database.close()

    def there_and_back(self):
        copy, restored = self.folder / "copy.dump", self.folder / "restored.dump"
        copy.unlink(missing_ok=True)
        restored.unlink(missing_ok=True)
        return (
            Command("sqlite3", self.path, f".backup {copy}").seconds()
            + Command("sqlite3", copy, f".backup {restored}").seconds())

    def drop(self):
        pass


class Data:
    def __init__(self, deployctl, quick, large):
        self.deployctl, self.quick = deployctl, quick
        self.megabytes = 10 if quick else 1000 if large else 100
        self.runs = 3 if not large else 1
        self.swaps = (10, 60) if quick else (10, 1000 if large else 500)

    def rows(self):
        for kind in (SQLite, *SERVERS):
            reason = kind.missing()
            if reason:
                skip(f"backup and swap of {kind.title}", reason)
                continue
            yield from self.within(kind, self.backup)
            yield from self.within(kind, self.pending)
            if kind in SERVERS:
                for megabytes in self.swaps:
                    yield from self.within(kind, lambda shop, server: self.swap(shop, server, megabytes))

    def within(self, kind, measure):
        made = []

        def define(folder):
            made.append(kind(folder))
            return made[0].definition(), made[0].password

        shop = database_shop(self.deployctl, define)
        try:
            shop.tool("staging").seconds()
            yield from measure(shop, made[0])
        finally:
            made[0].drop()
            shop.remove()

    def backup(self, shop, server):
        server.fill(self.megabytes)
        parts = []

        def create():
            began = time.perf_counter()
            parts.append(shop.steps("backup", "create", "staging"))
            return time.perf_counter() - began

        took, least, disk = in_turn(
            [create, server.there_and_back, lambda: write_to_disk(shop.folder / "disk", self.megabytes)], self.runs)
        name = f"{server.title}: backup and proof, {self.megabytes} MB"
        speed = self.megabytes / took
        yield Row(name, speed, "MB/s", server.tools, self.megabytes / least)
        yield Row("  beside the disk", speed, "MB/s", "a sequential write, fsync", self.megabytes / disk)
        for title, part in (("Back up the database", "the backup"), ("Prove the backup by restoring it", "the proof")):
            taken = sorted(steps[title] for steps in parts[1:])
            yield Row(f"  of it {part}", self.megabytes / taken[len(taken) // 2], "MB/s")

    def pending(self, shop, server):
        """A deployment with a backup, of a commit with a migration and of one without, in turn."""
        path = shop.folder / "environments/staging.json"
        definition = json.loads(path.read_text())
        definition["backup"]["beforeDeploy"] = True
        path.write_text(json.dumps(definition))
        server.fill(self.megabytes)
        numbers = itertools.count(2)

        def deploy(migrates):
            number = next(numbers)
            if migrates:
                shop.write(
                    f"migrations/V{number:04}_more.sql",
                    f"CREATE TABLE more_{number} (id INT PRIMARY KEY);\nALTER TABLE item ADD COLUMN n{number} INT;\n")
            shop.write("note", f"{number}\n")
            shop.commit(f"Change {number}")
            return shop.tool("staging").seconds()

        without, took = in_turn([lambda: deploy(False), lambda: deploy(True)], self.runs)
        yield Row(f"{server.title}: a deployment with a backup, {self.megabytes} MB", without * 1000, "ms")
        yield Row(
            "  with a pending migration", took * 1000, "ms", "one without", without * 1000,
            aim=1.2 if self.megabytes >= 1000 else None, aim_on="ratio")

    def swap(self, shop, server, megabytes):
        server.fill(megabytes)
        shop.tool("backup", "create", "staging").seconds()
        writer = Writer(shop.port)
        steps = shop.steps("rollback", shop.last_backup(), "--data-only", "--environment", "staging")
        refused = writer.refused()
        swap = next(seconds for title, seconds in steps.items() if title.startswith("Swap the database"))
        yield Row(f"{server.title}: swap in a rollback, {megabytes} MB", swap * 1000, "ms")
        yield Row("  writes refused for", refused * 1000, "ms")
        restore = next(seconds for title, seconds in steps.items() if title.startswith("Restore backup"))
        yield Row("  restored and compared beside", megabytes / restore, "MB/s")
