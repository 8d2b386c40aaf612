"""Asks both providers what they told since they were asked last, and keeps what is not here: after a rollback with data that is much."""

import time
from concurrent.futures import ThreadPoolExecutor

from box4kids import payments, providers
from box4kids.calls import Failed
from box4kids.database import rows, transaction
from box4kids.log import log

# Clocks differ, and what a provider tells may be on its way.
BACK = 60


def fetch(ending):
    """`ending` says whether to leave off: the next one begins where this one began."""
    missed = 0
    for provider in providers.NAMES:
        # Of the data that are there now: restored ones know the moment of their backup.
        found = rows("SELECT until FROM reconciled WHERE provider = %s", provider)
        began = int(time.time())
        try:
            told = providers.events(provider, max(0, found[0]["until"] - BACK) if found else 0)
        except Failed as error:
            log(event="not reconciled", why=str(error))
            continue
        with ThreadPoolExecutor(4) as pool:
            taken = list(pool.map(lambda event: not ending() and take(provider, event), told))
        if ending():
            return
        missed += sum(taken)
        rows(
            "INSERT INTO reconciled VALUES (%s, %s) ON CONFLICT (provider) DO UPDATE SET until = excluded.until RETURNING until",
            provider, began)
    log(event="reconciled", missed=missed)


def take(provider, event):
    """Whether it was not here. Neither may the payment be, of which the provider tells what we told it."""
    with transaction() as connection:
        # Nothing rests on it before the moment above is written.
        connection.execute("SET LOCAL synchronous_commit = off")
        kept = payments.take(connection, provider, event)
        if kept:
            try:
                with connection.transaction():
                    payments.ensure(connection, event["payment"], event["family"], event["box"], provider)
                    payments.apply(connection, kept)
            except (payments.NotYet, payments.Never, payments.Different) as error:
                log(event="kept for later", callback=event["event"], why=str(error))
    return kept is not None
