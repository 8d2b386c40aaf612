"""What box4kids' families and their payment providers do, and what has to be left of it."""

import http.client
import itertools
import json
import subprocess
import urllib.request

from claims import eventually, expect
from edge import expect_rate_limited
from traffic import Ask

NAME = "box4kids"
PORTS = {"18280": "staging", "18281": "production", "18290": "outside"}
# A machine that tests has no time to spare.
CHANGES = {'"p95": "200ms"': '"p95": "9s"', '"40", "500"': '"16", "9000"'}
HOOK = False
GREETING = "/api/health"
REFUSED_BY = "commands"
MIGRATION_FAILS_WITH = 15

# Switch, the share of families, and the share to go back to: how it is rolled out.
STAGES = [("wallet", "10%", "off"), ("wallet", "50%", "10%"), ("wallet", "on", "50%"), ("receipts", "on", "off")]

# One row for each key that somebody's acknowledged request left, in the production database.
STORED = """
    SELECT 'payment', key, count(*) FROM payments GROUP BY key;
    SELECT entries.kind, key, count(*) FROM entries JOIN payments ON payments.id = payment_id GROUP BY 1, 2;
"""

# Each answers with no row, whatever came between.
NEVER = {
    "a payment whose state is not the ledger's": "SELECT key, state FROM payments WHERE state <> CASE"
        " (SELECT count(*) FROM entries WHERE payment_id = payments.id) WHEN 0 THEN 'pending' WHEN 1 THEN 'paid' ELSE 'refunded' END",
    "a family with other boxes than it paid": "SELECT family, paid_boxes FROM subscriptions WHERE paid_boxes <>"
        " (SELECT count(*) FROM payments WHERE subscription_id = subscriptions.id AND state = 'paid')",
    "a callback that was taken and is not in the ledger": "SELECT provider, event, state, error FROM callbacks WHERE state <> 'done'",
    "a message that was not sent": "SELECT key, state, error FROM messages WHERE state <> 'done'",
    "an entry without its message": "SELECT key FROM entries JOIN payments ON payments.id = payment_id WHERE NOT EXISTS"
        " (SELECT 1 FROM messages WHERE messages.key = 'warehouse:' || payments.key || ':' || entries.kind)",
}

TABLES = {"payment": "payments"}
# A rollback with data loses none of these: the providers are asked what they told, and so are the payments they know.
COMES_BACK = ("paid", "refunded")


def prepare(project):
    for environment, provider in itertools.product(("staging", "production"), ("card", "wallet")):
        told = subprocess.run(
            [project.place / "stand-ins/outside", "key", environment, provider], capture_output=True, text=True, check=True)
        project.keep(f"{environment}/{provider}-key", told.stdout.strip())
    project.keep("alerts", outside(project, "alerts"))
    project.start("stand-ins/outside", "serve", str(project.ports["outside"]))
    eventually(lambda: ask(project, "alerts") == [])


def outside(project, path):
    return f"http://127.0.0.1:{project.ports['outside']}/{path}"


def ask(project, path, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(outside(project, path), method=method), timeout=10) as answer:
        return json.load(answer)


def set_failing(project, service, how):
    ask(project, f"staging/{service}/failing/{how}", "PUT")


# Traffic

def readers(project):
    paths = ["/api/offers?family=family-1", "/api/families/family-1", "/", GREETING]
    first = {"family": "family-1", "key": "first", "box": "books"}

    def asks(traffic):
        traffic.once(Ask("POST", "/api/checkouts", first))
        traffic.model.send([("payment", "first")])
        return (Ask("GET", path) for path in itertools.cycle([path for path in paths if path != "/"]))
    return [asks] * 2


def writers(project):
    """Three browsers that pay for the same forty families, and the providers' callbacks for each."""
    return [families(project, name) for name in ("one", "two", "three")]


def families(project, name):
    def asks(_):
        for number in itertools.count(1):
            key, box = f"{name}-{number}", ("small", "large", "books")[number % 3]
            body = {"key": key, "family": f"family-{number % 40}", "box": box}
            yield Ask("POST", "/api/checkouts", body, {}, (("payment", key),))
            for kind in ("paid",) if number % 4 else ("paid", "refunded") if number % 8 else ("refunded", "paid"):
                yield callback(project, key, kind)
    return asks


