"""Starts the real server on a real socket with a real database and talks to it.

Run with: python3 app/test_server.py
"""

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def wait_until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("the deadline passed")
        time.sleep(0.01)


def accepts(path):
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(path) == 0


class ServerCase(unittest.TestCase):
    migrations = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="qs", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.release = self.folder / "release"
        shutil.copytree(
            PROJECT / "app", self.release / "app", ignore=shutil.ignore_patterns("__pycache__")
        )
        self.database = self.folder / "app.db"
        self.migrate(self.migrations)
        self.socket = str(self.folder / "web.sock")
        self.start(SOCKET=self.socket)
        wait_until(lambda: accepts(self.socket))

    def migrate(self, count):
        with sqlite3.connect(self.database) as database:
            for file in sorted((PROJECT / "migrations").glob("*.sql"))[:count]:
                database.executescript(file.read_text())
        database.close()

    def start(self, **extra):
        self.log = open(self.folder / "log", "ab")
        self.addCleanup(self.log.close)
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DEPLOYCTL_RELEASE": "20261121021530",
            "DEPLOYCTL_ENVIRONMENT": "staging",
            "SESSION_KEY": "test",
            **extra,
        }
        self.server = subprocess.Popen(
            [sys.executable, "app/server.py"], cwd=self.release, env=environment, stderr=self.log
        )
        self.addCleanup(self.end, self.server)

    def end(self, server):
        server.kill()
        server.wait()

    def connect(self):
        connection = UnixConnection(self.socket)
        self.addCleanup(connection.close)
        return connection

    def ask(self, method, path, body=None, connection=None, **headers):
        connection = connection or self.connect()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer

    def ask_json(self, method, path, value=None, connection=None):
        body = None if value is None else json.dumps(value)
        status, content, _ = self.ask(method, path, body, connection)
        return status, json.loads(content)


class NotesTests(ServerCase):
    def test_created_note_can_be_read_back(self):
        status, note = self.ask_json("POST", "/api/notes", {"text": " Grüße ", "author": "Ada"})
        self.assertEqual((status, note["text"], note["author"]), (201, "Grüße", "Ada"))
        self.assertEqual(self.ask_json("GET", f"/api/notes/{note['id']}"), (200, note))
        self.assertEqual(self.ask_json("GET", "/api/notes"), (200, [note]))

    def test_limit_keeps_the_newest_in_order(self):
        for text in "abc":
            self.ask_json("POST", "/api/notes", {"text": text})
        _, notes = self.ask_json("GET", "/api/notes?limit=2")
        self.assertEqual([note["text"] for note in notes], ["b", "c"])

    def test_bad_notes_are_refused(self):
        bad = [b"", b"{", b"[]", b"{}", b'{"text": 5}', b'{"text": "  "}', b'{"text": "\\ud800"}']
        bad += [b'{"text": "a", "author": ""}', b'{"text": "a", "author": 1}', b"\xff"]
        bad += [json.dumps({"text": "x" * 2001}).encode()]
        for body in bad:
            status, content, _ = self.ask("POST", "/api/notes", body)
            self.assertEqual(status, 400, body)
            self.assertIn("error", json.loads(content))
        self.assertEqual(self.ask_json("GET", "/api/notes"), (200, []))

    def test_what_is_not_there_is_404_and_wrong_methods_are_405(self):
        self.assertEqual(self.ask("GET", "/api/notes/1")[0], 404)
        self.assertEqual(self.ask("GET", "/nothing")[0], 404)
        status, _, answer = self.ask("POST", "/health", b"x")
        self.assertEqual((status, answer.headers["Allow"]), (405, "GET"))
        self.assertEqual(self.ask("GET", "/api/notes?limit=x")[0], 400)

    def test_a_body_of_unknown_length_is_refused(self):
        connection = self.connect()
        connection.request("POST", "/api/notes", iter([b'{"text": "a"}']), encode_chunked=True)
        self.assertEqual(connection.getresponse().status, 411)

    def test_parallel_requests_all_succeed(self):
        def work(worker):
            connection = self.connect()
            return [
                self.ask_json("POST", "/api/notes", {"text": f"{worker}-{turn}"}, connection)[0]
                for turn in range(10)
            ] + [self.ask_json("GET", "/api/notes", None, connection)[0] for _ in range(10)]

        with ThreadPoolExecutor(16) as pool:
            statuses = [status for answers in pool.map(work, range(16)) for status in answers]
        self.assertEqual(sorted(statuses), [200] * 160 + [201] * 160)
        _, notes = self.ask_json("GET", "/api/notes")
        self.assertEqual(len({note["text"] for note in notes}), 160)


