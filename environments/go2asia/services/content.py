"""Places and what people say of them. A review earns points, once, however often it is sent."""

from services.calls import call, outside
from services.database import health, rows, transaction
from services.web import Refused, serve

NEEDED = [
    "content.places.summary",
    "content.reviews.key",
]
REWARD = 5


def places(request):
    country = request.query.get("country")
    return rows(
        "SELECT id, country, name, summary FROM content.places WHERE %s::text IS NULL OR country = %s ORDER BY id LIMIT 100",
        country, country)


def reviews(request):
    place = request.query.get("place", "")
    if not place.isdigit() or len(place) > 15:
        raise Refused(400, "place is a number")
    return rows(
        "SELECT id, user_id, stars, text FROM content.reviews WHERE place_id = %s ORDER BY id DESC LIMIT 20", int(place))


def review(request):
    key, place = request.text("key", 150), request.number("place", 1, 10**15)
    stars, text = request.number("stars", 1, 5), request.text("text")
    with transaction() as connection:
        if not connection.execute("SELECT 1 FROM content.places WHERE id = %s", (place,)).fetchone():
            raise Refused(400, "there is no such place")
        connection.execute(
            "INSERT INTO content.reviews (key, place_id, user_id, stars, text) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (key) DO NOTHING", (key, place, request.user, stars, text))
        stored = connection.execute("SELECT id, user_id FROM content.reviews WHERE key = %s", (key,)).fetchone()
    if stored["user_id"] != request.user:
        raise Refused(409, "this key is somebody else's")
    # What fails from here on is done when the same key comes again.
    call("TOKEN", "/credits", {"user": request.user, "amount": REWARD, "key": f"review:{key}"}, request)
    return 201, {"id": stored["id"], "earned": REWARD}


if __name__ == "__main__":
    serve([
        ("GET", "/places", places),
        ("GET", "/reviews", reviews),
        ("POST", "/reviews", review),
        ("GET", "/integrations/edge", lambda _: outside("EDGE", "/zone")),
        ("GET", "/health", lambda _: health(NEEDED)),
    ])
