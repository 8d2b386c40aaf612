"""Databases of a server, made and filled quickly, and what its bare tools need there and back."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from measure import Command

ROW = 1000


class Server:
    """Databases whose names begin with one stem, removed at the end."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.stem = f"dcb{secrets.token_hex(4)}"
        self.host, self.port, self.user, self.password = (self.variable(name) for name in ("HOST", "PORT", "USER", "PASSWORD"))
        self.variables = dict(os.environ)
        self.prepare()

    @classmethod
    def variable(cls, name):
        return os.environ.get(f"TB_{cls.name.upper()}_{name}", "")

    @classmethod
    def missing(cls):
        """Why nothing can be measured here; None when it can."""
        for name in ("HOST", "PORT", "USER", "PASSWORD"):
            if not cls.variable(name):
                return f"TB_{cls.name.upper()}_{name} is not set"
        for program in cls.programs:
            if not shutil.which(program):
                return f"{program} is not installed"
        return None

    def definition(self):
        return {
            "engine": self.engine, "host": self.host, "port": int(self.port), "name": self.stem, "user": self.user,
            "password": {"file": ".secrets/password"},
        }

    def shell(self, script):
        return Command("bash", "-c", f"set -euo pipefail\n{script}", folder=self.folder, variables=self.variables)

    def run(self, sql, database=None):
        result = subprocess.run(
            self.client(database), input=sql, env=self.variables, cwd=self.folder, capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"bench: {self.name} refuses:\n{result.stderr}")
        return result.stdout.split()

    def fill(self, megabytes):
        """One row is 1,000 bytes: a number, a short text with an index, and a long text that hardly compresses."""
        rows = megabytes * 1_000_000 // ROW
        note = ", ".join(f"md5(concat(n, '.{part}'))" for part in range(30))
        self.run(
            "DROP TABLE IF EXISTS ballast;"
            "CREATE TABLE ballast (id INT PRIMARY KEY, sku VARCHAR(40) NOT NULL, note TEXT NOT NULL);"
            "CREATE INDEX ballast_sku ON ballast (sku);"
            f"INSERT INTO ballast SELECT n, concat(md5(concat(n, '')), 'abcd'), concat({note}) FROM {self.numbers(rows)};",
            self.stem)


class MariaDB(Server):
    name, engine = "mariadb", "mysql"
    title = "MariaDB"
    tools = "mariadb-dump | zstd, zstd | mariadb"
    programs = ("mariadb", "mariadb-dump", "zstd")

    def prepare(self):
        self.options = self.folder / "client.cnf"
        self.options.touch(mode=0o600)
        self.options.write_text(
            f"[client]\nuser={self.user}\npassword={self.password}\nhost={self.host}\nport={self.port}\nprotocol=TCP\n")

    def client(self, database):
        return ["mariadb", f"--defaults-file={self.options}", "--batch", "--skip-column-names", *filter(None, [database])]

    def numbers(self, rows):
        return f"(SELECT seq AS n FROM seq_1_to_{rows}) AS number"

    def there_and_back(self):
        copy = f"{self.stem}_bare"
        self.run(f"DROP DATABASE IF EXISTS {copy}; CREATE DATABASE {copy};")
        return self.shell(
            f"mariadb-dump --defaults-file={self.options} --single-transaction --quick {self.stem} | zstd -q -T0 >bare.zst\n"
            f"zstd -q -dc bare.zst | mariadb --defaults-file={self.options} {copy}\nrm bare.zst").seconds()

    def drop(self):
        names = self.run(f"SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '{self.stem}%';")
        self.run("".join(f"DROP DATABASE `{name}`;" for name in names))


class PostgreSQL(Server):
    name, engine = "postgres", "postgresql"
    title = "PostgreSQL"
    tools = "pg_dump -Fc, pg_restore"
    programs = ("psql", "pg_dump", "pg_restore")

    def prepare(self):
        self.variables.update(PGHOST=self.host, PGPORT=self.port, PGUSER=self.user, PGPASSWORD=self.password)

    def client(self, database):
        return ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "--dbname", database or "postgres"]

    def numbers(self, rows):
        return f"generate_series(1, {rows}) AS n"

    def there_and_back(self):
        copy = f"{self.stem}_bare"
        self.run(f"DROP DATABASE IF EXISTS {copy};\n")
        self.run(f"CREATE DATABASE {copy};\n")
        return self.shell(
            f"pg_dump -Fc -f bare.dump {self.stem}\npg_restore -e -d {copy} bare.dump\nrm bare.dump").seconds()

    def drop(self):
        for name in self.run(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{self.stem}');"):
            self.run(f"DROP DATABASE {name} WITH (FORCE);")


SERVERS = (MariaDB, PostgreSQL)
