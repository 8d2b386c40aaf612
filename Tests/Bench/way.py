"""The way from a visitor to the application, held against one nginx that asks the same application."""

import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import threading
import time

from measure import Command, in_turn
from row import Row, skip
from shop import Shop, free_port

# Answers by itself, so that nothing but the way is slow.
FAST = '''\
import os

folder = os.path.dirname(os.environ["SOCKET"])
text = """worker_processes 1; daemon off; pid %s/fast.pid; error_log stderr crit;
events { worker_connections 4096; }
http {
    access_log off; keepalive_requests 1000000;
    client_body_temp_path %s/fast-body; proxy_temp_path %s/fast-proxy; fastcgi_temp_path %s/fast-fastcgi;
    uwsgi_temp_path %s/fast-uwsgi; scgi_temp_path %s/fast-scgi;
    server { listen unix:%s; return 200 ok; }
}
""" % (*[folder] * 6, os.environ["SOCKET"])
with open(folder + "/fast.conf", "w") as file:
    file.write(text)
os.execvp("nginx", ["nginx", "-e", "stderr", "-c", folder + "/fast.conf"])
'''

# Answers requests, and holds WebSockets; when it is told to end, it waits for those as servers do.
PLAIN = '''\
import asyncio, os, signal


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\\r\\n\\r\\n")).lower()
            length = head.partition(b"content-length: ")[2].partition(b"\\r\\n")[0]
            await reader.readexactly(int(length or 0))
            if b"upgrade: websocket" in head:
                writer.write(b"HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n")
                while not reader.at_eof():
                    writer.write(b"\\x81\\x02ok")
                    await writer.drain()
                    await asyncio.sleep(0.1)
                return
            writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
            if b"connection: close" in head:
                return
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    open_ones, told = set(), asyncio.Event()

    async def begin(reader, writer):
        open_ones.add(asyncio.current_task())
        try:
            await serve(reader, writer)
        finally:
            open_ones.discard(asyncio.current_task())

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    server = await asyncio.start_unix_server(begin, os.environ["SOCKET"], backlog=1024)
    await told.wait()
    server.close()
    while open_ones:
        await asyncio.wait(open_ones)


asyncio.run(main())
'''

ONE_NGINX = """\
{user}worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off; keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream fast {{ server unix:{fast}; keepalive 64; }}
    upstream plain {{ server unix:{plain}; keepalive 64; }}
    server {{
        listen {port};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        location / {{ proxy_pass http://plain; }}
        location /fast {{ proxy_pass http://fast; }}
    }}
}}
"""


