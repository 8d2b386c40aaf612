"""A small notes service: JSON API, uploads, health and version, on the standard library alone.

It listens on the unix socket SOCKET, or on HOST:PORT. DATABASE_URL names the SQLite file. SIGTERM
lets requests in flight finish, closes idle connections and exits 0.
"""

import hashlib
import hmac
import json
import mimetypes
import os
import re
import select
import signal
import socket
import sqlite3
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

sys.dont_write_bytecode = True

RELEASE_FOLDER = Path(__file__).resolve().parent.parent
INDEX_PAGE = RELEASE_FOLDER / "app" / "public" / "index.html"
UPLOADS = RELEASE_FOLDER / "uploads"

# What the migrations must have made before this release may serve.
NEEDED_COLUMNS = {"id", "text", "created_at", "author"}

LONGEST_TEXT = 2000
LONGEST_AUTHOR = 80
LARGEST_NOTE = 64 * 1024
LARGEST_UPLOAD = 5 * 1024 * 1024
REQUEST_SECONDS = 15
IDLE_SECONDS = 75
LAST_CALL_SECONDS = 0.3


class Problem(Exception):
    """An answer other than the one the client hoped for."""

    def __init__(self, status, message, **headers):
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


# Storage


def database_path():
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("sqlite:////"):
        raise Problem(503, "DATABASE_URL does not name an absolute SQLite file")
    return unquote(url[len("sqlite:///") :])


def open_database():
    # mode=rw: a missing database is an error here, never a new and empty one.
    connection = sqlite3.connect(
        f"file:{quote(database_path())}?mode=rw", uri=True, timeout=5, isolation_level=None
    )
    connection.row_factory = sqlite3.Row
    return closing(connection)


def note_columns():
    with open_database() as database:
        return [row["name"] for row in database.execute("PRAGMA table_info(notes)")]


def list_notes(limit):
    # Reading whatever columns there are keeps this release working beside its neighbours' migrations.
    with open_database() as database:
        rows = database.execute("SELECT * FROM notes ORDER BY id DESC LIMIT ?", (limit,))
        return [dict(row) for row in rows][::-1]


def find_note(identifier):
    with open_database() as database:
        row = database.execute("SELECT * FROM notes WHERE id = ?", (identifier,)).fetchone()
    if row is None:
        raise Problem(404, f"there is no note {identifier}")
    return dict(row)


def add_note(text, author):
    with open_database() as database:
        cursor = database.execute("INSERT INTO notes (text, author) VALUES (?, ?)", (text, author))
        row = database.execute("SELECT * FROM notes WHERE id = ?", (cursor.lastrowid,)).fetchone()
        return dict(row)


def validated_note(body):
    try:
        note = json.loads(body)
    except ValueError:
        raise Problem(400, "the body is not JSON") from None
    if not isinstance(note, dict):
        raise Problem(400, "a note is a JSON object")
    text, author = note.get("text"), note.get("author", "anonymous")
    if not isinstance(text, str) or not text.strip():
        raise Problem(400, "text is missing or empty")
    if len(text) > LONGEST_TEXT:
        raise Problem(400, f"text is longer than {LONGEST_TEXT} characters")
    if not isinstance(author, str) or not author.strip() or len(author) > LONGEST_AUTHOR:
        raise Problem(400, f"author is empty or longer than {LONGEST_AUTHOR} characters")
    try:
        (text + author).encode()
    except UnicodeEncodeError:
        raise Problem(400, "a note is valid Unicode") from None
    return text.strip(), author.strip()


# Uploads


def session_key():
    path = os.environ.get("SESSION_KEY_FILE")
    if path:
        return Path(path).read_bytes().strip()
    return os.environ.get("SESSION_KEY", "development").encode()


def safe_name(name):
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}", name):
        raise Problem(400, "a file name has 1 to 100 letters, digits, dots, dashes and underscores")
    return name


def store_upload(name, content):
    # Keyed by the environment's secret, so that one file's address does not reveal another's.
    prefix = hmac.new(session_key(), content, hashlib.sha256).hexdigest()[:12]
    stored = f"{prefix}-{name}"
    UPLOADS.mkdir(exist_ok=True)
    partial = UPLOADS / f".{stored}.{threading.get_native_id()}"
    with open(partial, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, UPLOADS / stored)
    return {"name": stored, "bytes": len(content), "url": f"/uploads/{stored}"}


