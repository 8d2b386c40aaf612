"""What people who order, who watch, and the restaurants do, and what has to be left of it."""

import http.client
import itertools
import json
import secrets
import subprocess
import threading
import time
import urllib.request

from claims import eventually, expect
from containers import ContainedProject
from edge import expect_rate_limited
from traffic import Ask


class Watched(ContainedProject):
    watchers, others = (), ("partners",)

    def lose_power(self):
        for watcher in self.watchers:
            watcher.is_excused = True
        super().lose_power()

    def end(self, keep=False):
        for watcher in self.watchers:
            watcher.stopping.set()
        super().end(keep)


NAME = "delivery"
KIND = Watched
PORTS = {
    "18380": "staging", "18381": "production", "18382": "staging-database", "18383": "production-database",
    "18384": "staging-partners", "18385": "production-partners"}
# A machine that tests has no time to spare.
CHANGES = {'"p95": "200ms"': '"p95": "9s"', '"100", "200"': '"12", "9000"'}
HOOK = False
GREETING = "/api/health"
REFUSED_BY = "commands"
MIGRATION_FAILS_WITH = 15

STATES = ["accepted", "cooking", "collected", "delivered"]
DISHES = {"noodles": "ramen", "oven": "calzone", "garden": "soup"}
# A day of the business.
ORDERS_A_DAY = 1000
# Whose order is only accepted at the very end: they watch through every release and every way back.
PATIENT = 12

# One row for each key that somebody's acknowledged request left, in the production database.
STORED = """
    SELECT 'order', key, count(*) FROM orders GROUP BY key;
    SELECT state, order_key, count(*) FROM partner_events GROUP BY 1, 2;
"""

# Each answers with no row, whatever came between.
NEVER = {
    "an order whose stage is not its newest event": "SELECT key, stage FROM orders WHERE stage <>"
        " (SELECT count(*) FROM order_events WHERE order_id = orders.id)",
    "an order with another total than its lines": "SELECT key, total FROM orders WHERE total <>"
        " (SELECT sum(count * price) FROM order_lines WHERE order_id = orders.id)",
    "an order without its job": "SELECT key FROM orders WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.key = 'order:' || orders.key)",
    "a job that was not done": "SELECT key, state, error FROM jobs WHERE state <> 'done'",
    "an event that its order knows nothing of": "SELECT event FROM partner_events JOIN orders ON orders.key = order_key WHERE NOT EXISTS"
        " (SELECT 1 FROM order_events WHERE order_id = orders.id AND order_events.state = partner_events.state)",
}

TABLES = {"order": "orders"}
# A rollback with data loses none of these: the restaurants' own list is read again from where the data knows it.
COMES_BACK = tuple(STATES)


def prepare(project):
    for environment in ("staging", "production"):
        for secret in ("database", "keeper", "partner-key"):
            project.keep(f"{environment}/{secret}", secrets.token_hex(16))
    project.keep("alerts", partners(project, "production", "alerts"))


def partners(project, environment, path):
    return f"http://127.0.0.1:{project.ports[f'{environment}-partners']}/{path}"


def ask(project, environment, path, method="GET"):
    """The stand-in for the restaurants, and for who is paged."""
    asked = urllib.request.Request(partners(project, environment, path), method=method)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)


def order(key, customer, number=0):
    restaurant = list(DISHES)[number % 3]
    body = {"key": key, "customer": customer, "restaurant": restaurant, "address": f"Größe 9, Haus {number} 🛵"}
    return Ask("POST", "/api/orders", body | {"dishes": {DISHES[restaurant]: 1 + number % 3}}, {}, (("order", key),))


def told(project, key, state):
    """What the restaurant says, signed by it, for the traffic to bring."""
    event = ask(project, "production", f"events/{key}/{state}", "POST")
    return Ask("POST", "/api/partners/events", event["body"].encode(), event["headers"], ((state, key),))


# Traffic

def readers(_):
    paths = ["/api/restaurants", "/", "/api/customers/one/orders", GREETING]
    return [lambda _: (Ask("GET", path) for path in itertools.cycle(paths))] * 2


def writers(project):
    """Three people who order, one after the other, and what the restaurants say of it."""
    project.watchers = []
    return [people(project, name) for name in ("one", "two", "three")]


def people(project, name):
    def asks(traffic):
        if name == "one":
            begin_watching(project, traffic)
        for number in itertools.count(1):
            key = f"{name}-{number}"
            yield order(key, name, number)
            for state in STATES:
                yield told(project, key, state)
            yield Ask("GET", f"/api/customers/{name}/orders")
    return asks


def begin_watching(project, traffic):
    for number in range(PATIENT):
        placed = order(f"patient-{number}", "patient", number)
        traffic.model.send(placed.leaves)
        status, answer = traffic.once(placed)
        expect(status == 201, "an order is taken", answer)
        traffic.model.acknowledge(placed.leaves)
        project.watchers.append(Watcher(project.ports["production"], f"patient-{number}"))


class Watcher(threading.Thread):
    """A browser that waits for news of one order, and comes again, as browsers do, when the stream ends."""

    def __init__(self, port, key):
        super().__init__(daemon=True)
        self.port, self.key = port, key
        self.states, self.last, self.handovers, self.cuts = [], 0, 0, []
        self.stopping = threading.Event()
        self.is_told, self.is_excused = False, False
        self.start()

    def run(self):
        while not self.stopping.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                connection.request("GET", f"/api/orders/{self.key}/live", headers={"Last-Event-ID": str(self.last)})
                answer = connection.getresponse()
                if answer.status != 200:
                    self.cut(f"answered {answer.status}")
                else:
                    self.is_told = True
                    self.read(answer)
                    self.handovers += 1
            except (OSError, http.client.HTTPException) as error:
                self.cut(f"{type(error).__name__}: {error}")
            finally:
                self.is_told = False
                connection.close()
            self.stopping.wait(0.3)

    def cut(self, how):
        if not self.is_excused:
            self.cuts.append(how)

    def read(self, answer):
        """Until its end; a stream that is cut has none, and raises."""
        rest = b""
        while part := answer.read1(65536):
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                if line.startswith(b"id: "):
                    self.last = int(line[4:])
                elif line.startswith(b"data: "):
                    self.states.append(json.loads(line[6:])["state"])
            if self.stopping.is_set():
                return


