import Foundation
import XCTest

/// Several projects that share two ports of the machine by name.
public final class NamedWorld {
    public let http: Int
    public let https: Int
    public private(set) var projects: [DeployctlFixture] = []

    /// `http`: where names are asked for without TLS; nil: at a free port.
    public init(for test: XCTestCase, http: Int? = nil) throws {
        self.http = try http ?? HTTP.freePort()
        https = try HTTP.freePort(except: self.http)
        test.addTeardownBlock { [self] in end() }
    }

    /// A project whose environments have these names, a certificate of its own for each, and no ports.
    public func project(
        for test: XCTestCase, _ names: [String: [String]], front: String = ""
    ) throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: test)
        for (environment, hosts) in names {
            try certify(world, environment, hosts)
            let list = hosts.map { "\"\($0)\"" }.joined(separator: ", ")
            let promotion = environment == "production" ? ", \"promotion\": {\"from\": \"staging\"}" : ""
            try world.write(
                """
                {"extends": "base.json", "hosts": [\(list)], "logs": "logs/\(environment)",
                 "front": {"http": \(http), "https": \(https)\(front)},
                 "tls": {"certificate": "\(environment).pem", "key": "\(environment).key"}\(promotion)}
                """, to: "environments/\(environment).json")
        }
        try world.write(".deployctl/\nbackups/\nlogs/\n*.pem\n*.key\n", to: ".gitignore")
        try world.commit("Names")
        projects.append(world)
        return world
    }

    /// A new certificate of an environment.
    public func certify(_ world: DeployctlFixture, _ environment: String, _ hosts: [String]) throws {
        try world.runProgram([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "30", "-subj", "/CN=\(hosts[0])", "-addext",
            "subjectAltName=\(hosts.map { "DNS:\($0)" }.joined(separator: ","))", "-keyout",
            "\(world.project)/\(environment).key", "-out", "\(world.project)/\(environment).pem",
        ]).expect(0)
        chmod("\(world.project)/\(environment).key", 0o600)
    }

    /// What curl prints of an answer over TLS to a name.
    public func ask(
        _ name: String, _ path: String = "/version", host: String? = nil, write: String = "%{http_code}",
        secure: Bool = true, from world: DeployctlFixture
    ) throws -> String {
        let port = secure ? https : http
        let header = host.map { ["-H", "Host: \($0)"] } ?? []
        return try world.runProgram(
            [
                "curl", "-sk", "--max-time", "10", "--resolve", "\(name):\(port):127.0.0.1", "-w",
                "\n\(write)", "\(secure ? "https" : "http")://\(name):\(port)\(path)",
            ] + header
        ).output
    }

    /// The master processes of nginx at the shared ports.
    public var lobbies: [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).filter { pid in
            let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
            return String(decoding: data, as: UTF8.self).contains("/lobby/\(http)-\(https)/nginx.conf")
        }
    }

    private var folder: String {
        let place = "deployctl/lobby/\(http)-\(https)"
        return getuid() == 0 ? "/var/lib/\(place)" : "\(NSHomeDirectory())/.local/state/\(place)"
    }

    private func end() {
        for pid in lobbies { kill(pid, SIGTERM) }
        _ = eventually(within: 10) { lobbies.isEmpty }
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// Visitors that keep their connections and ask on them without a pause, over TLS and by name.
public final class NamedTraffic {
    private let program: StartedProgram
    private let output: String

    public init(_ names: [String], port: Int, in world: DeployctlFixture) throws {
        output = "\(world.folder)/traffic-\(names[0])"
        program = try world.start(
            ["/usr/bin/python3", "-IS", "-c", Self.script, "\(port)", output] + names)
    }

    /// How many requests were answered, and the first that was lost.
    public func stop() throws -> (answered: Int, lost: [String]) {
        kill(program.pid, SIGTERM)
        try expect(eventually(within: 20) { FileManager.default.fileExists(atPath: output) }, "traffic ended")
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        return (lines.first.flatMap { Int($0) } ?? 0, lines.dropFirst().map(String.init))
    }

    private static let script = """
        import http.client, os, signal, socket, ssl, sys, threading, time
        port, output, names = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
        over, lost, counts = threading.Event(), [], []
        signal.signal(signal.SIGTERM, lambda *_: over.set())
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        class Named(http.client.HTTPSConnection):
            def connect(self):
                raw = socket.create_connection(('127.0.0.1', port), timeout=20)
                self.sock = context.wrap_socket(raw, server_hostname=self.host)
        def visit(name):
            connection, count = Named(name, port, context=context), 0
            while not over.is_set():
                try:
                    connection.request('POST', '/version', body=b'x' * 100)
                    answer = connection.getresponse()
                    body = answer.read()
                    if answer.status != 200: lost.append('%s: %d %r' % (name, answer.status, body[:80]))
                    count += 1
                except Exception as problem:
                    lost.append('%s: %r' % (name, problem))
                    connection.close()
                time.sleep(0.005)
            counts.append(count)
        threads = [threading.Thread(target=visit, args=(name,)) for name in names for _ in range(2)]
        for thread in threads: thread.start()
        while not over.is_set(): time.sleep(0.05)
        for thread in threads: thread.join()
        with open(output + '.new', 'w') as file: file.write('\\n'.join([str(sum(counts))] + lost) + '\\n')
        os.rename(output + '.new', output)
        """
}
