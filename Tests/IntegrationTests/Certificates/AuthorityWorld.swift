import DeployTestSupport
import Foundation
import XCTest

/// A shop whose staging asks the test bed's authority.
///
/// The authority asks every name at one port of this machine, so that one such world is there at a time.
final class AuthorityWorld: @unchecked Sendable {
    let world: CertificateWorld
    private var lock: Int32

    init(for test: XCTestCase, program: String, more: String = "") throws {
        let bed = ProcessInfo.processInfo.environment
        guard let directory = bed["TB_ACME_DIRECTORY"], let authorities = bed["TB_ACME_CA"],
            let port = bed["TB_ACME_HTTP_PORT"].flatMap(Int.init)
        else { throw lacking("a certificate authority") }
        lock = open("/tmp/deployctl-test-authority", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw Unexpected("no lock: errno \(errno)") }
        world = try CertificateWorld(for: test)
        try world.define(
            #""tls": {"acme": {"email": "ops@shop.example", "directory": "\#(directory)", "ca": "\#(authorities)", "program": "\#(program)"\#(more)}}"#,
            http: port)
        test.addTeardownBlock { [self] in leave() }
    }

    /// Lets the next one have the authority.
    func leave() {
        guard lock >= 0 else { return }
        world.end()
        close(lock)
        lock = -1
    }

    /// A page as visitors get it by the plain port, which may send them elsewhere.
    func plain(_ path: String) throws -> String {
        try world.runProgram([
            "curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}",
            "http://127.0.0.1:\(ProcessInfo.processInfo.environment["TB_ACME_HTTP_PORT"] ?? "")\(path)", "-H",
            "Host: shop.example",
        ]).output
    }
}
