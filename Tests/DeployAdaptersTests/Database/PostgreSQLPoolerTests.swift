import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// T26, F87: a session's locks and settings would land in other people's sessions behind a pooler.
final class PostgreSQLPoolerTests: PostgreSQLFixture {
    /// Passes everything on but the settings a connection begins with, as poolers do that are told to ignore them.
    private static let pooler = #"""
        import socket, struct, sys, threading
        listener = socket.create_server(("127.0.0.1", 0))
        open(sys.argv[3] + ".new", "w").write(str(listener.getsockname()[1]))
        __import__("os").rename(sys.argv[3] + ".new", sys.argv[3])

        def exactly(peer, count):
            data = b""
            while len(data) < count:
                part = peer.recv(count - len(data))
                if not part:
                    raise SystemExit
                data += part
            return data

        def pipe(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
            finally:
                target.close()

        def serve(client):
            while True:
                size, = struct.unpack("!I", exactly(client, 4))
                body = exactly(client, size - 4)
                if struct.unpack("!I", body[:4])[0] == 196608:
                    break
                client.sendall(b"N")
            words = body[4:].split(b"\0")
            kept = b"".join(name + b"\0" + value + b"\0" for name, value in zip(words[::2], words[1::2])
                            if name not in (b"options", b""))
            body = body[:4] + kept + b"\0"
            server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
            server.sendall(struct.pack("!I", len(body) + 4) + body)
            threading.Thread(target=pipe, args=(client, server), daemon=True).start()
            pipe(server, client)

        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """#

    private func startPooler() throws -> Int {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let file = "\(folder)/pooler"
        process.arguments = ["python3", "-c", Self.pooler, server.host, "\(server.port)", file]
        process.standardError = FileHandle.nullDevice
        try process.run()
        addTeardownBlock {
            process.terminate()
            process.waitUntilExit()
        }
        XCTAssertTrue(eventually { FileManager.default.fileExists(atPath: file) })
        return try XCTUnwrap(Int(try String(contentsOfFile: file, encoding: .utf8)))
    }

    private let file = MigrationFile(name: "1.sql", sql: "CREATE TABLE a (n int)")

    private func engine(at port: Int) -> PostgreSQLApplicationDatabase {
        var environment = layout().environment
        environment.database?.port = port
        return engine(layout: Layout(project: folder, environment: environment))
    }

    private func expectRefusals(by pooled: PostgreSQLApplicationDatabase, _ pooler: String) throws {
        let outside = MigrationFile(
            name: "2.sql", sql: "-- deployctl: no transaction\nCREATE TABLE b (n int)")
        let uses: [(String, () throws -> Void)] = [
            ("migrating", { try pooled.apply(self.file, to: self.live) }),
            ("migrating without a transaction", { try pooled.apply(outside, to: self.live) }),
            ("backing up", { _ = try pooled.backUp(self.live, to: "\(self.folder)/payload") }),
            ("summarising", { _ = try pooled.summarise(self.live) }),
            ("creating", { try pooled.create(self.location("other")) }),
            ("removing", { try pooled.remove(self.live) }),
        ]
        for (name, use) in uses {
            XCTAssertThrowsError(try use(), name) { error in
                let why = (error as? DeployError)?.why ?? ""
                XCTAssertTrue(why.contains("a connection pooler answers"), "\(pooler), \(name): \(error)")
            }
        }
        XCTAssertEqual(try database.summarise(live).tables, [], pooler)
    }

    func testNothingIsDoneThroughAPoolerThatHidesItself_T26() throws {
        try database.create(live)
        try expectRefusals(by: engine(at: startPooler()), "an imitation")
        try database.apply(file, to: live)
        XCTAssertEqual(try database.appliedMigrations(live).map(\.name), ["1.sql"])
    }

    func testNothingIsDoneThroughPgBouncerNorBySixteenAtOnce_T26() throws {
        if PgBouncer.program == nil { throw lacking("pgbouncer") }
        try database.create(live)
        let live = live
        for (mode, ignoring) in [
            ("transaction", ""), ("transaction", "options, extra_float_digits"), ("session", "options"),
        ] {
            let port = try PgBouncer(pooling: mode, ignoring: ignoring, in: folder, for: self).port
            let pooled = engine(at: port)
            let name = "PgBouncer, pooling by \(mode), ignoring '\(ignoring)'"
            try expectRefusals(by: pooled, name)
            let (rounds, file) = (StoredBackups.count(20, sample: 1), file)
            for _ in 0..<rounds {
                DispatchQueue.concurrentPerform(iterations: 16) { _ in try? pooled.apply(file, to: live) }
                XCTAssertEqual(try database.summarise(live).tables, [], name)
            }
            let left = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            XCTAssertTrue(try eventually { try sql(left, in: live) == ["0"] }, "\(name): locks are left")
            print("T26 \(name): 6 uses and 16 migrators at once, \(rounds) rounds, all refused")
        }
        try database.apply(file, to: live)
        XCTAssertEqual(try database.appliedMigrations(live).map(\.name), ["1.sql"])
    }
}
