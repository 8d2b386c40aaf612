"""What browsers and payment providers ask."""

import os
import time

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, Field

from box4kids import features, payments, providers
from box4kids.calls import Failed
from box4kids.database import missing, rows, transaction
from box4kids.log import log

NEEDED = [
    "boxes.price",
    "callbacks.due_at",
    "entries.event",
    "messages.due_at",
    "payments.key",
    "subscriptions.paid_boxes",
]
LARGEST = 20_000
NAME = r"^[A-Za-z0-9._-]+$"

app = FastAPI(title="Box4Kids", docs_url=None, redoc_url=None)


class Checkout(BaseModel):
    key: str = Field(pattern=NAME, max_length=100)
    family: str = Field(pattern=NAME, max_length=60)
    box: str = Field(pattern=NAME, max_length=20)


@app.middleware("http")
async def write_down(request, answer):
    began = time.monotonic()
    response = await answer(request)
    if request.url.path != "/api/health" or response.status_code != 200:
        log(request=request.headers.get("X-Request-Id", "-"), method=request.method, path=request.url.path,
            status=response.status_code, seconds=round(time.monotonic() - began, 4))
    return response


async def content(request: Request):
    body = await request.body()
    if len(body) > LARGEST:
        raise HTTPException(413, "the body is too large")
    return body


@app.get("/api/health")
def health():
    if lacking := missing(NEEDED):
        raise HTTPException(503, "the database lacks " + ", ".join(lacking))
    return {"ok": True, "release": os.environ.get("DEPLOYCTL_RELEASE"), "environment": os.environ.get("DEPLOYCTL_ENVIRONMENT")}


@app.get("/api/offers")
def offers(family: str):
    return {"provider": offered(family), "boxes": rows("SELECT id, title, price FROM boxes ORDER BY price")}


@app.post("/api/checkouts", status_code=201)
def check_out(asked: Checkout):
    with transaction() as connection:
        try:
            payment = payments.ensure(connection, asked.key, asked.family, asked.box, offered(asked.family))
        except payments.Different as error:
            raise HTTPException(409, str(error)) from None
    try:
        # What fails here is done when the same key comes again.
        pay = providers.begin(payment)
    except Failed as error:
        raise HTTPException(502, str(error)) from None
    return {name: payment[name] for name in ("key", "provider", "amount", "state")} | {"pay": pay}


@app.post("/api/callbacks/{provider}")
def callback(provider: str, request: Request, body: bytes = Depends(content)):
    """Kept and answered in one transaction; what does not fit yet is the worker's."""
    told = believed(provider, body, request.headers)
    with transaction() as connection:
        try:
            kept = payments.take(connection, provider, told)
        except payments.Different as error:
            raise HTTPException(409, str(error)) from None
        if kept:
            try:
                with connection.transaction():
                    payments.apply(connection, kept)
            except (payments.NotYet, payments.Never) as error:
                log(request=request.headers.get("X-Request-Id", "-"), event="kept for later", callback=told["event"], why=str(error))
    return {"taken": told["event"]}


def believed(provider, body, headers):
    if provider not in providers.NAMES:
        raise HTTPException(404, "there is no such provider")
    try:
        return providers.event(provider, body, headers)
    except providers.Forged as error:
        raise HTTPException(401, str(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise HTTPException(400, "this is no callback") from None


@app.get("/api/families/{family}")
def family(family: str):
    found = rows("SELECT id, box, paid_boxes FROM subscriptions WHERE family = %s", family)
    if not found:
        raise HTTPException(404, "nobody of this name has a subscription")
    paid = rows(
        "SELECT key, provider, box, amount, state FROM payments WHERE subscription_id = %s ORDER BY id DESC LIMIT 20",
        found[0].pop("id"))
    return {**found[0], "payments": paid}


@app.get("/api/operations")
def operations():
    """What whoever is on call looks at, and what a check of the definition asks: no names, no amounts of anybody."""
    counted = rows(
        "SELECT 'callbacks' AS queue, state, count(*) AS number FROM callbacks GROUP BY 2"
        " UNION ALL SELECT 'messages', state, count(*) FROM messages GROUP BY 2")
    queues = {name: {"open": 0, "done": 0, "dead": 0} for name in ("callbacks", "messages")}
    for row in counted:
        queues[row["queue"]][row["state"]] = row["number"]
    return {**queues, "dead": sum(queue["dead"] for queue in queues.values()), "features": features.shares()}


def offered(family):
    return "wallet" if features.is_on("wallet", family) else "card"