def read_upload(name):
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", name):
        raise Problem(404, "there is no such upload")
    try:
        return (UPLOADS / name).read_bytes()
    except OSError:
        raise Problem(404, "there is no such upload") from None


# Requests


def identity():
    return {
        "release": os.environ.get("DEPLOYCTL_RELEASE", "none"),
        "environment": os.environ.get("DEPLOYCTL_ENVIRONMENT", "development"),
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "quickstart"
    sys_version = ""
    timeout = REQUEST_SECONDS
    # One write per answer: headers and body leave in one packet.
    wbufsize = -1

    # (method, path pattern, handler); the order is the order of matching.
    ROUTES = [
        ("GET", r"/", "show_page"),
        ("GET", r"/health", "show_health"),
        ("GET", r"/version", "show_version"),
        ("GET", r"/api/notes", "show_notes"),
        ("POST", r"/api/notes", "create_note"),
        ("GET", r"/api/notes/(\d{1,18})", "show_note"),
        ("POST", r"/uploads", "create_upload"),
        ("GET", r"/uploads/([^/]+)", "show_upload"),
    ]

    def show_page(self):
        self.answer(200, INDEX_PAGE.read_bytes(), "text/html; charset=utf-8")

    def show_health(self):
        missing = sorted(NEEDED_COLUMNS - set(note_columns()))
        if missing:
            raise Problem(503, f"notes has no column {', '.join(missing)}: a migration is missing")
        self.answer_json(200, {"healthy": True, **identity()})

    def show_version(self):
        self.answer_json(200, {**identity(), "columns": note_columns()})

    def show_notes(self):
        limit = self.query.get("limit", ["-1"])[-1]
        if not re.fullmatch(r"-1|\d{1,9}", limit):
            raise Problem(400, "limit is a number")
        self.answer_json(200, list_notes(int(limit)))

    def show_note(self, identifier):
        self.answer_json(200, find_note(int(identifier)))

    def create_note(self):
        note = add_note(*validated_note(self.body(LARGEST_NOTE)))
        self.answer_json(201, note, Location=f"/api/notes/{note['id']}")

    def create_upload(self):
        name = safe_name(self.query.get("name", ["upload.bin"])[-1])
        upload = store_upload(name, self.body(LARGEST_UPLOAD))
        self.answer_json(201, upload, Location=upload["url"])

    def show_upload(self, name):
        content = read_upload(unquote(name))
        kind = mimetypes.guess_type(name)[0] or ""
        safe = kind if kind.startswith("image/") and "svg" not in kind else "application/octet-stream"
        self.answer(200, content, safe, X_Content_Type_Options="nosniff")

    def do_GET(self):
        self.dispatch("GET")

    def do_HEAD(self):
        self.dispatch("GET")

    def do_POST(self):
        self.dispatch("POST")

    def dispatch(self, method):
        address = urlsplit(self.path)
        self.query = parse_qs(address.query)
        self.unread = self.announced_length()
        try:
            name, arguments = self.route(method, address.path)
            getattr(self, name)(*arguments)
        except Problem as problem:
            self.answer_json(problem.status, {"error": str(problem)}, **problem.headers)
        except sqlite3.Error as error:
            self.answer_json(503, {"error": f"database: {error}"})
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as error:
            self.answer_json(500, {"error": f"{type(error).__name__}: {error}"})

    def route(self, method, path):
        allowed = []
        for expected, pattern, name in self.ROUTES:
            match = re.fullmatch(pattern, path)
            if match and expected == method:
                return name, match.groups()
            if match:
                allowed.append(expected)
        if allowed:
            raise Problem(405, "method not allowed", Allow=", ".join(allowed))
        raise Problem(404, "there is nothing here")

    # Bodies

    def announced_length(self):
        """Bytes of body still on the connection; None when only the sender knows."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch(r"\d{1,18}", length):
            return None
        return int(length)

    def body(self, limit):
        if self.unread is None or "Content-Length" not in self.headers:
            raise Problem(411, "Content-Length is missing")
        if self.unread > limit:
            raise Problem(413, f"the body is larger than {limit} bytes")
        content = self.rfile.read(self.unread)
        if len(content) < self.unread:
            raise ConnectionError("the body ended early")
        self.unread = 0
        return content

    def discard_body(self):
        """Reads what an answer did not need, so that the connection can carry the next request."""
        if self.unread is None or self.unread > 2 * LARGEST_UPLOAD:
            self.close_connection = True
        elif self.unread:
            self.rfile.read(self.unread)
        self.unread = 0

    # Answers

    def answer_json(self, status, value, **headers):
        content = (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
        self.answer(status, content, "application/json; charset=utf-8", **headers)

    def answer(self, status, content, kind, **headers):
        self.discard_body()
        if self.server.draining:
            self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    # Connections

    def handle_one_request(self):
        if self.next_request_arrives():
            self.began = time.monotonic()
            super().handle_one_request()
        else:
            self.close_connection = True

    def next_request_arrives(self):
        """Waits for a first byte; when draining, only for a request that is already on its way."""
        self.connection.settimeout(0)
        try:
            buffered = self.rfile.peek(1)
        except ConnectionError:
            return False
        finally:
            self.connection.settimeout(self.timeout)
        if buffered:
            return True
        waiting = select.poll()
        waiting.register(self.connection, select.POLLIN)
        waiting.register(self.server.drain_began, select.POLLIN)
        ready = {number for number, _ in waiting.poll(IDLE_SECONDS * 1000)}
        if self.connection.fileno() in ready or not ready:
            return bool(ready)
        waiting.unregister(self.server.drain_began)
        return bool(waiting.poll(LAST_CALL_SECONDS * 1000))

    def handle_expect_100(self):
        accepted = super().handle_expect_100()
        self.wfile.flush()
        return accepted

    def address_string(self):
        return self.client_address[0] if self.client_address else "unix"

    def log_request(self, code="-", size="-"):
        milliseconds = (time.monotonic() - self.began) * 1000
        path = self.path.encode("unicode_escape").decode() if hasattr(self, "path") else "-"
        self.log_line(f"{self.command or '-'} {path} {int(code)} {milliseconds:.1f}ms")

    def log_message(self, format, *arguments):
        self.log_line((format % arguments).encode("unicode_escape").decode())

    def log_line(self, text):
        log(f"{identity()['release']} {text}")


def log(text):
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{moment} {text}\n")
    sys.stderr.flush()


class Server(ThreadingHTTPServer):
    """Accepts until told to drain, then returns once every connection is done."""

    request_queue_size = 512
    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True
    timeout = 0

    def __init__(self, address):
        self.draining = False
        self.drain_began, self.drain_signal = os.pipe()
        if isinstance(address, str):
            self.address_family = socket.AF_UNIX
            if os.path.exists(address):
                os.unlink(address)
        super().__init__(address, Handler)

    def server_bind(self):
        # HTTPServer's own version looks up a host name, which a unix socket has not.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def drain(self, *_):
        """Safe to call from a signal handler, any number of times."""
        if not self.draining:
            self.draining = True
            os.close(self.drain_signal)

    def serve(self):
        waiting = select.poll()
        waiting.register(self.socket, select.POLLIN)
        waiting.register(self.drain_began, select.POLLIN)
        while not self.draining:
            waiting.poll()
            self.handle_request()
        self.accept_the_last()
        self.server_close()

    def accept_the_last(self):
        """Takes whoever connected before the end; closing the socket would reset them."""
        if self.address_family == socket.AF_UNIX:
            # Refuses newcomers but keeps the queue, so nobody falls between the last accept and close.
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.setblocking(False)
        while True:
            try:
                connection, address = self.socket.accept()
            except OSError:
                return
            connection.setblocking(True)
            self.process_request(connection, address)

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        log(f"connection ended: {type(error).__name__}: {error}")


def check():
    if not INDEX_PAGE.is_file():
        sys.exit(f"{INDEX_PAGE} is missing")
    print("server.py and its page are there")


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    address = os.environ.get("SOCKET") or (
        os.environ.get("HOST", "127.0.0.1"),
        int(os.environ.get("PORT", "8000")),
    )
    server = Server(address)
    signal.signal(signal.SIGTERM, server.drain)
    signal.signal(signal.SIGINT, server.drain)
    log(f"listening on {address}")
    server.serve()
    log("drained")


if __name__ == "__main__":
    main()
