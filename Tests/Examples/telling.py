"""Tells the stories of examples, one after the other, and says in a table what became of each."""

import argparse
import importlib
import os
import signal
import sys
from pathlib import Path

from claims import Unexpected, show
from project import Project


class Teller:
    headings = []

    def __init__(self, description, names):
        self.names = names
        self.parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
        self.parser.add_argument("deployctl", type=Path)
        self.parser.add_argument("names", nargs="*", metavar="NAME", help="of " + ", ".join(names) + "; all unless named")

    def tell_all(self):
        """Whether anything was not as it should be."""
        self.options = self.parser.parse_intermixed_args()
        if unknown := set(self.options.names) - set(self.names):
            self.parser.error(f"no such example: {', '.join(sorted(unknown))}")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        table, failed = [self.headings], False
        for name in self.options.names or self.names:
            example = importlib.import_module(name)
            kind = self.kind(example)
            if missing := kind.missing():
                print(f"{name} is skipped: {missing}")
                failed |= os.environ.get("DEPLOYCTL_TEST_REQUIRE") == "all"
                continue
            row, problem = self.tell(example, kind(name, self.options.deployctl.resolve(), example.PORTS))
            table.append(row)
            if problem:
                failed = True
                print(f"{name}: {problem}", file=sys.stderr)
        show(table)
        return failed

    def tell(self, example, project):
        """The table's row, and what was wrong."""
        if not getattr(self.options, "own_limits", False):
            project.changes |= getattr(example, "CHANGES", {})
        story = self.story(example, project)
        problem = None
        try:
            story.tell()
        except Unexpected as error:
            problem = error
        finally:
            try:
                story.stop_traffic()
            finally:
                project.end(keep="EXAMPLES_KEEP" in os.environ)
        return [example.NAME, *story.figures()], "; ".join(str(what) for what in (problem, story.problem()) if what)

    def kind(self, example):
        return getattr(example, "KIND", Project)
