"""A swarm of three machines, of which the first manages it and has the fronts, the data and the state."""

import ctypes
import os
import signal
import subprocess

from claims import Unexpected, eventually, expect
from containers import docker

VARIABLE = "DEPLOYCTL_TEST_SWARM"
# Names the engine that is asked.
ENGINE = "DOCKER_HOST"


class Swarm:
    """The variable names the program that makes it: `up 3`, `env`, `exec N CMD...`, `kill N`, `start N` and `down`."""

    def __init__(self):
        self.program = os.environ[VARIABLE]
        self.call("down")
        self.call("up", "3")
        told = dict(line.split("=", 1) for line in self.call("env").splitlines() if "=" in line)
        self.before = os.environ.get(ENGINE)
        os.environ[ENGINE] = told["TB_SWARM_NODE1"]
        self.left = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.enter()

    def call(self, *words):
        # What it starts would keep a pipe open for as long as it lives.
        said = subprocess.DEVNULL if words[0] in ("up", "start") else subprocess.PIPE
        done = subprocess.run(
            [self.program, *words], stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL, text=True, timeout=300)
        expect(done.returncode == 0, f"swarm {' '.join(words)} works")
        return done.stdout or ""

    def enter(self):
        """This thread, and whatever it starts from now on, stands in the network of the first machine."""
        with subprocess.Popen(
                [self.program, "exec", "1", "sh", "-c", "echo $$; exec sleep 60"], stdout=subprocess.PIPE) as there:
            number = int(there.stdout.readline())
            place = os.open(f"/proc/{number}/ns/net", os.O_RDONLY)
            os.kill(number, signal.SIGKILL)
        stand_in(place)

    def lose(self, machine):
        """Ends when the manager counts it out and all copies run on the others."""
        self.call("kill", str(machine))
        eventually(lambda: self.ready() == 2, seconds=60)
        eventually(self.is_complete, seconds=120)

    def bring_back(self, machine):
        self.call("start", str(machine))
        eventually(lambda: self.ready() == 3, seconds=60)

    def ready(self):
        return docker("node", "ls", "--format", "{{.Status}}").count("Ready")

    def is_complete(self):
        found = docker("service", "ls", "--format", "{{.Replicas}}")
        return found and all(one.split("/")[0] == one.split("/")[1] for one in found)

    def end(self):
        stand_in(self.left)
        if self.before is None:
            os.environ.pop(ENGINE, None)
        else:
            os.environ[ENGINE] = self.before
        self.call("down")


def stand_in(network):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network, 0):
        raise Unexpected(f"a machine's network cannot be entered: {os.strerror(ctypes.get_errno())}")
    os.close(network)
