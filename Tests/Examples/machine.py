"""A machine that was rented a minute ago: its root is let in by ssh, and nothing else is there."""

import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

from claims import expect

# Names the program that makes such machines: `up NAME [KIND]`, `env`, `sh`, `reboot`, `power-cut` and `down`.
VARIABLE = "DEPLOYCTL_TEST_SERVER"


class Machine:
    def __init__(self, name):
        self.name, self.program = name, os.environ[VARIABLE]

    def begin(self, *kind):
        self.call("down")
        self.call("up", *kind)
        self.facts = dict(line.split("=", 1) for line in self.call("env").splitlines())
        self.root("install -d -m 700 /root/.ssh && install -m 600 /home/deploy/.ssh/authorized_keys /root/.ssh/"
                  " && userdel -rf deploy; rm -f /etc/sudoers.d/deploy")

    def call(self, verb, *words, told=None):
        done = subprocess.run([self.program, verb, self.name, *words], input=told, capture_output=True, text=True, timeout=300)
        expect(verb == "down" or done.returncode == 0, f"server {verb} works", done.stderr[-2000:])
        return done.stdout

    def root(self, script):
        return self.call("sh", "bash", "-c", script)

    def load(self, images):
        """Gives its engine what this machine's has."""
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saved:
            done = subprocess.run(
                [self.program, "sh", self.name, "docker", "load"], stdin=saved.stdout, capture_output=True, text=True, timeout=600)
        expect(saved.returncode == 0 and done.returncode == 0, "the images are there", done.stderr[-2000:])

    def know(self, folder):
        """An ssh in bin of this folder that leads to the machine, whichever its name is."""
        told = {"HostName": self.facts["SERVER_SSH_HOST"], "Port": self.facts["SERVER_SSH_PORT"], "IdentityFile": self.facts["SERVER_SSH_KEY"],
                "IdentitiesOnly": "yes", "UserKnownHostsFile": self.facts["SERVER_KNOWN_HOSTS"]}
        (folder / "config").write_text("".join(f"{key} {value}\n" for key, value in told.items()))
        ssh = folder / "bin" / "ssh"
        ssh.write_text(f"#!/bin/sh\nexec /usr/bin/ssh -F '{folder}/config' \"$@\"\n")
        ssh.chmod(0o755)

    def end(self):
        self.call("down")


class Tunnel(threading.Thread):
    """Leads ports from here to there and from there to here, and again whenever the machine is back."""

    def __init__(self, host, environment, there=(), here=()):
        super().__init__(daemon=True)
        ways = [("-L", port) for port in there] + [("-R", port) for port in here]
        self.words = ["ssh", "-N", "-o", "ExitOnForwardFailure=yes", "-o", "ServerAliveInterval=2", "-o", "ConnectTimeout=2"]
        self.words += [word for way, port in ways for word in (way, f"127.0.0.1:{port}:127.0.0.1:{port}")] + [host]
        self.environment, self.ended, self.program = environment, threading.Event(), None
        self.start()

    def run(self):
        while not self.ended.is_set():
            self.program = subprocess.Popen(self.words, env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.program.wait()
            self.ended.wait(0.2)

    def end(self):
        self.ended.set()
        if self.program:
            self.program.kill()
        self.join()


def pack(program, package):
    """The program as a package, with the libraries that a machine without Swift lacks."""
    tree = package.parent / "package"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        "Package: deployctl\nVersion: 0.1.0\nArchitecture: amd64\nMaintainer: nobody <nobody@localhost>\n"
        "Depends: git, libsqlite3-0, libstdc++6, libgcc-s1\nDescription: the program that is tried\n")
    needed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    libraries = [file for file in re.findall(r"=> (/\S+)", needed)
                 if not re.search(r"/lib(c|m|dl|rt|pthread|sqlite3|stdc\+\+|gcc_s)\.so", file)]
    for file, place in [(program, "/usr/bin/deployctl"), *zip(libraries, libraries)]:
        to = Path(f"{tree}{place}")
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(os.path.realpath(file), to)
    subprocess.run(["dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "--build", tree, package], check=True, capture_output=True)
    return package
