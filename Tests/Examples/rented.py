#!/usr/bin/env python3
"""An example on a machine that was rented a minute ago, by the lines of its README: over ssh, served by HTTPS, restarted.

    Tests/Examples/rented.py PATH_TO_DEPLOYCTL

DEPLOYCTL_TEST_SERVER names the program that makes such a machine. The certificate is a real authority's, of TB_ACME_DIRECTORY;
its questions are led to the machine's port 80, and its address there is led back here. Every other name is the machine's own.
"""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True

from claims import Unexpected, eventually, expect  # noqa: E402
from machine import VARIABLE, Machine, pack  # noqa: E402
from project import Project  # noqa: E402

NAME = "tenants.example"
# MB of such a machine.
LARGEST = 2048
# The authority fetches from here what proves that the name is ours.
QUESTIONS = ("127.0.0.1", int(os.environ.get("TB_ACME_HTTP_PORT", "15080")))


class Rented(Machine):
    def __init__(self, project):
        super().__init__("tenants")
        self.begin()
        self.project, self.started = project, []
        self.folder, self.place = project.folder / "rented", project.folder / "rented" / "tenants"
        self.http = int(self.facts["SERVER_HTTP"].rpartition(":")[2])
        self.https = int(self.facts["SERVER_HTTPS"].rpartition(":")[2])

    # The laptop

    def furnish(self):
        """The example as a project of its own, as README says, and ssh that leads to the machine by its name."""
        shutil.copytree(self.project.source, self.place, ignore=shutil.ignore_patterns("releases", "refused", "__pycache__"))
        (self.folder / "bin").mkdir()
        self.know(self.folder)
        (self.folder / "bin" / "deployctl").symlink_to(self.project.deployctl)
        self.environment = self.project.environment | {"PATH": f"{self.folder}/bin:{self.project.environment['PATH']}"}
        self.package = pack(self.project.deployctl, self.folder / "deployctl_0.1.0_amd64.deb")
        self.type("git init -q -b main && git add -A && git commit -q -m Begin")
        shutil.copy(os.environ["TB_ACME_CA"], self.place / "authority.pem")

    def type(self, line, patience=900, code=0):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], cwd=self.place, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=patience)
        expect(done.returncode == code, f"{line} ends with {code}", f"{done.returncode}: {done.stderr[-3000:]}")
        return done.stdout + done.stderr

    def lines(self):
        """What README says under its heading, for this name, this package, and an authority of this machine's."""
        text = (self.project.source / "README.md").read_text().partition("## On a rented server")[2]
        for line in re.search(r"```sh\n(.*?)```", text, re.S)[1].splitlines():
            line = line.partition("   #")[0].replace("YOUR.NAME", NAME).replace("~/deployctl_0.1.0_amd64.deb", str(self.package))
            if line.startswith("deployctl production"):
                line += " --confirm CONFIRM"
            if line.startswith("git apply"):
                line = line.replace(" && git commit", " && " + " && ".join(self.own()) + " && git commit")
            yield line

    def own(self):
        directory = os.environ["TB_ACME_DIRECTORY"]
        yield f"""sed -i 's|"program": "lego"|&, "directory": "{directory}", "ca": "authority.pem"|' environments/*.json"""
        mail = self.project.ports["mail"]
        yield f"sed -i 's/^EMAIL_HOST=.*/EMAIL_HOST=127.0.0.1/; s/^EMAIL_PORT=.*/EMAIL_PORT={mail}/; /^EMAIL_HOST_/d' env.example"
        yield "git add authority.pem"

    # What lies between here and there

    def lead(self):
        """The authority and the mail server of this machine, as the rented one reaches them, and the authority's questions."""
        authority = int(os.environ["TB_ACME_DIRECTORY"].split(":")[2].partition("/")[0])
        ports = [word for port in (authority, self.project.ports["mail"]) for word in ("-R", f"{port}:127.0.0.1:{port}")]
        self.started.append(subprocess.Popen(["ssh", "-N", *ports, f"deploy@{NAME}"], env=self.environment))
        self.listener = socket.create_server(QUESTIONS)
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            try:
                asked, _ = self.listener.accept()
            except OSError:
                return
            answers = socket.create_connection(("127.0.0.1", self.http))
            for one, other in ((asked, answers), (answers, asked)):
                threading.Thread(target=passed, args=(one, other), daemon=True).start()

    # What visitors find

    def trust(self):
        """A client that knows the authority, and no other."""
        context = ssl.create_default_context(cafile=os.environ["TB_ACME_CA"])
        with urllib.request.urlopen(os.environ["TB_ACME_ROOT_URL"], context=context, timeout=10) as answer:
            return ssl.create_default_context(cadata=answer.read().decode())

    def health(self, name=NAME):
        with socket.create_connection(("127.0.0.1", self.https), timeout=5) as plain, \
                self.trust().wrap_socket(plain, server_hostname=name) as connection:
            connection.sendall(f"GET /api/health HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            content = b""
            while part := connection.recv(65536):
                content += part
        head, _, body = content.partition(b"\r\n\r\n")
        return json.loads(body) if b" 200 " in head.partition(b"\r\n")[0] else None

    def memory(self):
        """MB that all of the machine's processes take together, what they share counted once."""
        found = self.root("cat /proc/[0-9]*/smaps_rollup 2>/dev/null | awk '/^Pss:/ {sum += $2} END {print int(sum / 1024)}'")
        return int(found)

    def end(self):
        for program in self.started:
            program.kill()
            program.wait()
        if hasattr(self, "listener"):
            self.listener.close()
        super().end()


def passed(one, other):
    try:
        while part := one.recv(65536):
            other.sendall(part)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def main():
    unknown = {VARIABLE, "TB_ACME_DIRECTORY", "TB_ACME_CA", "TB_ACME_ROOT_URL"} - set(os.environ)
    if missing := Project.missing() or ", ".join(sorted(unknown)):
        print(f"skipped: {missing}")
        return os.environ.get("DEPLOYCTL_TEST_REQUIRE") == "all"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    project, began = Project("tenants", Path(sys.argv[1]).resolve(), {"18290": "mail", "18291": "letters"}), time.monotonic()
    try:
        project.furnish()
        project.start("stand-ins/mail", "serve", str(project.ports["mail"]), str(project.ports["letters"]))
        print(tell(project, lambda what: print(f"{time.monotonic() - began:6.1f} s  rented: {what}", flush=True)))
    except Unexpected as error:
        print(f"rented: {error}", file=sys.stderr)
        return True
    finally:
        project.end(keep="EXAMPLES_KEEP" in os.environ)


def tell(project, say):
    """From a clone to HTTPS by README's lines, one more release, a rollback, and a restart of the machine."""
    rented = Rented(project)
    try:
        rented.furnish()
        began = time.monotonic()
        for line in rented.lines():
            if line.startswith("for e in staging production; do deployctl database"):
                rented.lead()
            say(line[:60])
            rented.type(line)
        served = eventually(rented.health)
        minutes = (time.monotonic() - began) / 60
        expect(minutes < 10, "from a clone to HTTPS in less than ten minutes", round(minutes, 1))
        rented.type("git commit -q --allow-empty -m Next && deployctl staging && deployctl production --confirm CONFIRM")
        expect(rented.health()["release"] != served["release"], "another release serves")
        rented.type("deployctl rollback previous --confirm CONFIRM")
        expect(rented.health()["release"] == served["release"], "the first release serves again")
        memory = rented.memory()
        expect(memory < LARGEST, "both environments fit into the smallest machine that is let", f"{memory} MB")
        rented.call("reboot")
        back = time.monotonic()
        eventually(lambda: rented.health() and rented.health("staging." + NAME), seconds=120)
        back = time.monotonic() - back
        rented.type("deployctl status && deployctl server check")
        return f"{minutes:.1f} min to HTTPS, {memory} MB, back {back:.0f} s after the restart"
    finally:
        rented.end()


if __name__ == "__main__":
    sys.exit(main())
