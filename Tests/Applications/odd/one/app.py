"""Starts slowly, does not hear SIGTERM, writes a log and a cache of its own."""
import http.server, os, pathlib, signal, time

from version import VERSION

signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(2)
log, cache = pathlib.Path("log/app.log"), pathlib.Path("tmp/items")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=""):
        with log.open("a") as lines:
            lines.write(f"{self.command} {self.path}\n")
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self):
        items = cache.read_text() if cache.exists() else ""
        self.answer(200, items if self.path == "/items" else f"{VERSION}\n")

    def do_POST(self):
        with cache.open("a") as items:
            items.write(self.rfile.read(int(self.headers["Content-Length"])).decode() + "\n")
        self.answer(201)

    def log_message(self, *words):
        pass


if __name__ == "__main__":
    http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
