"""An example whose database and all else run as containers of this machine's engine."""

import os
import shutil
import subprocess

from project import Project, Server


class ContainedProject(Project):
    """Definitions name the ports of the data services; what its run leaves in the engine carries its own project's name."""

    # Of the database, on this machine.
    client = "psql"
    # Services that stand in for other people's machines.
    others = ()

    def __init__(self, name, deployctl, usual):
        super().__init__(name, deployctl, usual)
        self.label = f"{name}-{os.getpid()}"
        self.changes[f'"project": "{name}"'] = f'"project": "{self.label}"'

    @classmethod
    def missing(cls):
        if cls.client and not shutil.which(cls.client):
            return f"{cls.client} is missing"
        if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
            return "docker compose is missing"
        return "no engine answers docker" if subprocess.run(["docker", "info"], capture_output=True).returncode else None

    def use_wheels(self):
        """No Python package is fetched, and docker may lie anywhere."""

    def prepare_databases(self):
        """The data service's image does that."""

    def rows(self, environment, sql):
        password = (self.home / ".secrets" / environment / "keeper").read_text().strip()
        server = Server("127.0.0.1", str(self.ports[f"{environment}-database"]), "postgres", password)
        return server.rows(sql, f"{self.stem}_{environment}")

    def lose_power(self):
        super().lose_power()
        theirs = {found for service in self.others for found in docker(
            "ps", "--quiet", "--filter", f"label=deployctl.project={self.label}", "--filter", f"label=deployctl.service={service}")}
        ours = set(docker("ps", "--quiet", "--filter", f"label=deployctl.project={self.label}")) - theirs
        if ours:
            docker("kill", *ours)

    def turn(self, environment, service, how):
        """Has the engine `stop` or `start` a service's container."""
        each(["ps", "--all", "--quiet", *self.labels(environment, service)], [how])

    def labels(self, environment, service):
        ours = {"project": self.label, "environment": environment, "service": service}
        return [word for name, value in ours.items() for word in ("--filter", f"label=deployctl.{name}={value}")]

    def forget(self):
        ours = ["--quiet", "--filter", f"label=deployctl.project={self.label}"]
        each(["ps", "--all", *ours], ["rm", "--force"])
        for kind in ("network", "volume"):
            each([kind, "ls", *ours], [kind, "rm"])
        each(["images", "--quiet", "--filter", f"reference={self.label}-*"], ["rmi", "--force"])


def each(listed, how):
    found = set(docker(*listed))
    if found:
        docker(*how, *found)


def docker(*words):
    return subprocess.run(["docker", *words], capture_output=True, text=True, timeout=120).stdout.split()
