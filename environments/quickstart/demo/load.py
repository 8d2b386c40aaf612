#!/usr/bin/env python3
"""Asks an environment the same few questions without pause, and tells every answer that was not good.

    load.py http://127.0.0.1:18081 --writes        stops on SIGTERM, Ctrl-C or when its input closes
    load.py http://127.0.0.1:18080 --seconds 10

Some threads keep their connection, some open a new one each time. Nothing is tried twice: a refused
connection, a reset, an early close, a wrong status or a body that is not JSON is a failure. The one
exception is a write answered 503 with Retry-After, which is a refusal and counted apart. Counting starts
with the first good answer. Each line of input prints a summary so far as one line of JSON.
"""

import argparse
import http.client
import itertools
import json
import os
import signal
import stat
import sys
import threading
import time
from urllib.parse import urlsplit

MAX_REPORTED_FAILURES = 50


class Tally:
    """What happened so far, shared by all threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.began = None
        self.requests = 0
        self.failed = 0
        self.failures = []
        self.refused = 0
        self.refused_since = None
        self.refused_seconds = 0.0
        self.releases = {}
        self.slowest = 0.0
        self.total_seconds = 0.0
        self.written = 0

    def good(self, began, release=None, write=False):
        now = time.monotonic()
        with self.lock:
            self.requests += 1
            self.slowest = max(self.slowest, now - began)
            self.total_seconds += now - began
            if release is not None:
                self.releases[release] = self.releases.get(release, 0) + 1
            if write:
                self.written += 1
                self.end_refusal(began, now)

    def bad(self, what, text):
        moment = time.strftime("%H:%M:%S", time.gmtime()) + f".{int(time.time() % 1 * 1000):03}"
        with self.lock:
            self.requests += 1
            self.failed += 1
            if len(self.failures) < MAX_REPORTED_FAILURES:
                self.failures.append({"time": moment, "request": what, "text": text})

    def refusal(self, began):
        with self.lock:
            self.requests += 1
            self.refused += 1
            if self.refused_since is None:
                self.refused_since = began

    def end_refusal(self, began, now):
        # A write that set off before the refusals and came back during them proves nothing.
        if self.refused_since is not None and began > self.refused_since:
            self.refused_seconds += now - self.refused_since
            self.refused_since = None

    def summary(self):
        with self.lock:
            now = time.monotonic()
            open_refusal = now - self.refused_since if self.refused_since is not None else 0
            good = self.requests - self.failed - self.refused
            return {
                "requests": self.requests,
                "failed": self.failed,
                "failures": list(self.failures),
                "refused_writes": self.refused,
                "refused_ms": round((self.refused_seconds + open_refusal) * 1000),
                "written": self.written,
                "releases": dict(self.releases),
                "slowest_ms": round(self.slowest * 1000, 1),
                "mean_ms": round(self.total_seconds / good * 1000, 1) if good else None,
                "seconds": round(now - self.began, 1) if self.began else 0.0,
            }


class Load:
    """Threads that ask `url` until stopped."""

    def __init__(self, url, writes=False, keeping=2, fresh=2, pause=0.03, timeout=10.0):
        address = urlsplit(url)
        self.host, self.port = address.hostname, address.port or 80
        self.pause, self.timeout = pause, timeout
        self.tally = Tally()
        self.stopping = threading.Event()
        self.numbers = itertools.count(1)
        reads = [self.ask_version, self.ask_notes]
        jobs = [(reads, True)] * keeping + [(reads, False)] * fresh
        if writes:
            jobs += [([self.write_note], True), ([self.write_note], False)]
        self.threads = [threading.Thread(target=self.work, args=job, daemon=True) for job in jobs]
        self.starter = threading.Thread(target=self.wait_for_first_answer, daemon=True)

    def start(self):
        self.starter.start()
        return self

    def stop(self):
        """Lets requests in flight finish; returns the summary."""
        self.stopping.set()
        self.starter.join()
        for thread in self.threads:
            if thread.ident:
                thread.join()
        return self.tally.summary()

    greeting = "/version"

    def wait_for_first_answer(self):
        while not self.stopping.is_set():
            connection = self.connection()
            try:
                connection.request("GET", self.greeting)
                if connection.getresponse().status == 200:
                    self.tally.began = time.monotonic()
                    for thread in self.threads:
                        thread.start()
                    return
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            self.stopping.wait(0.02)

    def connection(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)

    def work(self, questions, keeps):
        connection = self.connection()
        for question in itertools.cycle(questions):
            if self.stopping.is_set():
                break
            if not question(connection) or not keeps:
                connection.close()
            self.stopping.wait(self.pause if question != self.write_note else 4 * self.pause)
        connection.close()

    def ask_version(self, connection):
        return self.ask(connection, "GET", "/version")

    def ask_notes(self, connection):
        return self.ask(connection, "GET", "/api/notes?limit=20")

    def write_note(self, connection):
        note = {"author": "load", "text": f"load {os.getpid()}-{next(self.numbers)}"}
        return self.ask(connection, "POST", "/api/notes", json.dumps(note))

    def headers(self, body):
        return {"Content-Type": "application/json"} if body else {}

    def ask(self, connection, method, path, body=None):
        """One request; whether the connection may carry another."""
        began = time.monotonic()
        what = f"{method} {path} ({'kept' if connection.sock else 'fresh'} connection)"
        write = method == "POST"
        try:
            connection.request(method, path, body, self.headers(body))
            answer = connection.getresponse()
            content = answer.read()
            if write and answer.status == 503 and answer.headers["Retry-After"]:
                self.tally.refusal(began)
            elif answer.status != (201 if write else 200):
                self.tally.bad(what, f"{answer.status} {excerpt(content)}")
            else:
                value = json.loads(content)
                release = value["release"] if path == self.greeting else None
                self.tally.good(began, release, write)
            return True
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            after = (time.monotonic() - began) * 1000
            self.tally.bad(what, f"{type(error).__name__}: {error} after {after:.0f} ms")
            return False


def excerpt(content):
    return " ".join(content[:300].decode(errors="replace").split())


def main():
    parser = argparse.ArgumentParser(description="Ask an environment without pause; count what fails.")
    parser.add_argument("url")
    parser.add_argument("--writes", action="store_true", help="also POST notes")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--pause-ms", type=float, default=30, help="pause of each thread (default 30)")
    options = parser.parse_args()

    run(Load(options.url, writes=options.writes, pause=options.pause_ms / 1000), options.seconds)


def run(load, seconds=None):
    """Asks until told to stop, prints the summary and ends this process."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    load.start()
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=answer_input, args=(load, ended), daemon=True).start()
    ended.wait(seconds)
    summary = load.stop()
    print(json.dumps(summary), flush=True)
    sys.exit(1 if summary["failed"] else 0)


def answer_input(load, ended):
    for _ in sys.stdin:
        print(json.dumps(load.tally.summary()), flush=True)
    ended.set()


if __name__ == "__main__":
    main()
