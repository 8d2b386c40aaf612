"""The measurements, each against the least a person could do by hand."""

import itertools
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

from containers import Containers
from data import Data
from measure import Command, in_turn, own_use, read, seconds_on_disk
from row import Row
from scale import Scale
from way import Way

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "environments" / "quickstart" / "demo"))

from world import World  # noqa: E402

MEGABYTE = 1_000_000
PARTS = ("tool", "scale", "data", "compose", "way")


class Bench:
    def __init__(self, deployctl, quick, traces, large=False):
        self.deployctl, self.quick, self.traces, self.large = deployctl, quick, traces, large
        self.runs = 15 if not quick else 5
        self.deployments = 15 if not quick else 3
        self.copies = 5 if not quick else 3
        self.world = World()
        # A version manager's stand-in for python3 would be measured instead of python3.
        interpreter = os.path.dirname(os.path.realpath(sys.executable))
        self.world.environment["PATH"] = f"{interpreter}:{os.environ['PATH']}"
        self.commits = itertools.count(1)

    def rows(self, parts=PARTS):
        if "tool" in parts:
            yield from self.tool_rows()
        if "scale" in parts:
            yield from Scale(self.deployctl, self.quick).rows()
        if "data" in parts:
            yield from Data(self.deployctl, self.quick, self.large).rows()
        if "compose" in parts:
            yield from Containers(self.deployctl, self.quick).rows()
        if "way" in parts:
            yield from Way(self.deployctl, self.quick).rows()

    def tool_rows(self):
        yield from self.start_up()
        self.furnish()
        yield from self.status()
        yield from self.gates()
        yield from self.nothing_to_do()
        yield from self.deploy()
        yield from self.promotion()
        yield from self.backup()

    # Preparation

    def furnish(self):
        self.world.furnish()
        for name in ("staging", "production"):
            self.world.edit(f"environments/{name}.json", lambda text: text.replace("{", '{\n  "watch": "0s",', 1))
        self.world.commit("Deploy without a watch")
        self.tool("staging").seconds()
        self.promote().seconds()

    def tool(self, *words):
        return Command(self.deployctl, *words, folder=self.world.folder, variables=self.world.environment)

    def promote(self):
        return self.tool("production", "--confirm", "CONFIRM")

    def next_commit(self):
        self.world.edit("app/public/index.html", lambda text: f"{text}<!-- {next(self.commits)} -->\n")
        self.world.commit("Change the page")

    def deploy_next_commit(self, measure=Command.seconds):
        self.next_commit()
        return measure(self.tool("staging"))

    # (a) and the memory of the smallest command

    def start_up(self):
        empty = build_empty_program()
        version = Command(self.deployctl, "version")
        took, least = in_turn([version.seconds, Command(empty).seconds], 4 * self.runs)
        yield Row("start-up: version", took * 1000, "ms", "an empty static Swift program", least * 1000, 1.5, "ratio")
        yield from self.memory("memory: version", version)

    def memory(self, name, command):
        if self.traces:
            yield Row(name, own_use(command)[1] / 1024 / 1024, "MiB", aim=25)

    # (b)

    def status(self):
        # What it asks by HTTP takes no program.
        lines = self.probes("status", "curl", "git")
        status = self.tool("status", "--json")

        def probe_one_by_one():
            return sum(Command(*line, folder=self.world.folder, variables=self.world.environment).seconds() for line in lines)

        took, sum_of_probes = in_turn([status.seconds, probe_one_by_one], self.runs)
        yield Row(
            "status of both environments", took * 1000, "ms", f"its {len(lines)} programs, one after the other",
            sum_of_probes * 1000, 1.0, "ratio")

    def gates(self):
        lines = self.probes("gates", "curl", "git")
        probes = [Command(*line, folder=self.world.folder, variables=self.world.environment) for line in lines]
        took, *alone = in_turn([self.tool("gates").seconds, *(probe.seconds for probe in probes)], 3 * self.runs)
        slowest = max(alone)
        yield Row("gates", took * 1000, "ms", f"the slowest of its {len(lines)} probes, alone", slowest * 1000)
        yield Row("  beyond that probe", (took - slowest) * 1000, "ms", aim=20)

    def probes(self, verb, *programs):
        """The command lines of one run, taken down by stand-ins that write them first."""
        folder = self.world.folder / ".git" / "bench"
        shims, record = folder / verb, folder / f"{verb}.lines"
        shims.mkdir(parents=True)
        for program in programs:
            shim = shims / program
            shim.write_text(
                f"#!/bin/bash\n(IFS=$'\\x1f'; set -- {program} \"$@\"; echo \"$*\" >>{record})\n"
                f"exec {shutil.which(program)} \"$@\"\n")
            shim.chmod(0o755)
        variables = dict(self.world.environment, PATH=f"{shims}:{self.world.environment['PATH']}")
        Command(self.deployctl, verb, "--json", folder=self.world.folder, variables=variables).seconds()
        return [line.split("\x1f") for line in record.read_text().splitlines()] if record.exists() else []

    # (c)

    def nothing_to_do(self):
        staging = self.tool("staging")
        took, = in_turn([staging.seconds], self.runs)
        yield Row("staging with nothing to do", took * 1000, "ms", aim=100)
        yield from self.memory("memory: staging with nothing to do", staging)

    # (d)

    def deploy(self):
        script = Script(self.world)
        took, by_script = in_turn(
            [lambda: self.deploy_next_commit(), script.command.seconds], self.deployments)
        script.stop()
        yield Row(
            "a staging deployment, watch of 0 s", took * 1000, "ms", "deploy.sh, the same steps", by_script * 1000)
        yield from self.own("a staging deployment", self.deploy_next_commit)

    def promotion(self):
        def promote(measure):
            self.deploy_next_commit()
            return measure(self.promote())

        took, = in_turn([lambda: promote(Command.seconds)], self.copies)
        yield Row("a promotion: backup, proof, rehearsal", took * 1000, "ms")
        yield from self.own("a promotion", promote)

    def own(self, name, deploy):
        if not self.traces:
            return
        processor, disk = in_turn([lambda: deploy(own_use)[0], lambda: deploy(seconds_on_disk)], self.copies)
        yield Row(f"own time of {name}", (processor + disk) * 1000, "ms", aim=50)
        yield Row("  of it processor", processor * 1000, "ms")
        yield Row("  of it waiting for the disk", disk * 1000, "ms")
        yield Row(f"memory: {name}", deploy(own_use)[1] / 1024 / 1024, "MiB", aim=25)

    # (f)

    def backup(self):
        data = (self.world.folder / ".deployctl/production/shared/data/app.db").resolve()
        megabytes = fill(data)
        scratch = self.world.folder / ".git" / "bench"

        def by_sqlite():
            copy, restored = scratch / "copy.db", scratch / "restored.db"
            copy.unlink(missing_ok=True)
            restored.unlink(missing_ok=True)
            return (
                Command("sqlite3", data, f".backup {copy}").seconds()
                + Command("sqlite3", copy, f".backup {restored}").seconds())

        create = self.tool("backup", "create", "production")
        took, least = in_turn([create.seconds, by_sqlite], self.copies)
        yield Row(
            f"backup and proof, {megabytes:.0f} MB", megabytes / took, "MB/s",
            "sqlite3 .backup and back", megabytes / least)
        yield from self.memory("memory: backup and proof", create)
        yield from self.checksum(megabytes, scratch / "copy.db")

    def checksum(self, megabytes, payload):
        self.world.replace("environments/production.json", '"verify": "restore"', '"verify": "checksum"')
        # A definition counts from its deployment on.
        self.deploy_next_commit()
        self.promote().seconds()

        def step():
            create = self.tool("backup", "create", "production", "--progress", "json", "--json")
            return proof_seconds(create)

        took, least = in_turn([step, Command("sha256sum", payload).seconds], self.copies)
        yield Row(
            "SHA-256", megabytes / took, "MB/s", "sha256sum", megabytes / least)

    def clean_up(self):
        self.world.end_processes()
        self.world.remove()


