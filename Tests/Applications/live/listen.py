"""Listens on a WebSocket or an event stream and comes back whenever it is cut, until it hears the wanted version.

    listen.py PORT /socket|/events VERSION

Prints each version once as it changes; ends with 1 where it is turned away.
"""
import base64, os, re, socket, sys, time

port, path, wanted = int(sys.argv[1]), sys.argv[2], sys.argv[3]
upgrade = "" if path == "/events" else (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n")
heard, until = None, time.monotonic() + 60
while time.monotonic() < until:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n".encode())
        text = b""
        while received := connection.recv(4096):
            text += received
            if b"\r\n\r\n" in text and text.split()[1] not in (b"101", b"200"):
                sys.exit(f"turned away: {text[:200]!r}")
            for version in re.findall(rb"one|two", received):
                if version != heard:
                    heard = version
                    print(version.decode(), flush=True)
                if version.decode() == wanted:
                    sys.exit(0)
sys.exit(f"never heard {wanted}")
