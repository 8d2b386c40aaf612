#!/usr/bin/env python3
"""Asks the warehouse system without pause: its health, its items, and writes movements of one item.

With --anonymous, its health alone, which reads every table: what is known of a login ends with the data it is in.

    warehouse.py https://localhost --user admin --password-file .secrets/production/ADMIN_PASSWORD

Counts as environments/quickstart/demo/load.py does, and stops the same way.
"""

import argparse
import http.client
import json
import os
import ssl
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "environments" / "quickstart" / "demo"))

from load import Load, run  # noqa: E402


class WarehouseLoad(Load):
    greeting = "/api/health"

    def __init__(self, url, user, password, anonymous=False, **options):
        super().__init__(url, **options)
        self.encrypted = url.startswith("https:")
        if self.encrypted and self.port == 80:
            self.port = 443
        self.token = None
        self.anonymous = anonymous
        if anonymous:
            return
        self.token = self.once("POST", "/api/login", {"user": user, "password": password})["token"]
        number = f"load-{next(self.numbers)}"
        items = self.once("GET", "/api/items")
        found = [item for item in items if item["sku"] == number]
        self.item = found[0] if found else self.once("POST", "/api/items", {"sku": number, "name": "Load"})

    def connection(self):
        if not self.encrypted:
            return super().connection()
        # The certificate is the test's own; who answers is shown by the release in the answer.
        context = ssl._create_unverified_context()
        return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout, context=context)

    def headers(self, body):
        headers = super().headers(body)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def once(self, method, path, body=None):
        connection = self.connection()
        text = json.dumps(body) if body else None
        connection.request(method, path, text, self.headers(text))
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"{method} {path}: {answer.status} {content[:200]}")
        return json.loads(content)

    def ask_version(self, connection):
        return self.ask(connection, "GET", self.greeting)

    def ask_notes(self, connection):
        return self.ask(connection, "GET", self.greeting if self.anonymous else "/api/items")

    def write_note(self, connection):
        movement = {"item": self.item["id"], "kind": "in", "quantity": 1, "reference": f"load {os.getpid()}-{next(self.numbers)}"}
        return self.ask(connection, "POST", "/api/movements", json.dumps(movement))


def main():
    parser = argparse.ArgumentParser(description="Ask the warehouse system without pause; count what fails.")
    parser.add_argument("url")
    parser.add_argument("--user", default="demo")
    parser.add_argument("--password", default="demo")
    parser.add_argument("--password-file")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--writes", action="store_true")
    kind.add_argument("--anonymous", action="store_true")
    parser.add_argument("--keeping", type=int, default=4)
    parser.add_argument("--fresh", type=int, default=4)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--pause-ms", type=float, default=30)
    options = parser.parse_args()
    password = options.password
    if options.password_file:
        password = Path(options.password_file).read_text().strip()
    load = WarehouseLoad(
        options.url, options.user, password, anonymous=options.anonymous, writes=options.writes, keeping=options.keeping,
        fresh=options.fresh, pause=options.pause_ms / 1000)
    run(load, options.seconds)


if __name__ == "__main__":
    main()
