"""Services as a script starts, asks and ends them."""

import os
import subprocess
import time


class Script:
    """Starts as many services as there are, asks each until it answers, and ends those before."""

    def __init__(self, shop, names):
        self.folder, self.names, self.number = shop.folder / ".git" / "script", names, 0
        self.server = shop.folder / "app" / "server.py"
        self.running = []

    def deploy(self):
        began, place = time.perf_counter(), self.place()
        started = [self.start(place / f"{name}.sock") for name in self.names]
        for name in self.names:
            self.ask(place / f"{name}.sock")
        self.end()
        self.running = started
        return time.perf_counter() - began

    def chain(self):
        """Each when the one before it answers."""
        self.end()
        began, place = time.perf_counter(), self.place()
        self.running = []
        for name in self.names:
            self.running.append(self.start(place / f"{name}.sock"))
            self.ask(place / f"{name}.sock")
        return time.perf_counter() - began

    def place(self):
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir(parents=True)
        return place

    def ask(self, socket):
        while subprocess.run(["curl", "-sf", "-o", "/dev/null", "--unix-socket", socket, "http://localhost/"]).returncode:
            time.sleep(0.02)

    def start(self, socket):
        return subprocess.Popen(
            ["python3", "-IS", self.server], env={**os.environ, "SOCKET": str(socket)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self):
        for program in self.running:
            program.terminate()
        for program in self.running:
            program.wait()

    def stop(self):
        began = time.perf_counter()
        self.end()
        return time.perf_counter() - began
