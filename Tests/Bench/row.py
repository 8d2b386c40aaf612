"""One line of the table, and what could not be measured."""

import os
import sys


class Row:
    """A value, what it is held against, and the aim."""

    def __init__(self, name, value, unit, against=None, yardstick=None, aim=None, aim_on="value", larger=False):
        self.name, self.value, self.unit = name, value, unit
        self.against, self.yardstick = against, yardstick
        self.ratio = value / yardstick if yardstick else None
        self.aim, self.aim_on, self.larger = aim, aim_on, larger

    @property
    def met(self):
        if self.aim is None:
            return None
        found = self.ratio if self.aim_on == "ratio" else self.value
        return found >= self.aim if self.larger else found <= self.aim


def skip(what, reason):
    """Says that it is not measured; ends the run where everything is required."""
    if os.environ.get("DEPLOYCTL_TEST_REQUIRE") == "all":
        raise SystemExit(f"bench: {what} cannot be measured: {reason}")
    print(f"bench: {what}: skipped, {reason}", file=sys.stderr)
