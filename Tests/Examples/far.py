"""An example that a machine of its own serves: commands are typed here and run there, over ssh."""

import os
import re
import shutil
import subprocess

from claims import output
from containers import ContainedProject
from machine import VARIABLE, Machine, Tunnel, pack
from project import Project, Server


class ServerThere(Server):
    """The PostgreSQL server of that machine's own Debian, which knows its administrator by the account."""

    def __init__(self, project):
        super().__init__(None, "5432", None, None)
        self.project = project

    def ask(self, words, sql):
        return self.project.there(["runuser", "-u", "postgres", "--", *words], sql)


class FarProject(Project):
    """Mixed into a kind of project. Ports have one number here and there."""

    # What other companies' machines would answer is answered here, and asked from there.
    ours = {"outside", "mail", "letters", "queue"}

    def __init__(self, name, deployctl, usual):
        super().__init__(name, deployctl, usual)
        self.repository, self.server = self.home, ServerThere(self)
        del self.changes['"port": 5432']
        self.host = f"{name}.example"
        self.said += f' "host": "deploy@{self.host}",'
        self.folder_there = f"deployctl/{getattr(self, 'label', name)}"
        self.machine, self.tunnel = Machine(name), None

    @classmethod
    def missing(cls):
        if VARIABLE not in os.environ:
            return f"{VARIABLE} names no program that makes machines"
        return super().missing() if issubclass(cls, ContainedProject) else None

    def use_wheels(self):
        """Packages are fetched there."""

    def furnish(self):
        """The machine is there too, with the images that it would have from a registry."""
        super().furnish()
        is_contained = isinstance(self, ContainedProject)
        self.machine.begin(*["--docker"] if is_contained else [])
        self.machine.know(self.folder)
        if is_contained:
            self.machine.load(self.images())

    def images(self):
        texts = [file.read_text() for name in ("compose.yml", "Dockerfile") for file in self.place.rglob(name)]
        return sorted(set(re.findall(r"^(?: +image:|FROM) ([\w.:]+)$", "\n".join(texts), re.M)))

    def prepare_databases(self):
        """As README says of a rented server: it is made ready, and secrets are brought."""
        package = pack(self.deployctl, self.folder / "deployctl_0.1.0_amd64.deb")
        self.run("server", "prepare", f"root@{self.host}", "--package", str(package), "--yes")
        self.machine.root("echo 'deploy ALL=(postgres) NOPASSWD: ALL' > /etc/sudoers.d/deployctl")
        self.bring(".secrets")
        here = {port for meaning, port in self.ports.items() if meaning in self.ours}
        self.tunnel = Tunnel(f"deploy@{self.host}", self.environment, set(self.ports.values()) - here, here)
        super().prepare_databases()

    def prepare_database(self, environment):
        self.run("database", "prepare", environment)

    def bring(self, folder):
        """One of the project's folders that is in no commit."""
        packed = subprocess.run(["tar", "-C", self.home, "-c", folder], capture_output=True, check=True, timeout=60).stdout
        words = ["ssh", f"deploy@{self.host}", f"tar -C {self.folder_there} -x"]
        subprocess.run(words, input=packed, env=self.environment, check=True, timeout=60)

    def there(self, words, told=None):
        return self.machine.call("sh", *words, told=told)

    def shared(self, environment):
        """A copy of it, here."""
        copy = self.folder / "copies" / environment
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        source = f"deploy@{self.host}:{self.folder_there}/.deployctl/{environment}/shared/."
        output(["scp", "-q", "-r", "-S", self.folder / "bin" / "ssh", source, copy])
        return copy

    # The end

    def stop(self):
        """It ends with the machine."""

    def forget(self):
        """All of it was on the machine."""

    def end(self, keep=False):
        if self.tunnel:
            self.tunnel.end()
        super().end(keep)
        if not keep:
            self.machine.end()
