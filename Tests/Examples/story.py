"""What happens to every example: releases, refusals, a rollback and a loss of power, under traffic that remembers what it was promised."""

import datetime
import re
import time

from claims import eventually, expect
from project import PATIENCE
from traffic import Traffic

# Between a backup's timestamp, which is whole seconds, and its snapshot.
CLOCK = 2.0


class Story:
    def __init__(self, example, project, is_quick):
        self.example, self.project, self.is_quick = example, project, is_quick
        self.traffic, self.summaries = {}, {}
        self.releases = self.refused = self.rollbacks = self.announced = 0
        self.differences = (set(), set(), set())
        # Of these a rollback left one part and took another, which it announced.
        self.halved = set()
        self.began = time.monotonic()

    def tell(self):
        self.prepare()
        patches = sorted((self.project.source / "releases").glob("*.patch"))
        expect(len(patches) >= 9, "there are nine further releases", len(patches))
        patches = patches[:1] if self.is_quick else patches
        self.deploy()
        self.promote()
        self.begin_traffic()
        for number, patch in enumerate(patches, 1):
            self.say(patch.stem)
            self.project.apply(patch)
            self.deploy()
            if number == min(3, len(patches)):
                self.example.try_outage(self)
            self.promote()
            self.own("after_release", self, number)
            if number == 1:
                self.refuse()
            if number == max(1, len(patches) - 1):
                self.roll_back()
                self.lose_power()
        self.own("finish", self)
        self.look()
        self.stop_traffic()
        self.own("settle", self.project)
        self.compare("at the end")
        self.own("expect_at_the_end", self)

    def own(self, name, *words):
        """What this example has beyond what every one has."""
        return getattr(self.example, name, lambda *_: None)(*words)

    def prepare(self):
        self.say("set-up")
        self.project.furnish()
        self.example.prepare(self.project)
        self.project.prepare_databases()
        self.project.run("validate")
        if self.has_hook:
            self.project.run("hooks", "install")

    def say(self, what):
        print(f"{time.monotonic() - self.began:6.1f} s  {self.example.NAME}: {what}", flush=True)

    # Releases

    @property
    def has_hook(self):
        """Whether each commit goes to staging by itself."""
        return self.example.HOOK

    def deploy(self, code=0):
        """The newest commit to staging, by the hook where there is one."""
        commit = self.project.git("rev-parse", "HEAD")
        if not self.has_hook or self.project.commits == 1:
            self.project.run("staging", code=code)
            return
        done = eventually(lambda: self.ended(commit), seconds=PATIENCE)
        wanted = "succeeded" if code == 0 else "failed"
        expect(done["outcome"] == wanted and done["trigger"] == "hook", f"the hook's deployment of {commit[:8]} {wanted}", done)

    def ended(self, commit):
        for run in self.project.json("history", "staging")["deployments"]:
            if run["commit"] == commit and run["outcome"] not in (None, "running", "interrupted"):
                return run

    def promote(self):
        self.own("before_promotion", self)
        self.project.run("production", "--confirm", "CONFIRM")
        self.releases += 1

    def expect_refusal(self, gate):
        """Nothing is promoted, and this gate says why."""
        answer = self.project.run("production", "--confirm", "CONFIRM", code=12)
        expect(f"{gate}: " in answer, f"a gate names {gate}", answer)

    def refuse(self):
        """Two releases that must not get through: one staging takes back, one staging runs and production refuses."""
        staging, promotion = [self.project.source / "refused" / f"{name}.patch" for name in ("staging", "promotion")]
        self.say("refused: staging")
        self.project.apply(staging)
        self.deploy(code=self.example.MIGRATION_FAILS_WITH)
        self.project.take_back(staging)
        self.refused += 1
        self.say("refused: promotion")
        self.project.apply(promotion)
        self.deploy()
        self.expect_refusal(self.example.REFUSED_BY)
        self.project.take_back(promotion)
        self.refused += 1

    # Going back

    def roll_back(self):
        """To the release before, with the data of then. Whatever was written since is announced, and nothing else is lost."""
        self.say("rollback")
        found = self.project.json("rollback", "--environment", "production")["candidates"][1]
        plan = self.project.json("plan", "rollback", found["release"])
        self.project.run("rollback", found["release"], "--confirm", "CONFIRM")
        ended = time.time()
        self.rollbacks += 1
        moment = seconds(found["backup_at"])
        model = self.traffic["production"].model
        lost, doubled, strangers = self.settled_differences(model)
        younger = model.since(moment - CLOCK)
        expect(lost <= younger, "the rollback took no more than what came after the backup", sorted(lost - younger)[:5])
        for kind, table in self.example.TABLES.items():
            announced = rows_announced(plan["notices"], table)
            here = sum(mark[0] == kind for mark in lost)
            expect(
                announced <= here or self.comes_back,
                f"of {table} at least as many rows are gone as were announced", (announced, here))
            expect(here == 0 or announced > 0, f"the loss of {table} is announced", plan["notices"])
        self.announced += len(lost)
        model.forget(lost)
        if getattr(self.example, "IN_PARTS", False):
            self.halved = {key for _, key in lost} & model.keys()
        self.expect_nothing_wrong(set(), doubled, strangers)

    @property
    def comes_back(self):
        """The kinds of writes that the example fetches again when a rollback took them."""
        return getattr(self.example, "COMES_BACK", ())

    def settled_differences(self, model):
        found = []

        def all_came_back():
            found[:] = model.differences(self.stored)
            return not any(kind in self.comes_back for kind, _ in found[0])

        eventually(all_came_back, seconds=90)
        return found

    # Power

    def lose_power(self):
        """Everything of the project ends at once, and what starts with the machine brings it back as it was."""
        self.say("power is lost")
        for traffic in self.traffic.values():
            traffic.rest()
        before = self.serving()
        self.project.lose_power()
        for environment in self.traffic:
            self.project.run("status", environment, code=19)
        self.project.regain_power()
        for environment in self.traffic:
            self.project.run("start", environment)
        expect(self.serving() == before, "the same releases serve", before)
        self.own("after_power", self.project)
        for traffic in self.traffic.values():
            traffic.go_on()
        self.expect_nothing_wrong(*self.settled_differences(self.traffic["production"].model))

    def serving(self):
        found = self.project.json("status")["environments"]
        return {place["name"]: place["release"] for place in found}

    # What is there in the end

    def stored(self):
        rows = {(kind, key): int(count) for kind, key, count in self.project.rows("production", self.example.STORED)}
        return rows | (self.own("stored_beside", self.project) or {})

    def compare(self, when):
        self.differences = self.traffic["production"].model.differences(self.stored)
        self.expect_nothing_wrong(*self.differences)
        for what, query in self.example.NEVER.items():
            found = [row for row in self.project.rows("production", query) if row[0] not in self.halved]
            expect(not found, f"never {what}", found[:5])

    def expect_nothing_wrong(self, lost, doubled, strangers):
        expect(not lost, "every acknowledged write is there", sorted(lost)[:5])
        expect(not doubled, "every write is there once", sorted(doubled)[:5])
        unsaid = {mark for mark in strangers if mark[1] not in getattr(self.example, "OWN", ())}
        expect(not unsaid, "nothing is there that nobody sent", sorted(unsaid)[:5])

    def look(self):
        """Status says that both are well, and the report is there."""
        self.project.run("status")
        self.project.run("report", "--output", "report.html")
        self.project.run("audit", "verify")

    # Traffic

    def begin_traffic(self):
        for environment in ("staging", "production"):
            writers = self.example.writers(self.project) if environment == "production" else []
            self.traffic[environment] = Traffic(
                self.project, environment, self.example.GREETING, self.example.readers(self.project), writers,
                getattr(self.example, "PAUSE", 0.1))

    def stop_traffic(self):
        for environment, traffic in self.traffic.items():
            if environment not in self.summaries:
                self.summaries[environment] = traffic.stop()

    def problem(self):
        failures = [failure for summary in self.summaries.values() for failure in summary["failures"]]
        return f"requests failed: {failures[:5]}" if failures else None

    def figures(self):
        def total(name):
            return sum(summary[name] for summary in self.summaries.values())
        lost, doubled, _ = self.differences
        return [
            self.releases, self.refused, self.rollbacks, total("requests"), total("failed"), total("written"),
            f"{len(lost)} ({self.announced} announced)", len(doubled), round(time.monotonic() - self.began)]


def seconds(moment):
    return datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def rows_announced(notices, table):
    """Of a line such as `lost, written since: people +2 rows, shop.orders +31 rows`."""
    return sum(int(count) for line in notices for count in re.findall(rf"(?:^|[ ,]){re.escape(table)} \+(\d+) row", line))
