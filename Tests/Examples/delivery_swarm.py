"""The food delivery on three machines: the same Compose file, copies on all of them, a machine that is lost."""

import os
import subprocess
from pathlib import Path

import delivery
from claims import expect
from containers import docker
from delivery import *  # noqa: F401, F403
from swarm import VARIABLE, Swarm

NAME = "delivery (swarm)"
# Of api.
COPIES = 3
# The machines have no way to Debian: what its packages are comes with them.
PACKAGES = "delivery-packages"


class Spread(delivery.Watched):
    variant = "swarm.patch"
    lost = 3

    def __init__(self, name, deployctl, usual):
        expect(name == "delivery_swarm", "this is the delivery's", name)
        image = (Path(__file__).resolve().parents[2] / "environments" / "delivery" / "Dockerfile").read_text()
        self.packages, _, self.program = image.partition("\nENV ")
        built = subprocess.run(
            ["docker", "build", "--quiet", "--tag", PACKAGES, "-"], input=self.packages, capture_output=True, text=True, timeout=600)
        expect(built.returncode == 0, "what the image begins with is built", built.stderr[-1000:])
        self.swarm = Swarm()
        self.swarm.call("load", PACKAGES)
        super().__init__("delivery", deployctl, usual)
        self.changes |= {"registry.example/delivery": f"{os.environ.get('TB_REGISTRY', '127.0.0.1:15000')}/{self.label}"}

    @classmethod
    def missing(cls):
        return super().missing() or (None if VARIABLE in os.environ else f"{VARIABLE} names no program that makes swarms")

    def furnish(self):
        super().furnish()
        (self.place / "Dockerfile").write_text(f"FROM {PACKAGES}\n\nENV {self.program}")
        self.commit("Begin where the packages are")

    def lose_power(self):
        """Of one machine; nothing of the project runs there only."""
        for watcher in self.watchers:
            watcher.is_excused = True
        self.swarm.lose(self.lost)

    def regain_power(self):
        self.swarm.bring_back(self.lost)

    def turn(self, environment, service, how):
        """Has the swarm run none of a service's copies, or all."""
        copies = 0 if how == "stop" else COPIES
        docker("service", "scale", *[f"{one}={copies}" for one in docker(
            "service", "ls", "--quiet", *self.labels(environment, service))])

    def forget(self):
        self.swarm.end()


KIND = Spread
