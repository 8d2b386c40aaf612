"""Who brought whom. A claim is written at once and paid by a worker, so that it outlives whatever ends meanwhile."""

import secrets
import threading

from services.calls import call
from services.database import health, rows, transaction
from services.web import Refused, log, serve

NEEDED = [
    "referral.codes.code",
    "referral.claims.state",
]
FOR_THE_NEW, FOR_THE_FRIEND = 10, 20
ending, news = threading.Event(), threading.Event()


def code(request):
    with transaction() as connection:
        connection.execute(
            "INSERT INTO referral.codes VALUES (%s, %s) ON CONFLICT (user_id) DO NOTHING",
            (request.user, secrets.token_hex(5)))
        return connection.execute("SELECT code FROM referral.codes WHERE user_id = %s", (request.user,)).fetchone()


def claim(request):
    given = request.text("code", 40)
    with transaction() as connection:
        owner = connection.execute("SELECT user_id FROM referral.codes WHERE code = %s", (given,)).fetchone()
        if not owner or owner["user_id"] == request.user:
            raise Refused(400, "this code is nobody else's")
        connection.execute(
            "INSERT INTO referral.claims (user_id, code) VALUES (%s, %s) ON CONFLICT (user_id) DO NOTHING",
            (request.user, given))
        stored = connection.execute("SELECT code FROM referral.claims WHERE user_id = %s", (request.user,)).fetchone()
    if stored["code"] != given:
        raise Refused(409, "another code was claimed before")
    news.set()
    return 201, stored


def pay_open_claims():
    """Old and new release may both be at it: a claim is locked by one, and its keys stand once in the ledger."""
    with transaction() as connection:
        found = connection.execute(
            "SELECT claims.user_id, codes.user_id AS friend FROM referral.claims JOIN referral.codes USING (code)"
            " WHERE state = 'open' ORDER BY claims.created_at LIMIT 20 FOR UPDATE OF claims SKIP LOCKED").fetchall()
        for row in found:
            new = row["user_id"]
            call("TOKEN", "/credits", {"user": new, "amount": FOR_THE_NEW, "key": f"welcome:{new}"})
            call("TOKEN", "/credits", {"user": row["friend"], "amount": FOR_THE_FRIEND, "key": f"friend:{new}"})
            connection.execute("UPDATE referral.claims SET state = 'paid' WHERE user_id = %s", (new,))
        return len(found)


def work():
    while not ending.is_set():
        try:
            if pay_open_claims():
                continue
        except Exception as error:
            log(event="paying failed", error=f"{type(error).__name__}: {error}")
            ending.wait(1)
        news.wait(2)
        news.clear()


def stop():
    ending.set()
    news.set()
    worker.join()


if __name__ == "__main__":
    worker = threading.Thread(target=work)
    worker.start()
    serve([
        ("GET", "/code", code),
        ("POST", "/claims", claim),
        ("GET", "/health", lambda _: health(NEEDED)),
    ], stop)