class Script:
    """deploy.sh and the folder it deploys into."""

    def __init__(self, world):
        self.world = world
        self.root = world.folder / ".git" / "script"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.command = Command(
            ROOT / "Tests/Bench/deploy.sh", world.folder, self.root, port, variables=world.environment)

    def stop(self):
        for record in [*self.root.glob("run/*/nginx.pid"), *self.root.glob("run/*/app.pid"), self.root / "edge/nginx.pid"]:
            if "current" not in record.parts:
                os.kill(int(read(record)), 15)


def build_empty_program():
    folder = ROOT / ".build" / "bench"
    source, program = folder / "empty.swift", folder / "empty"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        source.write_text('print("1")\n')
        subprocess.run(["swiftc", "-O", "-static-stdlib", source, "-o", program], check=True)
        subprocess.run(["strip", program], check=True)
    return program


def fill(path):
    """Grows the database to about 100 MB of rows that do not compress; says how large it is."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE ballast (id INTEGER PRIMARY KEY, content BLOB)")
        database.execute(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 24000)"
            " INSERT INTO ballast SELECT n, randomblob(4000) FROM number")
    database.close()
    return path.stat().st_size / MEGABYTE


def proof_seconds(create):
    result = subprocess.run(
        create.words, cwd=create.folder, env=create.variables, stdin=subprocess.DEVNULL,
        capture_output=True, check=True, text=True)
    for line in result.stderr.splitlines():
        event = json.loads(line)
        if event.get("event") == "finished" and "checksum" in event.get("title", ""):
            return event["seconds"]
    raise SystemExit(f"bench: no step compares a checksum:\n{result.stderr}")
