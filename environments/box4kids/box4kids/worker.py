"""Works off inbox and outbox: tries again after longer and longer, and puts what never works where a person sees it.

What is taken is leased: whoever is killed at it loses the lease, and the next one does it again. Old and new release
may both be at it. Each receiver knows a key's second coming, so nothing happens twice.
"""

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from box4kids import payments, providers, reconcile
from box4kids.calls import Failed, call
from box4kids.database import rows, transaction
from box4kids.log import log

ATTEMPTS = int(os.environ["RETRY_ATTEMPTS"])
FIRST = float(os.environ["RETRY_SECONDS"])
LONGEST = 300
LEASE = "20 seconds"
PATHS = {"warehouse": "/orders", "tax": "/receipts"}
ending = threading.Event()
# Most of it is waiting for others.
pool = ThreadPoolExecutor(4)


def lease(table):
    return rows(
        f"UPDATE {table} SET attempts = attempts + 1, due_at = now() + %s::interval WHERE id IN"
        f" (SELECT id FROM {table} WHERE state = 'open' AND due_at <= now() ORDER BY due_at LIMIT 20 FOR UPDATE SKIP LOCKED)"
        " RETURNING *", LEASE)


def settle(callback):
    with transaction() as connection:
        try:
            with connection.transaction():
                return payments.apply(connection, callback)
        except payments.NotYet as error:
            if str(error) != "no such payment":
                raise
    # Its row is not here, as after a rollback with data: the provider knows what was asked of it.
    charge = providers.charge(callback["provider"], callback["payment"])
    with transaction() as connection:
        payments.ensure(connection, callback["payment"], charge["family"], charge["box"], callback["provider"])
        payments.apply(connection, callback)


def send(message):
    call(message["receiver"], PATHS[message["receiver"]], message["body"], key=message["key"])
    rows("UPDATE messages SET state = 'done', error = NULL WHERE id = %s RETURNING id", message["id"])


def attempt(table, work, row):
    try:
        work(row)
    except (payments.Never, payments.Different) as error:
        put_off(table, row, error, "dead")
    except (payments.NotYet, Failed) as error:
        put_off(table, row, error, "dead" if row["attempts"] >= ATTEMPTS else "open")


def put_off(table, row, error, state):
    seconds = min(LONGEST, FIRST * 2 ** (row["attempts"] - 1)) * random.uniform(0.8, 1.2)
    rows(
        f"UPDATE {table} SET state = %s, error = %s, due_at = now() + make_interval(secs => %s)"
        " WHERE id = %s AND state = 'open' RETURNING id", state, str(error), seconds, row["id"])
    log(event="dead letter" if state == "dead" else "put off", queue=table, id=row["id"], attempts=row["attempts"], why=str(error))


def work():
    done = 0
    for table, doing in (("callbacks", settle), ("messages", send)):
        leased = lease(table)
        list(pool.map(lambda row: ending.is_set() or attempt(table, doing, row), leased))
        done += len(leased)
    return done


def main():
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    log(event="working")
    asked = None
    while not ending.is_set():
        try:
            if asked is None or time.monotonic() - asked > 60:
                reconcile.fetch(ending.is_set)
                asked = time.monotonic()
            if work():
                continue
        except Exception as error:
            log(event="failed", error=f"{type(error).__name__}: {error}")
            ending.wait(1)
        ending.wait(0.2)
    log(event="drained")


if __name__ == "__main__":
    main()
