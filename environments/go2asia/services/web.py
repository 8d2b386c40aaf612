"""JSON over HTTP at HOST:PORT. On SIGTERM it takes no more, answers what it has, and exits 0."""

import hmac
import json
import os
import re
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

LARGEST_BODY = 100_000


class Refused(Exception):
    """An answer that says what is wrong with the request, or with whom it had to ask."""

    def __init__(self, status, error):
        super().__init__(error)
        self.status = status


class Request:
    def __init__(self, handler, query, body):
        self.headers, self.query, self.body = handler.headers, query, body
        self.id = handler.headers.get("X-Request-Id", "-")

    @property
    def user(self):
        """Who the gateway says is asking."""
        if not (number := self.headers.get("X-User", "")).isdigit():
            raise Refused(401, "nobody is signed in")
        return int(number)

    def text(self, name, longest=2000):
        value = self.body.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest or "\0" in value:
            raise Refused(400, f"{name} is a text of 1 to {longest} characters")
        return value.strip()

    def number(self, name, least, most):
        value = self.body.get(name)
        if isinstance(value, str) and re.fullmatch(r"\d{1,15}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Refused(400, f"{name} is a number from {least} to {most}")
        return value


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = False


def serve(routes, stop=None, is_public=False):
    """`routes`: (method, pattern of the path, function of the request and the pattern's groups)."""
    routes = [(method, re.compile(pattern), answer) for method, pattern, answer in routes]
    address = os.environ.get("HOST", "127.0.0.1"), int(os.environ["PORT"])
    server = Server(address, handler(routes, is_public))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log(event="listening", address="{}:{}".format(*address))
    server.serve_forever(poll_interval=0.05)
    server.server_close()
    if stop:
        stop()
    log(event="drained")


def handler(routes, is_public):
    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def answer(self):
            began = time.monotonic()
            status, value = self.respond()
            content = json.dumps(value).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                status = 499
            if self.path.partition("?")[0] not in ("/health", "/api/health") or status != 200:
                seconds = round(time.monotonic() - began, 4)
                path = self.path.partition("?")[0]
                log(request=self.headers.get("X-Request-Id", "-"), method=self.command, path=path, status=status, seconds=seconds)

        do_GET = do_POST = answer

        def respond(self):
            try:
                address = urlsplit(self.path)
                if not is_public and address.path != "/health":
                    self.expect_sibling()
                request = Request(self, dict(parse_qsl(address.query)), self.read_body())
                for method, pattern, answer in routes:
                    if method == self.command and (found := pattern.fullmatch(address.path)):
                        value = answer(request, *found.groups())
                        return value if isinstance(value, tuple) else (200, value)
                raise Refused(404, "there is nothing here")
            except Refused as refused:
                return refused.status, {"error": str(refused)}
            except Exception as error:
                log(event="failed", request=self.headers.get("X-Request-Id", "-"), error=f"{type(error).__name__}: {error}")
                return 500, {"error": "this failed, and is in the log"}

        def expect_sibling(self):
            """Whoever else can reach this port, another environment's services among them, has not this one's key."""
            given = self.headers.get("X-Service-Key", "")
            if not hmac.compare_digest(given.encode(), os.environ["SERVICE_KEY"].encode()):
                raise Refused(403, "only siblings may ask")

        def read_body(self):
            length = self.headers.get("Content-Length", "0")
            if not length.isdigit() or int(length) > LARGEST_BODY:
                raise Refused(413, f"a body has at most {LARGEST_BODY} bytes")
            content = self.rfile.read(int(length))
            if not content:
                return {}
            try:
                value = json.loads(content)
            except ValueError:
                value = None
            if not isinstance(value, dict):
                raise Refused(400, "the body is a JSON object")
            return value

        def log_message(self, *_):
            pass

    return Handler


def log(**what):
    what = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **what, "release": os.environ.get("DEPLOYCTL_RELEASE")}
    print(json.dumps(what, ensure_ascii=False), file=sys.stderr, flush=True)
