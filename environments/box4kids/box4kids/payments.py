"""What a payment is: begun by a family, paid and refunded by a provider's word, each once, whoever says it how often."""

from psycopg.types.json import Json

from box4kids import features


class NotYet(Exception):
    """It does not fit now and may later."""


class Never(Exception):
    """No later moment makes it fit: a person has to look."""


class Different(Exception):
    """The key stands for something else."""


def ensure(connection, key, family, box, provider):
    """The payment of this key, made where there is none."""
    found = of_key(connection, key)
    if not found:
        price = connection.execute("SELECT price FROM boxes WHERE id = %s", (box,)).fetchone()
        if not price:
            raise Different("there is no such box")
        subscription = connection.execute(
            "INSERT INTO subscriptions (family, box) VALUES (%s, %s)"
            " ON CONFLICT (family) DO UPDATE SET box = excluded.box RETURNING id", (family, box)).fetchone()
        connection.execute(
            "INSERT INTO payments (key, subscription_id, provider, box, amount) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (key) DO NOTHING", (key, subscription["id"], provider, box, price["price"]))
        found = of_key(connection, key)
    if (found["family"], found["box"]) != (family, box):
        raise Different("this key stands for another payment")
    return found


def of_key(connection, key):
    return connection.execute(
        "SELECT payments.id, key, provider, payments.box, amount, state, family"
        " FROM payments JOIN subscriptions ON subscriptions.id = subscription_id WHERE key = %s", (key,)).fetchone()


def take(connection, provider, told):
    """Keeps what a provider said. None where it stands here already, with the same words."""
    columns = provider, told["event"], told["payment"], told["kind"], told["amount"]
    kept = connection.execute(
        "INSERT INTO callbacks (provider, event, payment, kind, amount) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (provider, event) DO NOTHING RETURNING *", columns).fetchone()
    if not kept:
        before = connection.execute(
            "SELECT payment, kind, amount FROM callbacks WHERE (provider, event) = (%s, %s)", columns[:2]).fetchone()
        if tuple(before.values()) != columns[2:]:
            raise Different("this event stands for something else")
    return kept


def apply(connection, callback):
    """Ledger, subscription, messages and the inbox, all in the transaction of `connection`."""
    payment = connection.execute(
        "SELECT id, key, subscription_id, box, amount, state FROM payments WHERE key = %s AND provider = %s FOR UPDATE",
        (callback["payment"], callback["provider"])).fetchone()
    if not payment:
        raise NotYet("no such payment")
    expect_fit(payment, callback)
    connection.execute(
        "INSERT INTO entries (payment_id, event, kind, amount) VALUES (%s, %s, %s, %s)",
        (payment["id"], f"{callback['provider']}:{callback['event']}", callback["kind"], callback["amount"]))
    connection.execute("UPDATE payments SET state = %s WHERE id = %s", (callback["kind"], payment["id"]))
    subscription = connection.execute(
        "UPDATE subscriptions SET paid_boxes = paid_boxes + %s WHERE id = %s RETURNING family",
        (1 if callback["kind"] == "paid" else -1, payment["subscription_id"])).fetchone()
    tell(connection, payment, callback["kind"], subscription["family"])
    connection.execute("UPDATE callbacks SET state = 'done', error = NULL WHERE id = %s", (callback["id"],))


def expect_fit(payment, callback):
    if callback["amount"] != payment["amount"]:
        raise Never("the amount is another one")
    match callback["kind"], payment["state"]:
        case ("paid", "pending") | ("refunded", "paid"):
            return
        case "refunded", "pending":
            raise NotYet("refunded before it was paid")
        case kind, state:
            raise Never(f"{kind}, though it is {state}")


def tell(connection, payment, kind, family):
    """The warehouse packs or takes back; the tax office gets a receipt where that is switched on."""
    body = Json({"payment": payment["key"], "kind": kind, "box": payment["box"], "family": family, "amount": payment["amount"]})
    receivers = ["warehouse"] + ["tax"] * features.is_on("receipts", family)
    for receiver in receivers:
        connection.execute(
            "INSERT INTO messages (key, receiver, body) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING",
            (f"{receiver}:{payment['key']}:{kind}", receiver, body))
