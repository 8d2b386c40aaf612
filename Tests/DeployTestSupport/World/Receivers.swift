import Foundation

/// Where people read messages, each judging what it gets as the real one does.
///
/// Slack's, Telegram's, Teams', PagerDuty's, Matrix' and a plain address stand behind one port, told apart by the path.
public final class Receivers {
    /// A message that was taken.
    public struct Taken {
        public let kind: String
        /// By lower-case name.
        public let headers: [String: String]
        public let body: [String: Any]
    }

    private let process: Process
    private let file: String
    public let port: Int

    /// `crowded`: which answer once that too much was asked of them.
    public init(in folder: String, crowded: [String] = []) throws {
        let script = "\(folder)/receivers.py"
        file = "\(folder)/received"
        try Data(Self.script.utf8).write(to: URL(fileURLWithPath: script))
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, file, crowded.joined(separator: ",")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Unexpected("the receivers do not say their port")
        }
        self.port = port
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    public func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

    /// In the order in which they were taken.
    public func taken() throws -> [Taken] {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            return Taken(
                kind: object["kind"] as? String ?? "", headers: object["headers"] as? [String: String] ?? [:],
                body: object["body"] as? [String: Any] ?? [:])
        }
    }

    private static let script = #"""
        import http.server, json, re, socketserver, sys, threading
        out, crowded, lock, known = open(sys.argv[1], "ab", buffering=0), set(sys.argv[2].split(",")), threading.Lock(), {}

        class Refused(Exception):
            pass

        def slack(path, headers, body):
            if path != "/services/T0/B0/x0":
                raise Refused(404, "no_service")
            if not isinstance(body, dict):
                raise Refused(400, "invalid_payload")
            if not isinstance(body.get("text"), str) or not body["text"]:
                raise Refused(400, "no_text")
            if len(body["text"]) > 40000:
                raise Refused(400, "msg_too_long")
            return 200, "ok"

        def telegram(path, headers, body):
            def refuse(code, words):
                raise Refused(code, {"ok": False, "error_code": code, "description": words})
            if path != "/bot7:abc/sendMessage":
                refuse(401, "Unauthorized")
            if not isinstance(body, dict) or not body.get("chat_id"):
                refuse(400, "Bad Request: chat_id is empty")
            if body["chat_id"] not in ("-7", "@shop"):
                refuse(400, "Bad Request: chat not found")
            if not body.get("text"):
                refuse(400, "Bad Request: message text is empty")
            if len(body["text"].encode("utf-16-le")) // 2 > 4096:
                refuse(400, "Bad Request: message is too long")
            return 200, {"ok": True, "result": {"message_id": 1}}

        def teams(path, headers, body):
            try:
                assert body["type"] == "message" and body["attachments"]
                for one in body["attachments"]:
                    assert one["contentType"] == "application/vnd.microsoft.card.adaptive"
                    card = one["content"]
                    assert card["type"] == "AdaptiveCard" and re.fullmatch(r"1\.[0-5]", card["version"]) and card["body"]
                    for block in card["body"]:
                        assert block["type"] == "TextBlock" and isinstance(block["text"], str)
                        assert block["weight"] in ("default", "bolder", "lighter") and block["wrap"] is True
            except (AssertionError, KeyError, TypeError):
                raise Refused(400, {"error": {"code": "TriggerInputSchemaMismatch", "message": "no card"}})
            if len(json.dumps(body)) > 28 * 1024:
                raise Refused(413, "")
            return 202, ""

        def pagerduty(path, headers, body):
            wrong = []
            if path != "/v2/enqueue":
                raise Refused(404, "")
            if not isinstance(body, dict):
                raise Refused(400, {"status": "invalid event", "message": "Event object is invalid", "errors": ["no JSON"]})
            if not re.fullmatch(r"[0-9A-Za-z]{32}", body.get("routing_key") or ""):
                wrong.append("'routing_key' is missing or of the wrong length")
            if body.get("event_action") not in ("trigger", "acknowledge", "resolve"):
                wrong.append("'event_action' is invalid")
            if len(body.get("dedup_key") or "") > 255:
                wrong.append("'dedup_key' is too long")
            if body.get("event_action") == "trigger":
                payload = body.get("payload") or {}
                if not 0 < len(payload.get("summary") or "") <= 1024:
                    wrong.append("'payload.summary' is missing or too long")
                if not payload.get("source"):
                    wrong.append("'payload.source' is missing")
                if payload.get("severity") not in ("critical", "error", "warning", "info"):
                    wrong.append("'payload.severity' is invalid")
                if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)", payload.get("timestamp") or ""):
                    wrong.append("'payload.timestamp' is invalid")
            elif not body.get("dedup_key"):
                wrong.append("'dedup_key' is missing")
            if wrong:
                raise Refused(400, {"status": "invalid event", "message": "Event object is invalid", "errors": wrong})
            return 202, {"status": "success", "message": "Event processed", "dedup_key": body.get("dedup_key")}

        def matrix(path, headers, body):
            found = re.fullmatch(r"/_matrix/client/v3/rooms/!ops:shop\.example/send/m\.room\.message/([^/]+)", path)
            if not found:
                raise Refused(404, {"errcode": "M_UNRECOGNIZED", "error": "Unrecognized request"})
            if headers.get("authorization") != "Bearer syt_key":
                raise Refused(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Unrecognised access token"})
            if not isinstance(body, dict) or body.get("msgtype") != "m.text" or not isinstance(body.get("body"), str):
                raise Refused(400, {"errcode": "M_BAD_JSON", "error": "not a message"})
            if len(json.dumps(body)) > 65536:
                raise Refused(413, {"errcode": "M_TOO_LARGE", "error": "event too large"})
            return 200, {"event_id": "$" + found[1]}

        def plain(path, headers, body):
            if not isinstance(body, dict) or not body.get("id") or headers.get("idempotency-key") != body["id"]:
                raise Refused(422, {"message": "no key"})
            return 204, ""

        busy = {
            "slack": (429, "rate_limited", {"Retry-After": "2"}),
            "telegram": (429, {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 2",
                               "parameters": {"retry_after": 2}}, {}),
            "teams": (429, "", {"Retry-After": "2"}),
            "pagerduty": (429, {"status": "throttle exceeded", "message": "Requests for this service are arriving too quickly"},
                          {"Retry-After": "2"}),
            "matrix": (429, {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 2000}, {}),
            "plain": (503, "", {"Retry-After": "2"}),
        }

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words): pass
            def answer(self, status, body, more={}):
                text = body if isinstance(body, str) else json.dumps(body)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Type", "text/plain" if isinstance(body, str) else "application/json")
                    self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                if status != 204:
                    self.wfile.write(text.encode())
            def take(self):
                data = self.rfile.read(int(self.headers["Content-Length"] or 0))
                kind, path = re.fullmatch(r"/(\w+)(/.*)?", self.path.split("?")[0]).groups()
                with lock:
                    if kind in crowded:
                        crowded.discard(kind)
                        return self.answer(*busy[kind])
                headers = {name.lower(): value for name, value in self.headers.items()}
                try:
                    if (self.command == "PUT") != (kind == "matrix"):
                        raise Refused(405, "")
                    if headers.get("content-type") != "application/json":
                        raise Refused(415, "")
                    try:
                        body = json.loads(data)
                    except ValueError:
                        body = None
                    status, answer = globals()[kind](path or "", headers, body)
                except Refused as refused:
                    return self.answer(*refused.args)
                key = (kind, self.path) if kind == "matrix" else None
                with lock:
                    if not key or key not in known:
                        out.write(json.dumps({"kind": kind, "headers": headers, "body": body}).encode() + b"\n")
                    known[key] = True
                self.answer(status, answer)
            do_POST = do_PUT = take

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
        server = Server(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """#
}
