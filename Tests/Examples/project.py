"""An example as somebody has it who just cloned it: its folder in a git repository of its own, after its set-up."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from claims import Unexpected, eventually, expect, lines, output

ROOT = Path(__file__).resolve().parents[2]
# For one deployment: a release's packages take most of it where a machine has other things to do.
PATIENCE = 900
LEFT_OUT = shutil.ignore_patterns(
    "releases", "refused", "__pycache__", ".deployctl", ".secrets", ".venv", "logs", "backups",
    "secrets", "shared")


class Server:
    """A PostgreSQL server, and who may do everything there."""

    def __init__(self, host, port, user, password):
        self.host, self.port, self.user, self.password = host, port, user, password

    @classmethod
    def of_this_machine(cls):
        """That of PGHOST, PGPORT, PGUSER and PGPASSWORD, or of the same variables with TB_POSTGRES_."""
        def variable(name):
            return os.environ.get(f"PG{name}") or os.environ.get(f"TB_POSTGRES_{name}")

        return cls(variable("HOST"), variable("PORT") or "5432", variable("USER"), variable("PASSWORD"))

    def rows(self, sql, database="postgres"):
        """Lines of the answer, their columns parted by a tab, as the administrator sees them."""
        words = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database]
        return lines(self.ask(words, sql))

    def ask(self, words, sql):
        told = dict(os.environ, PGHOST=self.host, PGPORT=self.port, PGUSER=self.user, PGPASSWORD=self.password)
        return output(words, sql, env=told)

    def forget(self, stem):
        for (name,) in self.rows(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{stem}')"):
            self.rows(f'DROP DATABASE "{name}" WITH (FORCE)')
        for (name,) in self.rows(f"SELECT rolname FROM pg_roles WHERE starts_with(rolname, '{stem}')"):
            self.rows(f'DROP ROLE "{name}"')


class Project:
    # The first one; whether its definitions are the repository's own, beside the folder of the example.
    branch, is_at_the_top = "main", False
    # What base.json says besides.
    said = '"watch": "1s",'
    # A patch of the example, for other machines than its definitions are for; none unless set.
    variant = None

    def __init__(self, name, deployctl, usual):
        """`usual`: what is written in the example → what a port is for, each of which gets a free one instead."""
        self.name, self.deployctl, self.server = name, deployctl, Server.of_this_machine()
        self.folder = Path(tempfile.mkdtemp(prefix="dx", dir="/tmp"))
        os.chmod(self.folder, 0o755)
        self.place = self.folder / "environments" / name
        self.home = self.folder if self.is_at_the_top else self.place
        self.repository = self.folder
        self.source = ROOT / "environments" / name
        self.stem = f"{name}_{os.getpid()}"
        self.ports = dict(zip(usual.values(), free_ports(len(usual))))
        self.changes = {old: str(self.ports[meaning]) for old, meaning in usual.items()}
        self.changes |= {f'"{name}_': f'"{self.stem}_', '"port": 5432': f'"port": {self.server.port}'}
        self.started, self.commits = [], 0
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("DEPLOYCTL_", "GIT_", "PG", "TB_"))}
        self.environment |= {
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Example", "GIT_AUTHOR_EMAIL": "example@example.org",
            "GIT_COMMITTER_NAME": "Example", "GIT_COMMITTER_EMAIL": "example@example.org", "NO_COLOR": "1", "TERM": "dumb",
            "DEPLOYCTL_PERFORMER": "example@example.org",
            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
        self.use_wheels()
        # As it is where somebody typed `make install`: gates and scripts of the project call it by its name.
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "deployctl").symlink_to(deployctl)
        self.environment["PATH"] = f"{self.folder}/bin:{self.environment['PATH']}"

    @staticmethod
    def missing():
        """Why it cannot run here."""
        server = Server.of_this_machine()
        if not (server.host and server.user and server.password and shutil.which("psql")):
            return "PGHOST, PGUSER and PGPASSWORD name no PostgreSQL administrator, or psql is missing"

    def use_wheels(self):
        """What .ci/applications fetched, where it did; otherwise pip asks whom it always asks."""
        wheels = ROOT / ".build" / "wheels"
        if not wheels.is_dir():
            return
        settings = self.folder / ".config" / "pip" / "pip.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[global]\nfind-links = {wheels}\nno-index = true\n")
        self.environment |= {"HOME": str(self.folder), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}

    def furnish(self):
        shutil.copytree(self.source, self.place, ignore=LEFT_OUT)
        if self.variant:
            subprocess.run(["git", "apply", self.source / self.variant], cwd=self.place, env=self.environment, check=True, timeout=60)
        ignored = "/.config/\n/bin/\n"
        if self.is_at_the_top:
            ignored += (ROOT / ".gitignore").read_text()
            for file in (ROOT / "environments").glob("*.json"):
                shutil.copy(file, self.folder / "environments")
        if self.repository == self.folder:
            (self.folder / ".gitignore").write_text(ignored)
        for file in (self.home / "environments").glob("*.json"):
            text = file.read_text()
            for old, new in self.changes.items():
                text = replace_whole(text, old, new)
            if file.name == "base.json":
                text = text.replace("{", "{" + self.said, 1)
            file.write_text(text)
        self.git("init", "-q", "-b", self.branch)
        self.commit("Begin")

    def prepare_databases(self):
        for environment in ("staging", "production"):
            self.prepare_database(environment)

    def prepare_database(self, environment):
        told = {"DEPLOYCTL_DB_ADMIN_PASSWORD": self.server.password}
        self.run("database", "prepare", environment, "--admin", self.server.user, told=told)

    def keep(self, secret, value):
        file = self.home / ".secrets" / secret
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(value + "\n")

    # What changes it

    def git(self, *words):
        done = subprocess.run(
            ["git", *words], cwd=self.repository, env=self.environment, capture_output=True, text=True, timeout=60)
        expect(done.returncode == 0, f"git {words[0]} works", done.stderr)
        return done.stdout.strip()

    def commit(self, subject):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)
        self.commits += 1

    def apply(self, patch):
        self.git("apply", *self.inside(), str(patch))
        self.commit(patch.stem)

    def take_back(self, patch):
        """What this patch brought, with the next commit."""
        self.git("apply", "--reverse", *self.inside(), str(patch))

    def inside(self):
        """Where in the repository the example lies, as `git apply` is told."""
        return [] if self.repository == self.place else [f"--directory={self.place.relative_to(self.repository)}"]

    # deployctl, as README says: from the top of the repository

    def connection(self, environment):
        """To the front of an environment, as a visitor has it."""
        return http.client.HTTPConnection("127.0.0.1", self.ports[environment], timeout=20)

    def attempt(self, *words, told=None, patience=PATIENCE):
        try:
            return subprocess.run(
                [self.deployctl, "-C", self.home.relative_to(self.folder), *words], cwd=self.folder,
                env=self.environment | (told or {}), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience)
        except subprocess.TimeoutExpired:
            raise Unexpected(f"deployctl {' '.join(words)} has not ended after {patience} s") from None

    def run(self, *words, code=0, told=None):
        done = self.attempt(*words, told=told)
        found = f"{done.returncode}: {done.stderr[-3000:] or done.stdout[-3000:]}"
        expect(code in (None, done.returncode), f"deployctl {' '.join(words)} ends with {code}", found)
        return done.stdout + done.stderr

    def json(self, *words, code=0):
        done = self.attempt(*words, "--json")
        expect(done.returncode == code, f"deployctl {' '.join(words)} ends with {code}", f"{done.returncode}: {done.stderr[-3000:]}")
        return json.loads(done.stdout)

    def rows(self, environment, sql):
        return self.server.rows(sql, f"{self.stem}_{environment}")

    def there(self, words, told=None):
        """What a program says on the machine that serves."""
        return output(words, told)

    def shared(self, environment):
        """The folder of what outlives releases, as it is now."""
        return self.home / ".deployctl" / environment / "shared"

    def lose_power(self):
        """Whatever runs of it ends now; the stand-ins are other people's machines."""
        others = {program.pid for program in self.started}
        for pid in running():
            if pid not in others and self.owns(pid):
                os.kill(pid, signal.SIGKILL)
        eventually(lambda: not [pid for pid in running() if pid not in others and self.owns(pid)])

    def regain_power(self):
        """Nothing of it runs by itself."""

    # The end

    def start(self, *words):
        program = subprocess.Popen(words, cwd=self.place, env=self.environment, stdout=subprocess.DEVNULL)
        self.started.append(program)

    def stop(self):
        for environment in ("production", "staging"):
            try:
                self.attempt("stop", environment, patience=60)
            except Unexpected as error:
                sys.stderr.write(f"{error}\n")

    def end(self, keep=False):
        self.stop()
        for program in self.started:
            program.kill()
            program.wait()
        self.end_processes()
        self.forget()
        if keep:
            sys.stderr.write(f"kept: {self.folder}\n")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def forget(self):
        """What its databases left on the server."""
        self.server.forget(self.stem)

    def end_processes(self):
        """The edges' nginx, and whatever else works in this very folder."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            found = [pid for pid in running() if self.owns(pid)]
            for pid in found:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
            ends = time.monotonic() + 3
            while any(map(self.owns, found)) and time.monotonic() < ends:
                time.sleep(0.05)

    def owns(self, pid):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            place = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            return False
        return f"{self.folder}/" in words or f"{place}/".startswith(f"{self.folder}/")


def replace_whole(text, old, new):
    """Not where `old` is a part of a longer number."""
    return re.sub(rf"(?<!\d){re.escape(old)}(?!\d)", lambda _: new, text)


def running():
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if int(entry.name) != os.getpid()]


def free_ports(count):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
