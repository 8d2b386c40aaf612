"""What grows: deployments on record, services, other people's processes, files of a release, bytes of a log."""

import json
import os
import shutil
import sqlite3
import subprocess
import time

from measure import Command, can_trace, in_turn, own_use
from row import Row
from script import Script
from shop import ON_SOCKET, Shop

# As many deployments as a project has after some weeks.
FEW = 100
SERVICES, NEIGHBOURS, FILES = 50, 5_000, 20_000
# How many services wait for one another, and for how many seconds each does nothing before it answers.
LENGTH, BOOT = 5, 2
MEGABYTE = 1_000_000


class Scale:
    def __init__(self, deployctl, quick):
        self.deployctl, self.quick, self.runs = deployctl, quick, 5 if quick else 11
        self.many = 100_000 if quick else 1_000_000
        self.artefact, self.log = (100, 200) if quick else (1000, 2000)

    def rows(self):
        for part in (self.records, self.services, self.chains, self.neighbours, self.files, self.bytes, self.lines):
            shop = Shop(self.deployctl)
            try:
                yield from part(shop)
            finally:
                shop.remove()

    # Deployments on record

    def records(self, shop):
        furnish(shop)
        shop.tool("staging").seconds()
        state = shop.folder / ".deployctl" / "state.db"
        lines = [("history", "staging"), ("status",), ("staging",)]
        fill(state, FEW)
        few = in_turn([shop.tool(*line).seconds for line in lines], self.runs)
        fill(state, self.many)
        many = in_turn([shop.tool(*line).seconds for line in lines], self.runs)
        for line, one, other in zip(lines, few, many):
            name = "staging with nothing to do" if line == ("staging",) else line[0]
            yield Row(
                f"{name}, {self.many:,} deployments on record", other * 1000, "ms", f"with {FEW} on record", one * 1000, 1.2,
                "ratio")

    # Services

    def services(self, shop):
        names = [f"s{number:02}" for number in range(SERVICES)]
        furnish(shop, names)
        shop.tool("staging").seconds()
        script = Script(shop, names)

        def deploy():
            change(shop)
            return shop.tool("staging").seconds()

        took, by_script = in_turn([deploy, script.deploy], 3)
        yield Row(
            f"a deployment of {SERVICES} services", took, "s", "a script that starts and asks them", by_script, 1.3, "ratio")
        status, = in_turn([shop.tool("status").seconds], self.runs)
        yield Row(f"status of {SERVICES} services", status * 1000, "ms", aim=300)
        stop, by_script = shop.tool("stop", "staging").seconds(), script.stop()
        yield Row(f"stop of {SERVICES} services", stop, "s", "the slowest, by the script", by_script)
        yield Row("  longer than that", stop - by_script, "s", aim=1)

    # Services that wait for one another

    def chains(self, shop):
        """Each waits for the one before it in its chain; none is slower than another."""
        names = [f"s{number:02}" for number in range(SERVICES)]
        furnish(shop, names, after={name: names[at - 1] for at, name in enumerate(names) if at % LENGTH})
        shop.write("app/server.py", f"import time\ntime.sleep({BOOT})\n{ON_SOCKET}")
        shop.commit("Take long to begin")
        shop.tool("staging").seconds()
        script = Script(shop, names[:LENGTH])

        def start():
            shop.tool("stop", "staging").seconds()
            return shop.tool("start", "staging").seconds()

        took, alone = in_turn([start, script.chain], 3)
        script.end()
        yield Row(
            f"start of {SERVICES} services in chains of {LENGTH}, {BOOT} s each", took, "s", "a script that starts one chain alone",
            alone, 1.2, "ratio")

    # Processes of others

    def neighbours(self, shop):
        furnish(shop)
        shop.tool("staging").seconds()
        if not can_trace():
            return

        def own():
            change(shop)
            return own_use(shop.tool("staging"))[0]

        alone, = in_turn([own], 5)
        script = f"for n in $(seq {NEIGHBOURS}); do sleep 600 & done; echo; wait"
        others = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, start_new_session=True)
        try:
            others.stdout.readline()
            beside, = in_turn([own], 5)
        finally:
            os.killpg(others.pid, 9)
            others.wait()
        yield Row(
            f"processor time of a deployment beside {NEIGHBOURS:,} processes", beside * 1000, "ms", "without them",
            alone * 1000, 1.1, "ratio")

    # Files of a release

    def files(self, shop):
        furnish(shop, keepReleases=20)
        for number in range(FILES):
            shop.write(f"assets/{number // 200}/{number}.txt", f"{number}\n" * 300)
        shop.commit("Bring many files")
        releases, place = shop.folder / ".deployctl" / "staging" / "releases", shop.folder / ".git" / "unpacked"

        def deploy():
            change(shop)
            return shop.tool("staging").seconds()

        def on_disk():
            return len([path for path in releases.iterdir() if path.is_dir()])

        # One serves, one served last, and one waits; each further one is one more that waits.
        for _ in range(3):
            deploy()
        before, known = used(releases), on_disk()

        def unpack():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            line = f"git archive HEAD | tar -x -C {place} && sync -f {place}"
            return shop.command("bash", "-c", line).seconds()

        took, least = in_turn([deploy, unpack], 3)
        yield Row(
            f"a deployment, one of {FILES:,} files changed", took, "s", "git archive, tar, sync", least, 1.5, "ratio")
        yield Row(
            "  disk for each further release that is kept", (used(releases) - before) / (on_disk() - known) / MEGABYTE, "MB", "its tree",
            used(place) / MEGABYTE, 0.05, "ratio")

    # Bytes of a release

    def bytes(self, shop):
        furnish(shop, production=True)
        file = shop.folder / "assets" / "large"
        file.parent.mkdir()
        with open("/dev/urandom", "rb") as random, open(file, "wb") as out:
            for _ in range(self.artefact):
                out.write(random.read(MEGABYTE))
        shop.commit("Bring a large file")
        shop.tool("staging").seconds()
        began = time.perf_counter()
        shop.tool("production", "--confirm", "CONFIRM").seconds()
        took = time.perf_counter() - began
        by_hand, = in_turn([Command("sha256sum", file).seconds], 3)
        yield Row(
            f"a promotion of {self.artefact} MB", took, "s", "3 s and sha256sum", 3 + by_hand, 1.0, "ratio")
        status, = in_turn([shop.tool("status").seconds], self.runs)
        file.unlink()
        shop.commit("Leave it out")
        shop.tool("staging").seconds()
        small, = in_turn([shop.tool("status").seconds], self.runs)
        yield Row(
            f"status, {self.artefact} MB in staging", status * 1000, "ms", "without them", small * 1000, 1.2, "ratio")

    # Lines of a log

    def lines(self, shop):
        furnish(shop, production=True)
        shop.tool("staging").seconds()
        gates = shop.tool("gates")
        without, = in_turn([lambda: seconds_whatever(gates)], 3)
        log = next((shop.folder / "logs").rglob("web.log"))
        line = b"2026-11-30T00:00:00Z request answered with 200, nothing to complain about here\n"
        with open(log, "ab") as out:
            for _ in range(self.log):
                out.write(line * (MEGABYTE // len(line)))
        counted, = in_turn([lambda: seconds_whatever(Command("grep", "-c", "FORBIDDEN", log))], 3)
        first = seconds_whatever(gates) - without
        yield Row(f"gates: {self.log} MB of log", first, "s", "grep -c", counted, 2.0, "ratio")
        if can_trace():
            with open(log, "ab") as out:
                for _ in range(self.log):
                    out.write(line * (MEGABYTE // len(line)))
            yield Row("  memory", own_use(gates)[1] / 1024 / 1024, "MiB", aim=30)


def furnish(shop, names=("web",), production=False, after=(), **more):
    shop.write("app/server.py", ON_SOCKET)
    shop.write("app/version", "0\n")
    service = {
        "role": "app", "command": ["python3", "-IS", "app/server.py"], "listen": "socket",
        "health": {"path": "/", "timeout": "60s"}}
    base = {
        "project": "bench", "watch": "0s", "drain": "2s", **more,
        "services": {**{name: service | ({"after": [after[name]]} if name in after else {}) for name in names}, "front": {"role": "edge", "routes": {"/": names[0]}}}}
    shop.write("environments/staging.json", json.dumps({**base, "logs": "logs/staging", "ports": {"http": shop.port}}))
    if production:
        port = shop.port + 1
        shop.write("environments/production.json", json.dumps({
            **base, "logs": "logs/production", "ports": {"http": port},
            "promotion": {"from": "staging", "logs": {"forbid": ["FORBIDDEN"]}}, "confirmation": {"phrase": "CONFIRM"}}))
    shop.commit()


def change(shop):
    file = shop.folder / "app" / "version"
    file.write_text(f"{int(file.read_text()) + 1}\n")
    shop.commit("Change a file")


def used(folder):
    return int(Command("du", "-s", "--block-size=1", folder).output().split()[0])


def seconds_whatever(command):
    """grep ends with 1 where it finds nothing, and gates may refuse."""
    began = time.perf_counter()
    subprocess.run(
        command.words, cwd=command.folder, env=command.variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def fill(path, count):
    """Puts so many deployments with their plans and steps before the last one, as that one was, each of a release of its own."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA synchronous = OFF")
        sequence, last = database.execute("SELECT sequence, timestamp FROM deployment ORDER BY sequence DESC LIMIT 1").fetchone()
        database.execute("UPDATE deployment SET sequence = ? WHERE sequence = ?", (sequence + count + 1, sequence))
        older = "strftime('%Y%m%d%H%M%S', 946684800 + ?1 + n, 'unixepoch')"
        numbers = "WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < ?2 - 1)"
        known = database.execute("SELECT count(*) FROM deployment").fetchone()[0]
        database.execute(
            f"{numbers} INSERT INTO deployment (sequence, timestamp, environment, kind, release, commit_id, outcome, performer,"
            f" trigger, plan_id, plan, started_at, finished_at) SELECT {sequence} + n, {older}, environment, kind, {older},"
            " commit_id, outcome, performer, trigger, plan_id, plan, 946684800 + ?1 + n, 946684801 + ?1 + n"
            " FROM number, deployment WHERE timestamp = ?3", (known, count, last))
        database.execute(
            f"{numbers} INSERT INTO step_record (deployment, position, step, title, state, note, started_at, finished_at)"
            f" SELECT {older}, position, step, title, state, note, started_at, finished_at"
            " FROM number, step_record WHERE deployment = ?3", (known, count, last))
        database.execute("UPDATE event SET routed = 1, over_at = at")
    database.close()
