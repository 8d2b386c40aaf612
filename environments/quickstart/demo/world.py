"""The project folder the demonstration lives in: a copy of the quickstart in a git repository of its own."""

import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUICKSTART = Path(__file__).resolve().parent.parent
GOOD_REQUEST = re.compile(r" 20[01] [\d.]+ms$")
USUAL_PORTS = {"staging": 18080, "production": 18081}


class World:
    """A fresh project in a folder with a short name, because a unix socket's path holds 107 bytes."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="dc", dir="/tmp"))
        os.chmod(self.folder, 0o755)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYCTL_", "GIT_"))
        }
        self.environment.update(
            GIT_CONFIG_GLOBAL="/dev/null", GIT_AUTHOR_NAME="Demo", GIT_AUTHOR_EMAIL="demo@example.org",
            GIT_COMMITTER_NAME="Demo", GIT_COMMITTER_EMAIL="demo@example.org",
        )
        if not sys.stdout.isatty():
            self.environment.update(NO_COLOR="1", TERM="dumb")
        self.ports = choose_ports()

    def furnish(self):
        ignored = shutil.ignore_patterns("demo", "__pycache__", ".deployctl", "logs", "backups", "uploads")
        shutil.copytree(QUICKSTART, self.folder, dirs_exist_ok=True, ignore=ignored)
        for environment, port in self.ports.items():
            usual = str(USUAL_PORTS[environment])
            self.edit(f"environments/{environment}.json", lambda text: text.replace(usual, str(port)))
            key = self.folder / ".secrets" / environment / "session-key"
            key.parent.mkdir(parents=True, mode=0o700)
            key.touch(mode=0o600)
            key.write_text(secrets.token_hex(32) + "\n")
        self.git("init", "-q", "-b", "main")
        self.commit("Begin the notes application")

    def edit(self, path, change):
        """Rewrites a file; an edit that changes nothing where it should is a mistake of the caller."""
        file = self.folder / path
        file.write_text(change(file.read_text()))

    def replace(self, path, old, new):
        text = (self.folder / path).read_text()
        if text.count(old) != 1:
            raise SystemExit(f"the demonstration does not fit {path}: {old!r} is there {text.count(old)} times")
        self.edit(path, lambda text: text.replace(old, new))

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.folder, env=self.environment, check=True)

    def commit(self, subject):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)

    # Talking to the environments, on a connection of its own each time.

    def ask(self, environment, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[environment], timeout=10)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def ask_json(self, environment, method, path, value=None):
        body = None if value is None else json.dumps(value)
        status, content, _ = self.ask(environment, method, path, body)
        try:
            return status, json.loads(content)
        except ValueError:
            return status, content.decode(errors="replace")

    def listens(self, environment):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.ports[environment])) == 0

    # The end

    def processes(self):
        """Running processes that work in this folder or name it in their arguments."""
        inside = re.compile(re.escape(str(self.folder)) + r"(/|\0|;|'|$)")
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
                place = os.readlink(entry / "cwd")
            except OSError:
                continue
            if int(entry.name) != os.getpid() and (inside.search(words) or inside.match(place)):
                found.append(int(entry.name))
        return found

    def end_processes(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self.processes():
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
            ends = time.monotonic() + 3
            while self.processes() and time.monotonic() < ends:
                time.sleep(0.05)

    def last_log_lines(self, count=15):
        for log in sorted((self.folder / "logs").rglob("*")):
            if log.suffix in (".log", ".jsonl") and log.is_file():
                lines = log.read_text(errors="replace").splitlines()
                telling = [line for line in lines if not GOOD_REQUEST.search(line)][-count:]
                yield "\n".join([f"--- {log.relative_to(self.folder)}", *telling])

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def choose_ports():
    chosen = {}
    for environment, usual in USUAL_PORTS.items():
        port = usual
        while not is_free(port) or port in chosen.values():
            with socket.create_server(("127.0.0.1", 0)) as probe:
                port = probe.getsockname()[1]
        chosen[environment] = port
    return chosen


def is_free(port):
    try:
        with socket.create_server(("0.0.0.0", port)):
            return True
    except OSError:
        return False
