import DeployTestSupport
import Foundation

/// The test bed's authority, and the port of this machine at which it asks every name; for one test at a time.
final class AuthorityTurn: @unchecked Sendable {
    let port: Int
    private let directory: String
    private let authorities: String
    private var lock: Int32

    init() throws {
        let bed = ProcessInfo.processInfo.environment
        guard let directory = bed["TB_ACME_DIRECTORY"], let authorities = bed["TB_ACME_CA"],
            let port = bed["TB_ACME_HTTP_PORT"].flatMap(Int.init)
        else { throw lacking("a certificate authority") }
        (self.directory, self.authorities, self.port) = (directory, authorities, port)
        lock = open("/tmp/deployctl-test-authority", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw Unexpected("no lock: errno \(errno)") }
    }

    var isHeld: Bool { lock >= 0 }

    func end() {
        guard isHeld else { return }
        close(lock)
        lock = -1
    }

    /// What a definition says to ask it.
    func tls(_ program: String, _ more: String = "") -> String {
        #""tls": {"acme": {"email": "ops@shop.example", "directory": "\#(directory)", "ca": "\#(authorities)", "program": "\#(program)"\#(more)}}"#
    }
}
