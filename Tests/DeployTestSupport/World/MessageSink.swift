import Foundation

/// A server that takes messages, in a mood for each: it takes them, refuses, hangs, resets, or lies.
public final class MessageSink {
    public let port: Int
    private let process: Process
    private let folder: String

    /// `moods`: one for each request in turn, again and again: take, refuse, hang, reset, lie, or a status.
    public init(in folder: String, moods: [String] = ["take"]) throws {
        self.folder = folder
        let script = "\(folder)/sink.py"
        try Data(Self.script.utf8).write(to: URL(fileURLWithPath: script))
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, "\(folder)/taken", moods.joined(separator: ",")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let line = output.fileHandleForReading.availableData
        guard
            let port = Int(
                String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw Unexpected("the sink does not say its port") }
        self.port = port
    }

    deinit { stop() }

    public func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    public var url: String { "http://127.0.0.1:\(port)/take" }

    /// The bodies of what it took, in that order.
    public func taken() throws -> [[String: Any]] {
        let text = (try? String(contentsOfFile: "\(folder)/taken", encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    private static let script = """
        import http.server, itertools, os, socket, socketserver, struct, sys, threading, time
        out, moods = open(sys.argv[1], "ab", buffering=0), itertools.cycle(sys.argv[2].split(","))
        lock = threading.Lock()
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words): pass
            def answer(self, status, text):
                self.send_response(status); self.send_header("Content-Length", str(len(text)))
                self.end_headers(); self.wfile.write(text)
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock: mood = next(moods)
                if mood == "refuse": return self.answer(503, b"no")
                if mood.isdigit(): return self.answer(int(mood), b"no")
                if mood == "hang": time.sleep(30); return
                if mood == "lie": return self.answer(200, b'{"ok": false, "description": "no"}')
                if mood == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close(); return
                if mood == "late": time.sleep(1)
                with lock: out.write(body.replace(b"\\n", b" ") + b"\\n")
                self.answer(200, b"ok")
            do_PUT = do_POST
        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 128
        server = Server(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
