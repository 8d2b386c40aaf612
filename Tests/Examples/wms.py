"""What the warehouse's clerks do, and what has to be left of it."""

import http.client
import itertools
import json
import ssl
import subprocess
import time
import urllib.parse

from claims import expect, lines
from containers import ContainedProject, docker
from traffic import Ask


class Warehouse(ContainedProject):
    """Two warehouses whose names are this run's own; production's front is encrypted."""

    branch, is_at_the_top, client = "stable/prisma-mysql-8", True, None

    def __init__(self, name, deployctl, usual):
        super().__init__(name, deployctl, usual)
        for environment, volume in (("staging", "staging_mysql_data"), ("production", "production_mysql_data")):
            self.changes[f'"{environment}-network"'] = f'"{self.label}-{environment}-network"'
            self.changes[f'"{volume}"'] = f'"{self.label}-{volume}"'
        self.changes['"https://localhost"'] = f'"https://localhost:{self.ports["production"]}"'

    def connection(self, environment):
        if environment == "staging":
            return super().connection(environment)
        trusted = ssl.create_default_context(cafile=self.home / ".secrets/production/tls.crt")
        return http.client.HTTPSConnection("127.0.0.1", self.ports[environment], timeout=20, context=trusted)

    def rows(self, environment, sql):
        """As the administrator, whose password lies in the container for its client."""
        words = ["docker", "exec", "--interactive", self.container(environment, "database"), "mysql"]
        words += ["--defaults-extra-file=/run/secrets/deployctl-client.cnf", "--batch", "--skip-column-names"]
        words += ["--default-character-set=utf8mb4", DATABASES[environment]]
        return lines(self.there(words, sql))

    def container(self, environment, service):
        found = self.there(["docker", "ps", "--quiet", *self.labels(environment, service)]).split()
        expect(len(found) == 1, f"{environment} has one {service}", found)
        return found[0]


NAME = "wms"
KIND = Warehouse
PORTS = {
    "8080": "staging", "8443": "staging-encrypted", "5001": "staging-backend", "3308": "staging-database",
    "443": "production", "80": "production-redirect", "5000": "production-backend", "3307": "production-database"}
# A machine that tests has no time to spare, and nobody waits half an hour for it.
CHANGES = {'"p95": "200ms"': '"p95": "9s"', '"soak": "30m"': '"soak": "1s"'}
DATABASES = {"staging": "warehouse_wms_staging", "production": "warehouse_wms"}
HOOK = False
GREETING = "/api/health"
# A report is of all movements, and a file is synced to the disk.
PAUSE = 0.3
REFUSED_BY = "items"
MIGRATION_FAILS_WITH = 15

# What each release brought, asked of production afterwards.
BROUGHT = {
    1: "/api/items", 2: "/api/items", 3: "/api/movements?limit=5&since=2026-01-01T00:00:00Z", 4: "/api/suppliers",
    5: "/api/days", 6: "/api/items", 7: "/api/report", 8: "/api/items/1/prices", 9: "/api/counts", 10: "/api/to-order"}

# One row for each reference that somebody's acknowledged movement has, in the production database.
STORED = "SELECT 'movement', reference, COUNT(*) FROM movements GROUP BY reference;"

# Each answers with no row, whatever came between.
NEVER = {
    "an item whose stock is not its ledger": "SELECT sku, stock, ledger FROM stock_ledger WHERE stock <> ledger",
    "a movement that is not audited": "SELECT reference FROM movements WHERE NOT EXISTS"
        " (SELECT 1 FROM movement_audit WHERE movement_id = movements.id)",
    "a stock below nothing": "SELECT movement_id, stock_after FROM movement_audit WHERE stock_after < 0",
}

TABLES = {"movement": "movements"}


def prepare(project):
    subprocess.run([project.place / "make-secrets", "staging", "production"], cwd=project.home, check=True, capture_output=True)


def stored_beside(project):
    """The files, each of which says who it is."""
    return {("file", json.loads(file.read_text())["reference"]): 1 for file in (project.shared("production") / "uploads").glob("*.json")}


# Traffic

def log_in(traffic):
    status, answer = traffic.once(login(traffic))
    expect(status == 200, f"{traffic.environment} lets its clerk in", answer)
    return {"Authorization": f"Bearer {answer['token']}"}


def login(traffic):
    clerk = {"user": "demo", "password": "demo"}
    if traffic.environment == "production":
        secret = traffic.project.home / ".secrets/production/ADMIN_PASSWORD"
        clerk = {"user": "admin", "password": secret.read_text().strip()}
    return Ask("POST", "/api/login", clerk)


