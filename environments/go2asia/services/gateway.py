"""The only service that the front leads to: it knows who asks, and which sibling answers."""

import os
from concurrent.futures import ThreadPoolExecutor

from services.calls import SIBLINGS, call
from services.web import Refused, serve

CHECKED = {"identity": "AUTH", "edge": "CONTENT", "database": "TOKEN"}
pool = ThreadPoolExecutor(16)


def signed_in(request):
    token = request.headers.get("Authorization", "")
    if not token.startswith("Bearer "):
        raise Refused(401, "nobody is signed in")
    return call("AUTH", "/session", request=request, token=token.removeprefix("Bearer "))


def me(request):
    user = signed_in(request)
    points = pool.submit(call, "TOKEN", "/balance", request=request, user=user["id"])
    code = pool.submit(call, "REFERRAL", "/code", request=request, user=user["id"])
    return {**user, "points": points.result()["amount"], "code": code.result()["code"]}


def passed_on(service, path):
    """To a sibling, as whoever is signed in."""
    return lambda request: (201, call(service, path, request.body, request, user=signed_in(request)["id"]))


def found(service, path, *queries):
    def answer(request):
        asked = "&".join(f"{name}={request.query[name]}" for name in queries if request.query.get(name, "").isalnum())
        return call(service, f"{path}?{asked}", request=request)
    return answer


def health(request):
    for answer in pool.map(lambda name: call(name, "/health", request=request, seconds=2), SIBLINGS):
        if not answer["ok"]:
            raise Refused(503, "a sibling is not well")
    return {"ok": True, "release": os.environ.get("DEPLOYCTL_RELEASE"), "environment": os.environ.get("DEPLOYCTL_ENVIRONMENT")}


if __name__ == "__main__":
    serve([
        ("POST", "/api/login", lambda request: call("AUTH", "/login", request.body, request)),
        ("GET", "/api/me", me),
        ("GET", "/api/places", found("CONTENT", "/places", "country")),
        ("GET", "/api/reviews", found("CONTENT", "/reviews", "place")),
        ("POST", "/api/reviews", passed_on("CONTENT", "/reviews")),
        ("POST", "/api/claims", passed_on("REFERRAL", "/claims")),
        ("GET", "/api/config", lambda _: {"identity": os.environ["IDENTITY_URL"]}),
        ("GET", "/api/integrations/(identity|edge|database)",
         lambda request, name: call(CHECKED[name], f"/integrations/{name}", request=request)),
        ("GET", "/api/health", health),
    ], is_public=True)
