"""Who somebody is: the identity provider vouches for a person, and this service remembers the session."""

import hashlib
import secrets

from services.calls import call, outside
from services.database import health, rows, transaction
from services.web import Refused, serve

NEEDED = [
    "auth.users.subject",
    "auth.sessions.token_hash",
]
LIFE = "12 hours"


def log_in(request):
    person = call("IDENTITY", "/verify", token=request.text("identity", 500), seconds=2)
    token = secrets.token_urlsafe(32)
    with transaction() as connection:
        user = connection.execute(
            "INSERT INTO auth.users (subject, email, name) VALUES (%s, %s, %s)"
            " ON CONFLICT (subject) DO UPDATE SET email = excluded.email RETURNING id, name",
            (person["subject"], person["email"], person["name"])).fetchone()
        connection.execute("DELETE FROM auth.sessions WHERE user_id = %s AND expires_at < now()", (user["id"],))
        connection.execute(
            "INSERT INTO auth.sessions (token_hash, user_id, expires_at) VALUES (%s, %s, now() + %s::interval)",
            (hashed(token), user["id"], LIFE))
    return {"session": token, **user}


def session(request):
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    found = rows(
        "SELECT users.id, users.name FROM auth.sessions JOIN auth.users ON users.id = user_id"
        " WHERE token_hash = %s AND expires_at > now()", hashed(token))
    if not found:
        raise Refused(401, "the session is over")
    return found[0]


def hashed(token):
    return hashlib.sha256(token.encode()).digest()


if __name__ == "__main__":
    serve([
        ("POST", "/login", log_in),
        ("GET", "/session", session),
        ("GET", "/integrations/identity", lambda _: outside("IDENTITY", "/health")),
        ("GET", "/health", lambda _: health(NEEDED)),
    ])
