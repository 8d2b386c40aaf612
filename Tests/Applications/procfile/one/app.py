from store import ask

VERSION = "one"


def app(environ, start_response):
    status, body = "200 OK", VERSION + "\n"
    if environ["PATH_INFO"] == "/items" and environ["REQUEST_METHOD"] == "POST":
        ask("INSERT INTO job (text) VALUES (?)", environ["wsgi.input"].read().decode())
        status, body = "201 Created", ""
    elif environ["PATH_INFO"] == "/items":
        body = "".join(f"{text}\n" for text in ask("SELECT text FROM job WHERE done ORDER BY id"))
    start_response(status, [("Content-Length", str(len(body)))])
    return [body.encode()]
