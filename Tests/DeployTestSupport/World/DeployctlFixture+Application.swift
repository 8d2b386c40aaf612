extension DeployctlFixture {
    /// A shop that keeps items: quick to start, on a socket or a port, answering what its release says.
    static let application = #"""
        import json, os, signal, socketserver, sqlite3, threading

        HERE = os.path.dirname(os.path.abspath(__file__))


        def text(name):
            with open(os.path.join(HERE, name)) as file:
                return file.read().strip()


        def items(method, body):
            path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
            connection = sqlite3.connect("file:" + path + "?mode=rw", timeout=10, uri=True)
            try:
                if method == "POST":
                    with connection:
                        connection.execute("INSERT INTO item (text) VALUES (?)", (body,))
                return [row[0] for row in connection.execute("SELECT text FROM item ORDER BY id")]
            finally:
                connection.close()


        def answer(method, path, body):
            if path == "/health":
                return int(text("health")), {}
            if path == "/version":
                return 200, {"version": text("version"), "release": os.environ["DEPLOYCTL_RELEASE"], "process": os.getpid()}
            if path == "/items":
                return 201 if method == "POST" else 200, items(method, body)
            return 404, {}


        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                words = self.rfile.readline().decode().split()
                length = 0
                while line := self.rfile.readline().decode().strip():
                    name, _, value = line.partition(":")
                    if name.lower() == "content-length":
                        length = int(value)
                if len(words) < 2:
                    return
                try:
                    status, value = answer(words[0], words[1], self.rfile.read(length).decode())
                except Exception as problem:
                    status, value = 500, {"problem": str(problem)}
                body = json.dumps(value).encode()
                head = f"HTTP/1.0 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                self.wfile.write(head.encode() + body)


        class TCPServer(socketserver.ThreadingTCPServer):
            allow_reuse_address = True


        class UnixServer(socketserver.ThreadingUnixStreamServer):
            request_queue_size = 64


        if "SOCKET" in os.environ:
            server = UnixServer(os.environ["SOCKET"], Handler)
        else:
            server = TCPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler)
        server.daemon_threads = False
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        print("serving", text("version"), flush=True)
        server.serve_forever(poll_interval=0.02)
        server.server_close()
        """#
}