def callback(project, key, kind):
    """What the provider says, signed by it, for the traffic to bring."""
    for provider in ("card", "wallet"):
        try:
            told = ask(project, f"production/{provider}/pay/{key}?deliver=no&kind={kind}", "POST")
        except urllib.error.HTTPError:
            continue
        return Ask("POST", f"/api/callbacks/{provider}", told["body"].encode(), told["headers"], ((kind, key),))
    expect(False, f"a provider knows the payment {key}")


# What is its own

def after_release(story, number):
    if number == 1:
        for stage in STAGES[1:2] if story.is_quick else STAGES:
            roll_out(story, *stage)
        expect_rate_limited(story.project)
        expect_request_found(story.project)


def roll_out(story, feature, share, before):
    """One stage: on staging, where the load test has to pass; on production; and its way back, tried under traffic."""
    project = story.project
    story.say(f"stage: {feature} {share}")
    project.run("feature", feature, "staging", share)
    if share == "50%":
        try_bad_stage(story)
    expect(verdict(project, "commands") == "passed", "the load test passes", project.run("gates", code=None))
    for there in (share, before, share):
        project.run("feature", feature, "production", there, "--confirm", "CONFIRM")
        expect_share(project, feature, there)
    if not story.is_quick:
        project.run("rollback", "previous", "--environment", "production", "--dry-run", "--rehearse")


def try_bad_stage(story):
    """The wallet provider fails under load: the gate says no, and production stays at the stage before."""
    set_failing(story.project, "wallet", "error")
    expect(verdict(story.project, "commands") == "refused", "the load test keeps a stage back")
    set_failing(story.project, "wallet", "no")


def verdict(project, gate):
    done = project.attempt("gates", "--json")
    return next(found["verdict"] for found in json.loads(done.stdout)["gates"] if found["id"] == gate)


def expect_share(project, feature, share):
    wanted = {"off": 0, "on": 100}.get(share) or int(share.strip("%offn") or 0)
    found = ask_front(project, "/api/operations")["features"][feature]
    expect(found == wanted, f"{feature} is {share} at once", found)
    if feature == "wallet":
        offered = [ask_front(project, f"/api/offers?family=family-{number}")["provider"] for number in range(40)].count("wallet")
        expect(abs(offered - 40 * wanted / 100) <= 8, f"about {share} of the families are offered the wallet", offered)


def ask_front(project, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{project.ports['production']}{path}", timeout=10) as answer:
        return json.load(answer)


def expect_request_found(project):
    connection = http.client.HTTPConnection("127.0.0.1", project.ports["production"], timeout=10)
    connection.request("GET", "/api/offers?family=asks")
    answer = connection.getresponse()
    answer.read()
    number = answer.headers["X-Request-Id"]
    found = eventually(lambda: "/api/offers" in (said := project.run("logs", "production", "--request", number)) and said)
    expect('"path": "/api/offers"' in found, "the service's own line of a request is found by its number", found)


def try_outage(story):
    """The warehouse fails on staging: dead letters keep the promotion back, until it is well and they are sent again."""
    project = story.project
    set_failing(project, "warehouse", "error")
    load = [str(project.place / "checks/load"), f"http://localhost:{project.ports['staging']}", outside(project, "staging"), "4", "5000"]
    subprocess.run(load, check=True, capture_output=True)
    eventually(lambda: project.rows("staging", "SELECT id FROM messages WHERE state = 'dead'"))
    story.expect_refusal("dead-letters")
    set_failing(project, "warehouse", "no")
    eventually(lambda: not project.rows("staging", "SELECT id FROM messages WHERE state = 'open'"), seconds=180)
    project.run("exec", "staging", "worker", "--", ".venv/bin/python", "-m", "box4kids.dead", "requeue")


def settle(project):
    """Inbox and outbox are worked off."""
    eventually(lambda: not project.rows(
        "production", "SELECT 1 FROM callbacks WHERE state = 'open' UNION ALL SELECT 1 FROM messages WHERE state = 'open'"), seconds=180)


def expect_at_the_end(story):
    """The warehouse was told of each payment once, and people of what went wrong."""
    project = story.project
    packed = set(ask(project, "production/warehouse/orders"))
    paid = {f"warehouse:{key}:{kind}" for kind, key in story.stored() if kind in COMES_BACK}
    expect(packed == paid, "the warehouse has each order, and no other", sorted(packed ^ paid)[:5])
    project.run("notifications", "send", code=None)
    told = {alert["event"] for alert in ask(project, "alerts")}
    expect({"failed", "refused"} <= told, "people were told what failed and what was refused", told)
