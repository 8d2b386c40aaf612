#!/usr/bin/env python3
"""Each example on a machine of its own, through an orderly reboot and a power cut, and says in a table what became of it.

    Tests/Examples/rebooted.py PATH_TO_DEPLOYCTL [NAME ...]

DEPLOYCTL_TEST_SERVER names the program that makes such a machine. It is made ready over ssh, staging and production are
deployed, and traffic writes. Then the machine goes down and comes back, and nobody types a command: within BOUND seconds
both environments serve the same releases by their fronts, every acknowledged write is there once, status is well, and
the next release gets through. Exit code 1 where anything of that is not so. EXAMPLES_KEEP=1 keeps folders and machines.
"""

import http.client
import sys
import time

sys.dont_write_bytecode = True

from claims import eventually, expect  # noqa: E402
from far import FarProject  # noqa: E402
from project import Project  # noqa: E402
from story import Story  # noqa: E402
from telling import Teller  # noqa: E402
from traffic import Ask  # noqa: E402

NAMES = ["go2asia", "box4kids", "tenants", "delivery", "wms"]
# Seconds from when the machine was told to go down, or went.
BOUND = 90
# How long traffic writes before and after each.
WRITING = 8
FEWEST = 20


class Rebooted(Story):
    # Over ssh a commit goes nowhere by itself.
    has_hook = False

    def __init__(self, example, project):
        super().__init__(example, project, is_quick=True)
        self.waits = {"reboot": "-", "power-cut": "-"}

    def tell(self):
        self.prepare()
        self.deploy()
        self.promote()
        self.begin_traffic()
        for how, patch in zip(self.waits, sorted((self.project.source / "releases").glob("*.patch"))):
            self.write()
            self.restart(how)
            self.write()
            self.say(patch.stem)
            self.project.apply(patch)
            self.deploy()
            self.promote()
        self.write()
        self.look()
        self.stop_traffic()
        self.own("settle", self.project)
        self.compare("at the end")

    def write(self):
        before, ends = self.acknowledged(), time.monotonic() + WRITING
        eventually(lambda: time.monotonic() > ends and self.acknowledged() - before >= FEWEST, seconds=60)

    def acknowledged(self):
        return len(self.traffic["production"].model.acknowledged)

    def restart(self, how):
        """The machine comes back, and nobody types anything before it serves what was promised."""
        self.expect_model()
        for traffic in self.traffic.values():
            traffic.rest()
        releases, stored = self.serving(), self.stored()
        self.say(f"{how} after {self.acknowledged()} writes")
        began = time.monotonic()
        self.project.machine.call(how)
        while (found := self.seen()) != releases and time.monotonic() - began < BOUND:
            time.sleep(0.1)
        expect(found == releases, f"the same releases serve within {BOUND} s of the {how}", found)
        self.waits[how] = f"{time.monotonic() - began:.1f} s"
        self.say(f"serves again after {self.waits[how]}")
        found = self.stored()
        gone = {mark for mark, count in stored.items() if found.get(mark) != count}
        expect(not gone, "every row from before is there as often as before", sorted(gone)[:5])
        for traffic in self.traffic.values():
            traffic.go_on()
        self.own("after_power", self.project)
        self.expect_model()
        eventually(lambda: self.project.attempt("status").returncode == 0, seconds=BOUND - (time.monotonic() - began))
        self.say(f"all is well after {time.monotonic() - began:.1f} s")
        expect(self.serving() == releases, "the same releases serve", releases)

    def expect_model(self):
        self.differences = self.settled_differences(self.traffic["production"].model)
        self.expect_nothing_wrong(*self.differences)

    def seen(self):
        """Which release says at each front that it serves."""
        return {environment: self.greeted(traffic) for environment, traffic in self.traffic.items()}

    def greeted(self, traffic):
        try:
            status, answer = traffic.once(Ask("GET", self.example.GREETING))
        except (OSError, ValueError, http.client.HTTPException):
            return None
        return answer["release"] if status == 200 else None

    def figures(self):
        requests, failed, writes, lost, doubled, seconds = super().figures()[3:]
        return [*self.waits.values(), requests, failed, writes, lost.split()[0], doubled, seconds]


class Machines(Teller):
    headings = ["example", "back after reboot", "after power cut", "requests", "failed", "writes", "lost", "doubled", "seconds"]

    def kind(self, example):
        kind = super().kind(example)
        return FarProject if kind is Project else type(f"Far{kind.__name__}", (FarProject, kind), {})

    def story(self, example, project):
        return Rebooted(example, project)


if __name__ == "__main__":
    sys.exit(Machines(__doc__, NAMES).tell_all())
