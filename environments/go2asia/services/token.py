"""Points that people earn: a ledger in which each key stands once, and balances that are its sums."""

from services.calls import outside
from services.database import health, rows, transaction
from services.web import Refused, serve

NEEDED = [
    "token.balances.amount",
    "token.entries.key",
]
MOST = 1_000_000


def credit(request):
    user, amount, key = request.number("user", 1, 10**15), request.number("amount", 1, MOST), request.text("key", 200)
    with transaction() as connection:
        connection.execute("INSERT INTO token.balances VALUES (%s, 0) ON CONFLICT DO NOTHING", (user,))
        written = connection.execute(
            "INSERT INTO token.entries (key, user_id, amount) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING id",
            (key, user, amount)).fetchone()
        if written:
            connection.execute("UPDATE token.balances SET amount = amount + %s WHERE user_id = %s", (amount, user))
        else:
            expect_same(connection, key, user, amount)
    return (201 if written else 200), {"key": key, "amount": amount}


def expect_same(connection, key, user, amount):
    entry = connection.execute("SELECT user_id, amount FROM token.entries WHERE key = %s", (key,)).fetchone()
    if (entry["user_id"], entry["amount"]) != (user, amount):
        raise Refused(409, "this key stands for another entry")


def balance(request):
    found = rows("SELECT amount FROM token.balances WHERE user_id = %s", request.user)
    return {"amount": found[0]["amount"] if found else 0}


if __name__ == "__main__":
    serve([
        ("POST", "/credits", credit),
        ("GET", "/balance", balance),
        ("GET", "/integrations/database", lambda _: outside("HOSTED_DATABASE", "/status")),
        ("GET", "/health", lambda _: health(NEEDED)),
    ])
