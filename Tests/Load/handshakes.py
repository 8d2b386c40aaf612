#!/usr/bin/env python3
"""Asks by https from 64 places until a file is there, never twice for one request; prints one line of JSON.

    handshakes.py PORT TAKEN STOP

Half of the clients keep their connection, half open one for each request. TAKEN is the path of a file of certificates, PEM,
oldest first: a handshake that begins after one was added must show that one or a later one.
"""

import http.client
import json
import os
import re
import ssl
import sys
import threading
import time

CLIENTS = 64


class Visitors:
    def __init__(self, port, taken, stop):
        self.port, self.taken, self.stop = port, taken, stop
        self.context = ssl._create_unverified_context()
        self.requests, self.old, self.failures = [0] * CLIENTS, [], []

    def certificates(self):
        with open(self.taken, encoding="ascii") as file:
            return [ssl.PEM_cert_to_DER_cert(one) for one in
                    re.findall("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", file.read(), re.S)]

    def connect(self):
        least = len(self.certificates())
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=10)
        connection.connect()
        shown = connection.sock.getpeercert(binary_form=True)
        known = self.certificates()
        if shown in known and known.index(shown) + 1 < least:
            self.old.append(f"{known.index(shown) + 1} of {least}")
        return connection

    def visit(self, number):
        connection = None
        while not os.path.exists(self.stop):
            try:
                connection = connection or self.connect()
                connection.request("GET", "/version")
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    self.failures.append(f"status {answer.status}")
                self.requests[number] += 1
                if number % 2 or answer.will_close:
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection = None
            time.sleep(0.01)

    def run(self):
        threads = [threading.Thread(target=self.visit, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(json.dumps({"requests": sum(self.requests), "failures": self.failures[:20], "old": self.old[:20]}))


if __name__ == "__main__":
    Visitors(int(sys.argv[1]), sys.argv[2], sys.argv[3]).run()
