"""The two payment providers: how each signs what it says, and what we ask of it."""

import hashlib
import hmac
import json
import os
import time

from box4kids.calls import call

NAMES = ["card", "wallet"]
TOLERANCE = 300


class Forged(Exception):
    """Not signed by the provider, or too long ago."""


def key(provider):
    return os.environ[f"{provider.upper()}_KEY"].strip()


def event(provider, body, headers):
    """What a callback says, once its signature is found right."""
    told = SIGNED[provider](body, headers)
    return {name: told[name] for name in ("event", "payment", "kind", "amount")}


def card(body, headers):
    """Signs time and bytes in a header: `t=1764442800,v1=…`."""
    parts = dict(part.partition("=")[::2] for part in headers.get("X-Card-Signature", "").split(","))
    moment = parts.get("t", "")
    expect(parts.get("v1", ""), moment.encode() + b"." + body, "card")
    return fresh(json.loads(body), moment)


def wallet(body, _):
    """Signs the fields, in the body itself."""
    told = json.loads(body)
    fields = "|".join(str(told.get(name)) for name in ("event", "payment", "kind", "amount", "at"))
    expect(str(told.get("sign")), fields.encode(), "wallet")
    return fresh(told, str(told["at"]))


SIGNED = {"card": card, "wallet": wallet}


def expect(given, content, provider):
    wanted = hmac.new(key(provider).encode(), content, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Forged("the signature is wrong")


def fresh(told, moment):
    if abs(time.time() - float(moment)) > TOLERANCE:
        raise Forged("it was signed too long ago")
    return told


def begin(payment):
    """Has the provider expect this payment; the address at which it is paid."""
    asked = {name: payment[name] for name in ("key", "amount", "family", "box")} | {"callback": os.environ["CALLBACK_URL"]}
    provider = payment["provider"]
    return call(provider, "/charges", asked, key=payment["key"], token=key(provider), tries=3)["pay"]


def charge(provider, payment):
    """What was asked of the provider under this key."""
    return call(provider, f"/charges/{payment}", token=key(provider))


def events(provider, since):
    """Everything it told anybody since then, as callbacks say it."""
    return call(provider, f"/events?since={since}", token=key(provider), tries=3, seconds=10)["events"]