def readers(_):
    paths = ["/api/items", "/", "/api/report", GREETING, "/main.js", "/api/movements?limit=8", "/api/uploads"]

    def asks(traffic):
        signed = log_in(traffic)
        return (Ask("GET", path, headers=signed) for path in itertools.cycle(paths))
    return [asks] * 2


def writers(_):
    """Three clerks, each with an item, and all of them with one more."""
    return [clerk(name) for name in ("ada", "grace", "mary")]


def clerk(name):
    def asks(traffic):
        signed = log_in(traffic)
        items = [item(traffic, signed, sku) for sku in (f"BOX-{name}", "BOX-ALL")]
        for number in itertools.count(1):
            key = f"{name} {number}"
            yield movement(items[number % 2], "in", 1 + number % 3, key, signed)
            if number % 4 == 0:
                yield movement(items[number % 2], "out", 1, f"{key} back", signed)
            if number % 3 == 0:
                yield Ask("PUT", f"/uploads/{name}-{number}.json", {"reference": key, "text": "Größe 9 🧤"}, signed, (("file", key),))
                yield Ask("GET", f"/uploads/{name}-{number}.json")
            yield Ask("GET", f"/api/movements?reference={urllib.parse.quote(key)}", headers=signed)
            if number % 20 == 0:
                yield login(traffic)
    return asks


def item(traffic, signed, sku):
    """Whoever comes first puts it on the list."""
    traffic.once(Ask("POST", "/api/items", {"sku": sku, "name": f"Box of {sku} 📦", "unit_price_cents": 120}, signed))
    _, items = traffic.once(Ask("GET", "/api/items", headers=signed))
    return next(found["id"] for found in items if found["sku"] == sku)


def movement(item_id, kind, quantity, key, signed):
    body = {"item": item_id, "kind": kind, "quantity": quantity, "reference": key}
    return Ask("POST", "/api/movements", body, signed, (("movement", key),))


# What is its own

def before_promotion(_):
    """It has to have run on staging for a while, however short that is here."""
    time.sleep(1.5)


def after_release(story, number):
    traffic = story.traffic["production"]
    status, answer = traffic.once(Ask("GET", BROUGHT[number], headers=log_in(traffic)))
    expect(status == 200, f"release {number} answers {BROUGHT[number]}", answer)


def try_outage(story):
    """On staging somebody changes a stock past the ledger: no promotion until it is put right."""
    project = story.project
    project.rows("staging", "UPDATE items SET stock = stock + 1 WHERE sku = 'BOX-S'")
    story.expect_refusal("items")
    project.rows("staging", "UPDATE items SET stock = stock - 1 WHERE sku = 'BOX-S'")


def finish(story):
    """A backup comes back, and neither environment reaches the other's database."""
    project = story.project
    drill = project.run("backup", "verify", "production", "--sample", "1")
    expect("restored" in drill, "a backup was restored", drill)
    for here, there in itertools.permutations(("staging", "production")):
        expect(reach(project, here, address(project, here)) == "reached", f"{here} reaches its own database")
        expect(reach(project, here, "database") == "reached", f"{here} reaches its own database by name")
        found = reach(project, here, address(project, there))
        expect(found == "out of reach", f"{here} does not reach {there}'s database", found)


REACH = """
const socket = require('node:net').connect({ host: process.argv[1], port: 3306, timeout: 3000 });
const say = (what) => { console.log(what); process.exit(); };
socket.on('connect', () => say('reached'));
for (const event of ['error', 'timeout']) socket.on(event, () => say('out of reach'));
"""


def reach(project, environment, host):
    done = project.attempt("exec", environment, "backend", "--", "node", "-e", REACH, host)
    expect(done.returncode == 0, f"something runs beside {environment}'s backend", done.stderr)
    return done.stdout.strip()


def address(project, environment):
    (found,) = docker(
        "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", project.container(environment, "database"))
    return found


def expect_at_the_end(story):
    """The report of the database's own procedure says so too, and it is production's alone."""
    project = story.project
    traffic = story.traffic["production"]
    _, report = traffic.once(Ask("GET", "/api/report", headers=log_in(traffic)))
    expect(report["balanced"], "stock and ledger are the same", report)
    there = project.rows("staging", "SELECT reference FROM movements WHERE reference NOT IN ('check', 'opening stock')")
    expect(not there, "nothing of production is in staging", there[:5])
    plain = http.client.HTTPConnection("127.0.0.1", project.ports["production-redirect"], timeout=10)
    plain.request("GET", "/")
    answer = plain.getresponse()
    expect((answer.status, answer.headers["X-Environment"]) == (308, "prod"), "80 only redirects", (answer.status, answer.headers.items()))
