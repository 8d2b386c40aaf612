"""Traffic with a model: it asks without pause, and remembers each write that was acknowledged.

A request that gets no answer, or another one than it should, has failed; nothing is tried twice but a write that is
answered 503 with Retry-After, which a rollback may do for a moment. What such a sender does, this one does: it sends
the same again until it is acknowledged. Every fifth write is sent once more afterwards, as networks do.
"""

import http.client
import itertools
import json
import sys
import threading
import time
from dataclasses import dataclass, field

from claims import expect
from project import ROOT

sys.path.insert(0, str(ROOT / "environments" / "quickstart" / "demo"))

from load import Tally, excerpt  # noqa: E402


@dataclass
class Ask:
    method: str
    path: str
    body: dict | None = None
    headers: dict = field(default_factory=dict)
    # What a write leaves: (kind, key) of which there has to be one in the end.
    leaves: tuple = ()


class Model:
    """Which writes were sent, and when each was acknowledged."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent, self.acknowledged = set(), {}

    def send(self, marks):
        with self.lock:
            self.sent.update(marks)

    def acknowledge(self, marks):
        with self.lock:
            for mark in marks:
                self.acknowledged.setdefault(mark, time.time())

    def differences(self, read):
        """`read` gives (kind, key) → how many are there, with all that was acknowledged before. What is lost, doubled, and nobody's."""
        with self.lock:
            acknowledged = set(self.acknowledged)
        stored = read()
        with self.lock:
            lost = {mark for mark in acknowledged if not stored.get(mark)}
            doubled = {mark for mark, count in stored.items() if count > 1}
            return lost, doubled, set(stored) - self.sent

    def since(self, moment):
        with self.lock:
            return {mark for mark, at in self.acknowledged.items() if at >= moment}

    def keys(self):
        with self.lock:
            return {key for _, key in self.acknowledged}

    def forget(self, marks):
        with self.lock:
            for mark in marks:
                del self.acknowledged[mark]


class Traffic:
    """`readers` and `writers`: for each thread, a function of this traffic that yields what it asks, one after the other."""

    def __init__(self, project, environment, greeting, readers=(), writers=(), pause=0.1):
        self.project, self.environment, self.pause = project, environment, pause
        self.tally, self.model = Tally(), Model()
        self.stopping = threading.Event()
        jobs = [(asks, keeps) for asks, keeps in zip(readers, itertools.cycle([True, False]))]
        jobs += [(asks, keeps) for asks, keeps in zip(writers, itertools.cycle([True, False]))]
        self.threads = [threading.Thread(target=self.work, args=job, daemon=True) for job in jobs]
        self.turns, self.rests, self.is_resting = threading.Semaphore(len(self.threads)), 0, False
        self.await_first(greeting)
        self.tally.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def await_first(self, path):
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            try:
                if self.once(Ask("GET", path))[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.05)
        expect(False, f"{path} answers")

    def once(self, ask):
        """Status and JSON of one request outside the traffic."""
        connection = self.connection()
        try:
            connection.request(ask.method, ask.path, *self.content(ask))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def connection(self):
        return self.project.connection(self.environment)

    def content(self, ask):
        if ask.body is None:
            return None, ask.headers
        content = ask.body if isinstance(ask.body, bytes) else json.dumps(ask.body).encode()
        return content, {"Content-Type": "application/json", **ask.headers}

    def work(self, asks, keeps):
        connection, written, rests, asked = self.connection(), 0, 0, None
        while True:
            with self.turns:
                if self.stopping.is_set():
                    break
                # Some ask by themselves before they say what is next.
                asked = asked or iter(asks(self))
                ask = next(asked)
                if rests != self.rests:
                    # Who was asked before is there no more.
                    connection.close()
                    rests = self.rests
                self.model.send(ask.leaves)
                self.perform(connection, ask)
                if ask.leaves:
                    written += 1
                    if written % 5 == 0:
                        self.perform(connection, ask)
            if not keeps:
                connection.close()
            self.stopping.wait(self.pause)
        connection.close()

    def rest(self):
        """Returns once nothing is asked, nor will be before `go_on`."""
        for _ in self.threads:
            self.turns.acquire()
        self.rests, self.is_resting = self.rests + 1, True

    def go_on(self):
        self.is_resting = False
        self.turns.release(len(self.threads))

    def perform(self, connection, ask):
        """Sends until it is answered otherwise than with a refusal for now."""
        while True:
            began, what = time.monotonic(), f"{ask.method} {ask.path}"
            try:
                connection.request(ask.method, ask.path, *self.content(ask))
                answer = connection.getresponse()
                content = answer.read()
                if ask.method != "GET" and answer.status == 503 and answer.headers["Retry-After"]:
                    self.tally.refusal(began)
                    if self.stopping.wait(0.2):
                        return
                    continue
                if answer.status not in (200, 201):
                    self.tally.bad(what, f"{answer.status} {excerpt(content)}")
                else:
                    if "json" in answer.headers["Content-Type"]:
                        json.loads(content)
                    self.tally.good(began, write=bool(ask.leaves))
                    self.model.acknowledge(ask.leaves)
            except (OSError, http.client.HTTPException, ValueError) as error:
                after = time.monotonic() - began
                self.tally.bad(what, f"{type(error).__name__}: {error} after {after:.2f} s")
                connection.close()
            return

    def stop(self):
        self.stopping.set()
        if self.is_resting:
            self.go_on()
        for thread in self.threads:
            thread.join()
        return self.tally.summary()