class UploadTests(ServerCase):
    def test_upload_can_be_read_back(self):
        content = bytes(range(256)) * 40
        status, body, _ = self.ask("POST", "/uploads?name=photo.png", content)
        upload = json.loads(body)
        self.assertEqual((status, upload["bytes"]), (201, len(content)))
        status, found, answer = self.ask("GET", upload["url"])
        self.assertEqual((status, found), (200, content))
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertEqual(os.listdir(self.release / "uploads"), [upload["name"]])

    def test_scripts_are_never_served_as_pages(self):
        _, body, _ = self.ask("POST", "/uploads?name=page.html", b"<script>")
        _, _, answer = self.ask("GET", json.loads(body)["url"])
        self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")

    def test_unsafe_names_are_refused(self):
        for name in ["..", "a/b", "%2e%2e%2fx", ".hidden", "a%00b", "x" * 101, "a%0ab"]:
            self.assertEqual(self.ask("POST", f"/uploads?name={name}", b"x")[0], 400, name)
        for path in ["/uploads/..", "/uploads/%2e%2e%2fapp%2fserver.py", "/uploads/.x", "/uploads/a"]:
            self.assertEqual(self.ask("GET", path)[0], 404, path)

    def test_a_body_over_the_limit_is_refused_and_the_connection_still_serves(self):
        connection = self.connect()
        status, _, _ = self.ask("POST", "/uploads", b"x" * (5 * 1024 * 1024 + 1), connection)
        self.assertEqual(status, 413)
        self.assertEqual(self.ask("GET", "/health", connection=connection)[0], 200)

    def test_a_client_that_asks_first_is_told_to_continue(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(self.socket)
            client.sendall(
                b"POST /uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            )
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 100"))
            client.sendall(b"ok")
            self.assertTrue(client.recv(4096).startswith(b"HTTP/1.1 201"))


class HealthTests(ServerCase):
    def test_healthy_server_names_release_and_environment(self):
        status, health = self.ask_json("GET", "/health")
        self.assertEqual(status, 200)
        self.assertEqual((health["release"], health["environment"]), ("20261121021530", "staging"))

    def test_version_lists_the_columns(self):
        status, version = self.ask_json("GET", "/version")
        self.assertEqual((status, version["release"]), (200, "20261121021530"))
        self.assertEqual(version["columns"], ["id", "text", "created_at", "author"])

    def test_a_missing_database_is_unhealthy_and_is_not_made(self):
        self.database.unlink()
        self.assertEqual(self.ask("GET", "/health")[0], 503)
        self.assertFalse(self.database.exists())

    def test_page_and_head(self):
        status, page, _ = self.ask("GET", "/")
        self.assertEqual((status, page), (200, (PROJECT / "app/public/index.html").read_bytes()))
        status, nothing, answer = self.ask("HEAD", "/")
        self.assertEqual((status, nothing), (200, b""))
        self.assertEqual(int(answer.headers["Content-Length"]), len(page))

    def test_each_request_is_logged_once(self):
        self.ask("GET", "/health")
        self.ask("GET", "/nothing")
        log = (self.folder / "log").read_text()
        self.assertEqual(log.count("GET /health 200"), 1)
        self.assertEqual(log.count("GET /nothing 404"), 1)

    def test_nothing_but_uploads_appears_in_the_release(self):
        before = sorted(self.release.rglob("*"))
        self.ask("GET", "/health")
        self.assertEqual(sorted(self.release.rglob("*")), before)


class MissingMigrationTests(ServerCase):
    migrations = 1

    def test_health_names_the_missing_column_while_reads_still_work(self):
        status, health = self.ask_json("GET", "/health")
        self.assertEqual(status, 503)
        self.assertIn("author", health["error"])
        self.assertEqual(self.ask_json("GET", "/api/notes"), (200, []))


class DrainTests(ServerCase):
    def begin_upload(self, size=2):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(10)
        client.connect(self.socket)
        head = f"POST /uploads?name=late HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\nExpect: 100-continue"
        client.sendall(head.encode() + b"\r\n\r\n")
        self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 100"))
        return client

    def test_requests_in_flight_finish_and_the_exit_is_clean(self):
        client = self.begin_upload()
        self.server.send_signal(signal.SIGTERM)
        wait_until(lambda: not accepts(self.socket))
        self.assertIsNone(self.server.poll())
        client.sendall(b"ok")
        answer = client.recv(4096)
        self.assertTrue(answer.startswith(b"HTTP/1.1 201"), answer)
        self.assertIn(b"Connection: close", answer)
        self.assertEqual(self.server.wait(10), 0)

    def test_idle_connections_do_not_hold_it_up(self):
        connection = self.connect()
        self.ask("GET", "/health", connection=connection)
        began = time.monotonic()
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(10), 0)
        self.assertLess(time.monotonic() - began, 5)

    def test_every_accepted_request_is_answered_under_load(self):
        failures, answered, stopping = [], [], threading.Event()

        def work():
            while not stopping.is_set():
                connection = UnixConnection(self.socket)
                try:
                    connection.connect()
                except ConnectionRefusedError:
                    connection.close()
                    return
                try:
                    answered.append(self.ask("GET", "/version", connection=connection)[0])
                except Exception as error:
                    failures.append(repr(error))
                finally:
                    connection.close()

        workers = [threading.Thread(target=work) for _ in range(8)]
        for worker in workers:
            worker.start()
        wait_until(lambda: len(answered) > 100)
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(10), 0)
        stopping.set()
        for worker in workers:
            worker.join()
        self.assertEqual(failures, [])
        self.assertEqual(set(answered), {200})

    def test_a_socket_left_behind_is_replaced(self):
        self.server.kill()
        self.server.wait()
        self.assertTrue(os.path.exists(self.socket))
        self.start(SOCKET=self.socket)
        wait_until(lambda: accepts(self.socket))
        self.assertEqual(self.ask("GET", "/health")[0], 200)


class PortTests(ServerCase):
    def test_listens_on_host_and_port_without_a_socket(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.start(HOST="127.0.0.1", PORT=str(port))

        def answers():
            with socket.socket() as client:
                return client.connect_ex(("127.0.0.1", port)) == 0

        wait_until(answers)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.addCleanup(connection.close)
        self.assertEqual(self.ask("GET", "/health", connection=connection)[0], 200)


if __name__ == "__main__":
    unittest.main()
