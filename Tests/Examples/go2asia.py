"""What go2asia's travellers do, and what has to be left of it."""

import itertools
import json
import secrets
import urllib.request

from claims import eventually, expect
from traffic import Ask

NAME = "go2asia"
PORTS = {"18180": "staging", "18181": "production", "18190": "outside"}
HOOK = True
GREETING = "/api/health"
REFUSED_BY = "edge"
MIGRATION_FAILS_WITH = 15
# Whom the check of the definition signs in.
OWN = ("stand-in|check",)

# One row for each key that somebody's acknowledged request left, in the production database.
STORED = """
    SELECT 'review', key, count(*) FROM content.reviews GROUP BY key;
    SELECT 'reward', substr(key, 8), count(*) FROM token.entries WHERE key LIKE 'review:%' GROUP BY key;
    SELECT 'traveller', subject, count(*) FROM auth.users GROUP BY subject;
"""

# Each answers with no row, whatever came between.
NEVER = {
    "a balance that is not the sum of its entries":
        "SELECT user_id FROM token.balances FULL JOIN (SELECT user_id, sum(amount) AS total FROM token.entries GROUP BY 1) AS e"
        " USING (user_id) WHERE amount IS DISTINCT FROM total AND NOT (amount = 0 AND total IS NULL)",
    "a review without its reward": "SELECT key FROM content.reviews WHERE NOT EXISTS"
        " (SELECT 1 FROM token.entries WHERE entries.key = 'review:' || reviews.key)",
}

# A review and its reward are transactions of two services: a rollback's backup may lie between them.
IN_PARTS = True
TABLES = {"review": "content.reviews", "reward": "token.entries", "traveller": "auth.users"}


def prepare(project):
    for environment in ("staging", "production"):
        project.keep(f"{environment}/service-key", secrets.token_hex(32))
    project.start("stand-ins/outside", "serve", str(project.ports["outside"]))
    project.keep("check-identity", eventually(lambda: identity(project, "check")))


def identity(project, name):
    """What the stand-in for the identity provider gives to who signed in there."""
    address = f"http://127.0.0.1:{project.ports['outside']}/production/identity/tokens"
    with urllib.request.urlopen(urllib.request.Request(address, name.encode()), timeout=10) as answer:
        return json.load(answer)["token"]


def set_failing(project, how):
    address = f"http://127.0.0.1:{project.ports['outside']}/staging/edge/failing/{how}"
    urllib.request.urlopen(urllib.request.Request(address, method="PUT"), timeout=10).close()


def readers(project):
    paths = ["/api/places", "/api/places?country=TH", "/api/reviews?place=1", GREETING]
    return [lambda _: (Ask("GET", path) for path in itertools.cycle(paths))] * 2


def writers(project):
    """Two travellers who review, and new ones who arrive."""
    return [reviews(project, "ada"), reviews(project, "grace"), arrivals(project)]


def reviews(project, name):
    def asks(traffic):
        subject = ("traveller", f"stand-in|{name}")
        traffic.model.send([subject])
        status, answer = traffic.once(Ask("POST", "/api/login", {"identity": identity(project, name)}))
        expect(status == 200, f"{name} is let in", answer)
        traffic.model.acknowledge([subject])
        signed = {"Authorization": f"Bearer {answer['session']}"}
        for number in itertools.count(1):
            key = f"{name}-{number}"
            body = {"key": key, "place": number % 5 + 1, "stars": number % 5 + 1, "text": f"Größe {number} 🛕"}
            yield Ask("POST", "/api/reviews", body, signed, (("review", key), ("reward", key)))
    return asks


def arrivals(project):
    def asks(_):
        for number in itertools.count(1):
            name = f"new-{number}"
            yield Ask("POST", "/api/login", {"identity": identity(project, name)}, {}, (("traveller", f"stand-in|{name}"),))
    return asks


def try_outage(story):
    """The edge host fails on staging: nothing is promoted until it is well again."""
    set_failing(story.project, "error")
    story.expect_refusal("edge")
    set_failing(story.project, "no")
