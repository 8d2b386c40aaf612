"""What an example is there to show, and who says when it did not happen."""

import subprocess
import time


class Unexpected(Exception):
    """What the example is there to show did not happen."""


def expect(holds, claim, found=None):
    if not holds:
        raise Unexpected(claim if found is None else f"{claim}; found {found}")


def eventually(attempt, seconds=30):
    """What `attempt` gives as soon as it gives something; whatever keeps it from that at the end."""
    ends = time.monotonic() + seconds
    while True:
        try:
            if found := attempt():
                return found
            failure = Unexpected(f"nothing within {seconds} s")
        except OSError as error:
            failure = error
        if time.monotonic() > ends:
            raise failure
        time.sleep(0.1)


def output(words, told=None, env=None):
    done = subprocess.run(words, input=told, env=env, capture_output=True, text=True, timeout=120)
    expect(done.returncode == 0, f"{words[0]} answers", done.stderr[-2000:])
    return done.stdout


def lines(text):
    """Each with its columns, which a tab parts."""
    return [line.split("\t") for line in text.splitlines()]


def show(table):
    """Its first row is the headings."""
    widths = [max(len(str(row[column])) for row in table) for column in range(len(table[0]))]
    for row in table:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
