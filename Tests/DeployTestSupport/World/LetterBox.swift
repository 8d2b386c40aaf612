import Foundation

/// A mail server as strict as those are that were taught about smuggled letters: an account first, whole lines only.
public final class LetterBox {
    private let process: Process
    private let file: String
    public let port: Int

    public init(in folder: String) throws {
        let script = "\(folder)/letterbox.py"
        file = "\(folder)/letters"
        try Data(Self.script.utf8).write(to: URL(fileURLWithPath: script))
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, file]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Unexpected("the mail server does not say its port")
        }
        self.port = port
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Sender, receivers and text of each letter that was taken, as a mail program reads them.
    public func letters() throws -> [[String: Any]] {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    private static let script = #"""
        import base64, email, email.policy, json, re, socketserver, sys, threading
        out, lock = open(sys.argv[1], "ab", buffering=0), threading.Lock()

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")
            def line(self):
                line = self.rfile.readline()
                if line and not line.endswith(b"\r\n"):
                    self.say("500 5.5.2 bare line feed")
                    raise ConnectionError
                return line
            def handle(self):
                try:
                    self.serve()
                except ConnectionError:
                    pass
            def serve(self):
                known, sender, to = False, None, []
                self.say("220 mail.example ESMTP")
                while line := self.line().decode():
                    words = line.strip()
                    verb = words.split(" ")[0].split(":")[0].upper()
                    if verb == "EHLO":
                        self.say("250-mail.example"); self.say("250-AUTH PLAIN"); self.say("250 8BITMIME")
                    elif verb == "AUTH":
                        token = words.split(" ")[2] if words.count(" ") > 1 else None
                        if token is None:
                            self.say("334 ")
                            token = self.line().decode().strip()
                        known = base64.b64decode(token) == b"\0ops\0letter-key"
                        self.say("235 2.7.0 ok" if known else "535 5.7.8 wrong name or password")
                    elif verb == "MAIL":
                        sender = re.search(r"<(.*?)>", words)[1]
                        self.say("250 ok" if known else "530 5.7.0 who are you")
                    elif verb == "RCPT":
                        one = re.search(r"<(.*?)>", words)[1]
                        if one.startswith("nobody@"):
                            self.say("550 5.1.1 no such mailbox")
                        else:
                            to.append(one)
                            self.say("250 ok")
                    elif verb == "DATA":
                        self.say("354 go on")
                        lines = []
                        while (line := self.line()) != b".\r\n":
                            lines.append(line[1:] if line.startswith(b"..") else line)
                        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                        record = {"from": sender, "to": to, "subject": message["Subject"], "id": message["Message-ID"],
                                  "date": str(message["Date"]), "text": message.get_content()}
                        with lock:
                            out.write(json.dumps(record).encode() + b"\n")
                        self.say("250 taken")
                    elif verb == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("502 5.5.1 what")

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True
        server = Server(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """#
}
