"""A small Compose project by deployctl and by `docker compose up` of the same file."""

import json
import secrets
import shutil
import subprocess

from measure import in_turn
from row import Row, skip
from shop import ON_PORT, Shop, free_port

IMAGE = "python:3.11"

COMPOSE = """\
services:
  web:
    build: ./app
    expose: ["8000"]
    environment: {PYTHONUNBUFFERED: "1"}
    ports: ["127.0.0.1:${PORT_WEB:-%d}:8000"]
    healthcheck:
      test: ["CMD", "python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
      interval: 1s
      start_period: 20s
      start_interval: 100ms
    depends_on: {keeper: {condition: service_healthy}}
  keeper:
    image: busybox
    init: true
    command: ["sleep", "100000"]
    healthcheck: {test: ["CMD", "true"], interval: 1s, start_period: 20s, start_interval: 100ms}
"""


def missing():
    if not shutil.which("docker"):
        return "docker is not installed"
    for words in (["compose", "version"], ["image", "inspect", IMAGE], ["image", "inspect", "busybox"]):
        if subprocess.run(["docker", *words], capture_output=True).returncode:
            return f"docker {' '.join(words)} fails"
    return None


class Containers:
    def __init__(self, deployctl, quick):
        self.deployctl, self.runs = deployctl, 1 if quick else 3

    def rows(self):
        reason = missing()
        if reason:
            return skip("a Compose project", reason)
        self.name = f"dcb{secrets.token_hex(4)}"
        self.shop = Shop(self.deployctl)
        self.commits = 0
        try:
            self.furnish()
            yield from self.measure()
        finally:
            self.remove()

    def furnish(self):
        shop = self.shop
        shop.write("compose.yml", COMPOSE % free_port())
        shop.write("app/Dockerfile", f"FROM {IMAGE}\nCOPY server.py version /app/\nCMD [\"python3\", \"/app/server.py\"]\n")
        shop.write("app/server.py", ON_PORT)
        shop.write("app/version", "0\n")
        shop.write("environments/staging.json", json.dumps({
            "project": self.name, "runtime": {"kind": "compose", "file": "compose.yml"},
            "services": {
                "web": {"role": "app", "health": {"path": "/health", "timeout": "60s"}},
                "front": {"role": "edge", "routes": {"/": "web"}},
                "keeper": {"role": "data"},
            },
            "ports": {"http": shop.port}, "network": f"{self.name}-net", "drain": "2s", "watch": "0s", "logs": "logs",
        }, indent=2))
        shop.commit()

    def measure(self):
        staging = self.shop.tool("staging")
        plain = self.shop.command("docker", "compose", "-p", f"{self.name}-plain", "up", "-d", "--wait", "--build")

        def change():
            self.commits += 1
            self.shop.write("app/version", f"{self.commits}\n")
            self.shop.commit("Change the version")

        def deploy():
            change()
            return staging.seconds()

        took, least = in_turn([deploy, plain.seconds], self.runs)
        yield Row(
            "Compose: a deployment, watch of 0 s", took * 1000, "ms", "docker compose up --build --wait", least * 1000)
        up = self.shop.command("docker", "compose", "-p", f"{self.name}-plain", "up", "-d", "--wait")
        took, least = in_turn([staging.seconds, up.seconds], self.runs)
        yield Row("Compose: nothing to do", took * 1000, "ms", "docker compose up --wait", least * 1000)

    def remove(self):
        self.shop.command("docker", "compose", "-p", f"{self.name}-plain", "down", "-v", "--rmi", "local", "-t", "1").output()
        for kind, remove in ((["ps", "-aq"], ["rm", "-f", "-v"]), (["network", "ls", "-q"], ["network", "rm"])):
            self.discard([*kind, "--filter", f"label=deployctl.project={self.name}"], remove)
        self.discard(["image", "ls", "-q", "--filter", f"reference={self.name}*"], ["image", "rm", "-f"])
        self.shop.remove()

    @staticmethod
    def discard(find, remove):
        found = set(subprocess.run(["docker", *find], capture_output=True, text=True).stdout.split())
        if found:
            subprocess.run(["docker", *remove, *found], capture_output=True)