# What is its own

def after_release(story, number):
    if number == 1:
        expect_rate_limited(story.project)
        expect_headers(story.project)


def expect_headers(project):
    """With pages, with what the API says, and with what is not there; another site's page may ask where it is named."""
    for path, origin in (("/", None), ("/api/restaurants", "https://noodles.example"), ("/nothing", "https://elsewhere.example")):
        connection = http.client.HTTPConnection("127.0.0.1", project.ports["production"], timeout=10)
        connection.request("GET", path, headers={"Origin": origin} if origin else {})
        headers = connection.getresponse().headers
        connection.close()
        expect("default-src 'self'" in headers["Content-Security-Policy"], f"{path} has its security headers", headers.items())
        allowed = origin if origin == "https://noodles.example" else None
        expect(headers["Access-Control-Allow-Origin"] == allowed, f"{origin} may ask {path}, or not", headers.items())


def try_outage(story):
    """The restaurants' systems fail on staging: dead jobs keep the promotion back, until they are well and told again."""
    project = story.project
    ask(project, "staging", "failing/error", "PUT")
    front = f"http://localhost:{project.ports['staging']}"
    connection = http.client.HTTPConnection("127.0.0.1", project.ports["staging"], timeout=10)
    connection.request("POST", "/api/orders", json.dumps(order(f"outage-{time.time_ns()}", "outage").body))
    expect(connection.getresponse().status == 201, f"{front} takes orders while restaurants do not answer")
    connection.close()
    eventually(lambda: project.rows("staging", "SELECT key FROM jobs WHERE state = 'dead'"), seconds=60)
    story.expect_refusal("dead-jobs")
    ask(project, "staging", "failing/no", "PUT")
    project.run("exec", "staging", "api", "--", "node", "server/again.js")
    eventually(lambda: not project.rows("staging", "SELECT key FROM jobs WHERE state <> 'done'"), seconds=60)


def finish(story):
    """Whoever watched from the first release on is told what comes at the very end, once."""
    project = story.project
    drill = project.run("backup", "verify", "production", "--sample", "1")
    expect("restored" in drill, "a backup was restored", drill)
    traffic = story.traffic["production"]
    for watcher in project.watchers:
        expect(len(project.watchers) == PATIENT, "all of them watch", len(project.watchers))
        event = told(project, watcher.key, "accepted")
        traffic.model.send(event.leaves)
        expect(traffic.once(event)[0] == 201, "the restaurant accepts it")
        traffic.model.acknowledge(event.leaves)
    wanted = [["placed", "accepted"]] * PATIENT
    eventually(lambda: [watcher.states for watcher in project.watchers] == wanted)
    for watcher in project.watchers:
        watcher.stopping.set()
    cuts = [cut for watcher in project.watchers for cut in watcher.cuts]
    expect(not cuts, "no stream was cut", cuts[:5])
    moves = story.releases - 1 + story.rollbacks
    fewest = min(watcher.handovers for watcher in project.watchers)
    expect(fewest >= moves, f"each stream was handed over {moves} times", fewest)


def after_power(project):
    """Browsers come again."""
    eventually(lambda: all(watcher.is_told for watcher in project.watchers))
    for watcher in project.watchers:
        watcher.is_excused = False


def settle(project):
    """The queue is worked off."""
    eventually(lambda: not project.rows("production", "SELECT 1 FROM jobs WHERE state = 'open'"), seconds=180)


def expect_at_the_end(story):
    project = story.project
    known = set(ask(project, "production", "orders"))
    ours = {f"order:{key}" for kind, key in story.stored() if kind == "order"}
    sent = {f"order:{key}" for kind, key in story.traffic["production"].model.sent if kind == "order"}
    expect(ours <= known <= sent, "the restaurants were told of each order, and of none that nobody sent", len(ours ^ known))
    expect(story.is_quick or len(ours) >= ORDERS_A_DAY, f"at least {ORDERS_A_DAY} orders, a day of them", len(ours))
    expect_paged(project)
    metrics = project.run("metrics").splitlines()
    budget = [line for line in metrics if line.startswith("deployctl_slo_error_budget_ratio") and "production" in line]
    expect(budget, "what is left of the error budget is measured", metrics[:5])
    story.say(f"{len(ours)} orders, {budget[0]}")


def expect_paged(project):
    """The API ends: who is on call is told, and the status page says so; both hear when it is over."""
    for how, event in (("stop", "unhealthy"), ("start", "recovered")):
        project.turn("production", "api", how)
        eventually(lambda: event in pages(project), seconds=90)
    told = {alert["event"] for alert in ask(project, "production", "alerts")}
    expect({"failed", "refused", "unhealthy", "recovered"} <= told, "people were told what failed, what was refused and what ended", told)


def pages(project):
    """What the status page shows, after deployctl looked."""
    project.run("notifications", "send", code=None)
    with urllib.request.urlopen(f"http://127.0.0.1:{project.ports['production']}/incidents/latest.json", timeout=10) as answer:
        return [message["event"] for message in json.load(answer)["messages"]]
