"""What all services have in common."""
import http.server, json, os, urllib.request


def fetch(address, body=None):
    request = urllib.request.Request(address, data=body.encode() if body is not None else None)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read().decode()


def serve(answer):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def reply(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            try:
                status, text = answer(self.command, self.path, body)
            except OSError as problem:
                status, text = 502, f"{problem}\n"
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = reply

        def log_message(self, *words):
            pass

    http.server.ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
