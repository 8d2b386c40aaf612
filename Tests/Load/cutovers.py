#!/usr/bin/env python3
"""Moves traffic between releases many times under clients that never try twice; prints one line of JSON.

    cutovers.py PATH_TO_DEPLOYCTL --cutovers 200 --keeping 64 --fresh 64

Each second cutover is a deployment of a new commit to staging, the others are restarts. Half of the
clients keep their connection, half open one for each request; two more write.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "environments" / "quickstart" / "demo"))

from load import Load  # noqa: E402
from world import World  # noqa: E402


class Answers:
    """Who answered what was asked after each cutover."""

    def __init__(self, tally):
        self.all, self.cutovers = [], []
        count = tally.good

        def good(began, release=None, write=False):
            if release is not None:
                self.all.append((began, release))
            count(began, release, write)

        tally.good = good

    def served(self, release):
        ended = time.monotonic()
        self.cutovers.append((ended, release()))

    def stale(self):
        """How many were asked after a cutover had ended and answered by a release from before it."""
        order = {release: number for number, (_, release) in reversed(list(enumerate(self.cutovers)))}
        return sum(
            any(began > ended and order.get(answered, -1) < order[release] for ended, release in self.cutovers)
            for began, answered in self.all)


class Cutovers:
    def __init__(self, deployctl):
        self.deployctl = os.path.abspath(deployctl)
        self.world = World()
        self.world.furnish()
        self.world.edit("environments/staging.json", lambda text: text.replace("{", '{\n  "watch": "0s",', 1))
        self.world.commit("Deploy without a watch")

    def tool(self, *words):
        result = subprocess.run(
            [self.deployctl, *words], cwd=self.world.folder, env=self.world.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"deployctl {' '.join(words)} exits {result.returncode}:\n{result.stderr}")
        return result.stdout

    def move(self, number):
        if number % 2:
            return self.tool("restart", "staging")
        self.world.edit("app/public/index.html", lambda text: f"{text}<!-- {number} -->\n")
        self.world.commit(f"Change the page, {number}")
        return self.tool("staging")

    def run(self, count, keeping, fresh, pause):
        self.tool("staging")
        url = f"http://127.0.0.1:{self.world.ports['staging']}"
        load = Load(url, writes=True, keeping=keeping, fresh=fresh, pause=pause)
        answers = Answers(load.tally)
        load.start()
        while load.tally.summary()["requests"] < keeping + fresh:
            time.sleep(0.01)
        began = time.monotonic()
        for number in range(1, count + 1):
            self.move(number)
            answers.served(self.release)
        took = time.monotonic() - began
        summary = load.stop()
        moved = json.loads(self.tool("history", "staging", "--json", "--limit", str(count + 10)))["deployments"]
        succeeded = sum(deployment["outcome"] == "succeeded" for deployment in moved) - 1
        return {
            **summary, "releases": len(summary["releases"]), "cutovers": succeeded, "stale": answers.stale(),
            "seconds_per_cutover": round(took / count, 3), "clients": keeping + fresh + 2,
        }

    def release(self):
        return json.loads(self.tool("history", "staging", "--json", "--limit", "1"))["deployments"][0]["release"]

    def clean_up(self):
        self.world.end_processes()
        self.world.remove()


def main():
    parser = argparse.ArgumentParser(description="Cut traffic over again and again under load.")
    parser.add_argument("deployctl")
    parser.add_argument("--cutovers", type=int, default=200)
    parser.add_argument("--keeping", type=int, default=64, help="clients that keep their connection")
    parser.add_argument("--fresh", type=int, default=64, help="clients with a new connection each time")
    parser.add_argument("--pause-ms", type=float, default=250, help="pause of each client (default 250)")
    options = parser.parse_args()
    cutovers = Cutovers(options.deployctl)
    try:
        summary = cutovers.run(options.cutovers, options.keeping, options.fresh, options.pause_ms / 1000)
        print(json.dumps(summary))
    finally:
        cutovers.clean_up()


if __name__ == "__main__":
    main()
