"""Requests to siblings and to other companies' services, with an end to waiting."""

import json
import os
import urllib.error
import urllib.request

from services.web import Refused

SIBLINGS = ["AUTH", "CONTENT", "REFERRAL", "TOKEN"]

# No proxy that a variable names.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(service, path, body=None, request=None, user=None, token=None, seconds=5):
    """The answer's JSON. What the other refuses (4xx) is refused with its words, what fails there is 502."""
    headers = {"Content-Type": "application/json"}
    if service in SIBLINGS:
        headers["X-Service-Key"] = os.environ["SERVICE_KEY"]
    if request:
        headers["X-Request-Id"] = request.id
    if user:
        headers["X-User"] = str(user)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(os.environ[f"{service}_URL"] + path, content, headers)
    try:
        with opener.open(asked, timeout=seconds) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise Refused(502, f"{service.lower()} answered {error.code}") from None
        try:
            words = json.load(error)["error"]
        except (ValueError, KeyError, TypeError):
            words = f"{service.lower()} answered {error.code}"
        raise Refused(error.code, words) from None
    except (OSError, ValueError) as error:
        raise Refused(502, f"{service.lower()} cannot be asked: {type(error).__name__}") from None


def outside(service, path):
    """Whether another company's service answers as it has to: what a check of the definition asks."""
    answer = call(service, path, seconds=2)
    if answer.get("ok") is not True:
        raise Refused(502, f"{service.lower()} is not well")
    return {"ok": True}
