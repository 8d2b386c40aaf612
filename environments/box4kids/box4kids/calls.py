"""Requests to other companies' services: each ends after seconds, and names a key under which it counts once."""

import json
import os
import time
import urllib.error
import urllib.request

# No proxy that a variable names.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Failed(Exception):
    """It may succeed later."""


class Unknown(Failed):
    """The other has never heard of it."""


def call(service, path, body=None, key=None, token=None, tries=1, seconds=2):
    for attempt in range(tries):
        try:
            return once(service, path, body, key, token, seconds)
        except Unknown:
            raise
        except Failed:
            if attempt == tries - 1:
                raise
            time.sleep(0.1 * 2 ** attempt)


def once(service, path, body, key, token, seconds):
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    if token:
        headers["Authorization"] = f"Bearer {token}"
    content = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(os.environ["OUTSIDE_URL"] + f"/{service}{path}", content, headers)
    try:
        with opener.open(asked, timeout=seconds) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise (Unknown if error.code == 404 else Failed)(f"{service} answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise Failed(f"{service} cannot be asked: {type(error).__name__}") from None
