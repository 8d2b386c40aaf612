"""A project with one service and one edge, for what is measured beside the quickstart."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from measure import Command

SERVER = '''\
import http.server, os, signal, socketserver, threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET

    def address_string(self):
        return "front"

    def log_message(self, *words):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.%s):
    daemon_threads = True
    allow_reuse_address = True


server = Server(%s, Handler)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever(0.02)
'''
ON_SOCKET = SERVER % ("UnixStreamServer", 'os.environ["SOCKET"]')
ON_PORT = SERVER % ("TCPServer", '("", 8000)')


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Shop:
    """A project in a folder of its own, in a git repository."""

    def __init__(self, deployctl):
        self.deployctl = deployctl
        self.folder = Path(tempfile.mkdtemp(prefix="dcb", dir="/tmp"))
        os.chmod(self.folder, 0o755)
        self.port = free_port()
        self.variables = {
            name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYCTL_", "GIT_"))}
        self.variables.update(
            GIT_CONFIG_GLOBAL="/dev/null", GIT_AUTHOR_NAME="Bench", GIT_AUTHOR_EMAIL="bench@example.org",
            GIT_COMMITTER_NAME="Bench", GIT_COMMITTER_EMAIL="bench@example.org")
        # A version manager's stand-in for python3 would be measured instead of python3.
        interpreter = os.path.dirname(os.path.realpath(sys.executable))
        self.variables["PATH"] = f"{interpreter}:{os.environ['PATH']}"
        self.write(".gitignore", ".deployctl/\nbackups/\nlogs/\n.secrets/\n*.cnf\n*.dump\n*.zst\ndisk\n")

    def write(self, path, text, mode=0o644):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def commit(self, subject="Begin"):
        if not (self.folder / ".git").exists():
            self.command("git", "init", "-q", "-b", "main").seconds()
        self.command("git", "add", "-A").seconds()
        self.command("git", "commit", "-q", "-m", subject).seconds()

    def command(self, *words):
        return Command(*words, folder=self.folder, variables=self.variables)

    def tool(self, *words):
        return self.command(self.deployctl, *words)

    def steps(self, *words):
        """Runs a deployment; seconds of each of its steps by title."""
        result = subprocess.run(
            [self.deployctl, *words, "--progress", "json", "--json"], cwd=self.folder, env=self.variables,
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"bench: deployctl {' '.join(words)} exits {result.returncode}:\n{result.stderr}")
        events = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
        return {event["title"]: event["seconds"] for event in events if event.get("event") == "finished"}

    @contextlib.contextmanager
    def kept(self):
        """While a keeper looks after what serves."""
        keeper = subprocess.Popen(
            [self.deployctl, "boot", "run"], cwd=self.folder, env=self.variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while not self.has_keeper():
            if time.monotonic() > until:
                raise SystemExit("bench: the keeper does not begin")
            time.sleep(0.05)
        try:
            yield
        finally:
            keeper.terminate()
            keeper.wait()

    def has_keeper(self):
        # Nothing starts it with the machine, which ends with 19.
        status = subprocess.run(
            [self.deployctl, "boot", "status", "--json"], cwd=self.folder, env=self.variables,
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return (json.loads(status.stdout)["keeper"] or "").startswith("process")

    def last_backup(self, environment="staging"):
        return json.loads(self.tool("backup", "list", environment, "--json").output())["backups"][0]["timestamp"]

    def remove(self):
        subprocess.run(
            [self.deployctl, "stop", "staging"], cwd=self.folder, env=self.variables,
            stdin=subprocess.DEVNULL, capture_output=True)
        self.end_processes()
        shutil.rmtree(self.folder, ignore_errors=True)

    def end_processes(self):
        """Those that work in this folder or name it in their arguments."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
                place = os.readlink(entry / "cwd")
                if int(entry.name) != os.getpid() and (f"{self.folder}/" in words or f"{place}/".startswith(f"{self.folder}/")):
                    os.kill(int(entry.name), signal.SIGTERM)
            except OSError:
                continue


def database_shop(deployctl, define):
    """A shop on the process runtime whose database `define` describes."""
    shop = Shop(deployctl)
    shop.write("app/server.py", ON_SOCKET)
    shop.write("migrations/V0001_item.sql", "CREATE TABLE item (id INT PRIMARY KEY);\n")
    database, password = define(shop.folder)
    shop.write(".secrets/password", password, 0o600)
    os.chmod(shop.folder / ".secrets", 0o700)
    shop.write("environments/staging.json", json.dumps({
        "project": "bench", "watch": "0s", "drain": "2s", "logs": "logs",
        "services": {
            "web": {
                "role": "app", "command": ["python3", "app/server.py"], "listen": "socket",
                "health": {"path": "/health", "timeout": "30s"}},
            "front": {"role": "edge", "routes": {"/": "web"}},
        },
        "ports": {"http": shop.port}, "migrations": {"directory": "migrations"}, "database": database,
        "backup": {"directory": "backups", "verify": "restore", "keep": {"last": 2}},
    }, indent=2))
    shop.commit()
    return shop


class Writer:
    """Posts without pause, each on a connection of its own; how long it was refused for."""

    def __init__(self, port):
        self.port = port
        self.refused_from = self.refused_until = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.write, daemon=True)
        self.thread.start()

    def write(self):
        while not self.stopping.wait(0.005):
            began = time.perf_counter()
            if self.accepted():
                if self.refused_from is not None and self.refused_until is None:
                    self.refused_until = time.perf_counter()
            else:
                self.refused_from = self.refused_from or began
                self.refused_until = None

    def accepted(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/", "x")
            answer = connection.getresponse()
            answer.read()
            return answer.status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def refused(self):
        self.stopping.set()
        self.thread.join()
        if self.refused_from is None or self.refused_until is None:
            raise SystemExit("bench: no write was refused, or writes are still refused")
        return self.refused_until - self.refused_from
