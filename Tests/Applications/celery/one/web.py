from flask import Flask, Response, request

from store import ask
from tasks import keep
from version import VERSION

app = Flask(__name__)


@app.get("/")
def version():
    return Response(VERSION + "\n", mimetype="text/plain")


@app.get("/items")
def items():
    return Response("".join(f"{text}\n" for text in ask("SELECT text FROM item ORDER BY id")), mimetype="text/plain")


@app.post("/items")
def post():
    keep.delay(request.get_data(as_text=True))
    return "", 201


@app.get("/beats")
def beats():
    return Response("".join(f"{one}\n" for one in ask("SELECT DISTINCT version FROM beat")), mimetype="text/plain")