class Way:
    """A shop with an application that costs nothing and one that costs something, and one nginx beside it."""

    def __init__(self, deployctl, quick):
        self.quick, self.seconds, self.runs = quick, 1 if quick else 5, 3 if quick else 5
        self.cutovers = 20 if quick else 200
        self.shop = Shop(deployctl)
        self.port = free_port()
        self.nginx = None
        self.commits = 0

    def rows(self):
        missing = [program for program in ("nginx", "wrk") if not shutil.which(program)]
        if missing:
            return skip("the way to the application", f"{missing[0]} is not installed")
        try:
            self.furnish()
            yield from self.requests("an application that costs nothing", "/fast")
            yield from self.requests("an application in Python", "/")
            self.end_nginx()
            yield from self.moves()
            yield from self.long_connections()
        finally:
            self.end_nginx()
            self.shop.remove()

    def furnish(self):
        shop = self.shop
        shop.write("app/fast.py", FAST)
        shop.write("app/plain.py", PLAIN)
        service = {"role": "app", "listen": "socket", "health": {"path": "/", "timeout": "30s"}, "keepAlive": True}
        shop.write("environments/staging.json", json.dumps({
            "project": "bench", "watch": "0s", "drain": "3s", "logs": "logs",
            "services": {
                "fast": {**service, "command": ["python3", "app/fast.py"]},
                "plain": {**service, "command": ["python3", "app/plain.py"]},
                "front": {"role": "edge", "routes": {"/": "plain", "/fast": "fast"}},
            },
            "ports": {"http": shop.port},
        }, indent=2))
        shop.commit()
        shop.tool("staging").seconds()
        self.begin_nginx()

    def begin_nginx(self):
        folder, run = self.shop.folder / ".git" / "one", self.shop.folder / ".deployctl" / "staging" / "run" / "current"
        folder.mkdir()
        file = folder / "nginx.conf"
        file.write_text(ONE_NGINX.format(
            user="user root; " if os.geteuid() == 0 else "", folder=folder, port=self.port,
             fast=(run / "app-fast.sock").resolve(), plain=(run / "app-plain.sock").resolve()))
        self.nginx = subprocess.Popen(["nginx", "-e", "stderr", "-c", str(file)])
        wait_for(self.port)

    def end_nginx(self):
        if self.nginx:
            self.nginx.terminate()
            self.nginx.wait()
            self.nginx = None

    # How many requests, and how long the slow ones take

    def requests(self, name, path):
        for kind, header in (("connections kept", None), ("a connection per request", "Connection: close")):
            loads = {self.shop.port: [], self.port: []}
            for _ in range(self.runs + 1):
                for port, found in loads.items():
                    found.append(self.load(port, path, header))
            (rate, tail), (their_rate, their_tail) = (
                # The first of each does not count.
                [statistics.median(load[field] for load in found[1:]) for field in ("rate", "tail")]
                for found in loads.values())
            aims = (0.8, 1.5) if header is None else (None, None)
            yield Row(
                f"{name}, {kind}", rate, "requests/s", "one nginx with keep-alive", their_rate, aims[0], "ratio",
                larger=True)
            yield Row("  of 100 requests 99 take", tail, "ms", "one nginx with keep-alive", their_tail, aims[1], "ratio")

    def load(self, port, path, header=None, seconds=None):
        words = ["wrk", "-t1", "-c64", f"-d{seconds or self.seconds}s", "--latency", "--timeout", "30s"]
        words += ["-H", header] if header else []
        return told(Command(*words, f"http://127.0.0.1:{port}{path}").output())

    # Deployments under load

    def moves(self):
        idle = self.load(self.shop.port, "/", seconds=10)
        process = subprocess.Popen(
            ["wrk", "-t1", "-c64", "-d3600s", "--latency", "--timeout", "30s", f"http://127.0.0.1:{self.shop.port}/"],
            stdout=subprocess.PIPE, text=True)
        for number in range(self.cutovers):
            self.deploy() if number % 2 else self.shop.tool("restart", "staging").seconds()
        process.send_signal(signal.SIGINT)
        moved = told(process.communicate()[0])
        yield Row(f"{self.cutovers} cutovers under 64 connections: failed", moved["failed"], "requests", aim=0)
        yield Row(
            "  of 100 requests 99 take", moved["tail"], "ms", "the same without a cutover", idle["tail"], 2, "ratio")

    def deploy(self):
        self.commits += 1
        self.shop.write("page.txt", f"{self.commits}\n")
        self.shop.commit(f"Change the page, {self.commits}")
        return self.shop.tool("staging").seconds()

    # Deployments beside connections that stay open

    def long_connections(self):
        with self.shop.kept():
            yield from self.beside_long_connections()

    def beside_long_connections(self):
        def beside_sockets():
            sockets = Sockets(self.shop.port, 200)
            took = self.deploy()
            sockets.close()
            return took

        took, alone = in_turn([beside_sockets, self.deploy], 1 if self.quick else 3)
        yield Row(
            "a deployment beside 200 WebSockets", took * 1000, "ms", "a deployment without", alone * 1000)
        yield Row("  longer than without", (took - alone) * 1000, "ms", aim=500)


class Sockets:
    """Open WebSockets of which each has heard something."""

    def __init__(self, port, count):
        self.all = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=30)
            connection.sendall(
                b"GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
            self.all.append(connection)
        for connection in self.all:
            if not connection.recv(4096).startswith(b"HTTP/1.1 101"):
                raise SystemExit("bench: a WebSocket was turned away")
        self.ending = threading.Event()
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()

    def listen(self):
        while not self.ending.wait(0.2):
            for connection in self.all:
                connection.setblocking(False)
                try:
                    connection.recv(65536)
                except OSError:
                    pass

    def close(self):
        self.ending.set()
        self.reader.join()
        for connection in self.all:
            connection.close()


def told(text):
    """What wrk says: requests per second, the 99th percentile in milliseconds, and what failed."""
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", text)
    tail = re.search(r"99%\s+([0-9.]+)(us|ms|s|m)\b", text)
    if not rate or not tail:
        raise SystemExit(f"bench: wrk says nothing:\n{text}")
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return {
        "rate": float(rate[1]), "tail": float(tail[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[tail[2]],
        "failed": sum(map(int, errors.groups() if errors else ())) + int(refused[1] if refused else 0),
    }


def wait_for(port):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise SystemExit(f"bench: nothing listens on port {port}")
