import os, pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from service import fetch, serve
from version import VERSION

ADDRESSES = [os.environ[name] for name in ("USERS_URL", "ORDERS_URL")]


def answer(method, path, body):
    if path == "/health":
        return 200, "ok\n"
    if path == "/items":
        return (201, fetch(ADDRESSES[1] + path, body)) if method == "POST" else (200, fetch(ADDRESSES[1] + path))
    return 200, "".join([VERSION + "\n"] + [fetch(address + "/version") for address in ADDRESSES])


serve(answer)
