import DeployTestSupport
import Foundation
import XCTest

/// A real PgBouncer before the tests' server, ended with the test.
struct PgBouncer {
    let port: Int

    static let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// `ignoring` are settings of a connection's beginning that it drops instead of refusing them.
    init(pooling mode: String, ignoring: String, in folder: String, for test: XCTestCase) throws {
        let server = try XCTUnwrap(PostgreSQLPlace.Server())
        port = try Self.freePort()
        let file = "\(folder)/pgbouncer-\(port).ini"
        let settings = """
            [databases]
            * = host=\(server.host) port=\(server.port) user=\(server.user) password=\(server.password)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = \(mode)
            ignore_startup_parameters = \(ignoring)
            """
        try Data(settings.utf8).write(to: URL(fileURLWithPath: file))
        chmod(folder, 0o755)
        chmod(file, 0o644)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try XCTUnwrap(Self.program))
        process.arguments = (getuid() == 0 ? ["-u", "nobody"] : []) + [file]
        (process.standardError, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        test.addTeardownBlock {
            process.terminate()
            process.waitUntilExit()
        }
        let port = port
        try expect(eventually { Self.withSocket(to: port, connect) == 0 }, "PgBouncer listens")
    }

    private static func freePort() throws -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = withSocket(to: 0) { descriptor, place, length in
            guard bind(descriptor, place, length) == 0 else { return -1 }
            return withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
            }
        }
        try expect(number == 0, "a free port")
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func withSocket(
        to port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
