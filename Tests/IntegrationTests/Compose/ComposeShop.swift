/// The files of the shop.
enum ComposeShop {
    static let server = #"""
        import http.server, json, os, signal, sqlite3, threading

        def secret(name):
            with open(os.environ[name + "_FILE"]) as file:
                return file.read()

        def text(name):
            with open("/app/" + name) as file:
                return file.read().strip()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = secret("DATABASE_URL").removeprefix("sqlite:///")
                connection = sqlite3.connect("file:" + path + "?mode=rw", uri=True)
                count = connection.execute("SELECT count(*) FROM item").fetchone()[0]
                connection.close()
                body = json.dumps({"version": text("version"), "release": os.environ["DEPLOYCTL_RELEASE"],
                                   "token": str(len(secret("TOKEN"))), "items": str(count)}).encode()
                self.send_response(int(text("health")) if self.path == "/health" else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        print("serving", text("version"), flush=True)
        server.serve_forever(0.02)
        """#

    static let image = """
        FROM python:3.11
        COPY server.py version health /app/
        CMD ["python3", "-u", "/app/server.py"]
        """

    static let compose = """
        services:
          web:
            build: ./app
            expose: ["8000"]
            secrets: [TOKEN]
            volumes: ["${DEPLOYCTL_SHARED:-./shared}/data:${DEPLOYCTL_SHARED:-/shared}/data"]
            depends_on: {keeper: {condition: service_healthy}}
          keeper:
            image: busybox
            init: true
            command: ["sh", "-c", "echo keeping; exec sleep 100000"]
            ports: ["0.0.0.0:${PORT_KEEPER:-7999}:7000"]
            volumes: ["kept:/kept"]
            healthcheck: {test: ["CMD", "true"], interval: 1s}
        volumes:
          kept:
        secrets:
          TOKEN: {file: "${DEPLOYCTL_SECRETS:-./secrets}/TOKEN"}
        """

    static func definition(_ project: String, port: Int, dataPort: Int) -> String {
        """
        {
          "project": "\(project)",
          "runtime": {"kind": "compose", "file": "compose.yml"},
          "services": {
            "web": {"role": "app", "health": {"path": "/health", "timeout": "20s"}},
            "front": {"role": "edge", "routes": {"/": "web"}},
            "keeper": {"role": "data"}
          },
          "ports": {"http": \(port), "keeper": \(dataPort)},
          "network": "\(project)-net", "volumes": ["\(project)_kept"],
          "migrations": {"directory": "migrations"},
          "database": {"engine": "sqlite", "file": "data/app.db"},
          "secrets": {"TOKEN": {"file": ".secrets/TOKEN"}},
          "drain": "2s", "watch": "0s", "logs": "logs/staging"
        }
        """
    }
}
