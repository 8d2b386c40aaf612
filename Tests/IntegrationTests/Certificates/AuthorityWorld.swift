import DeployTestSupport
import Foundation
import XCTest

/// A shop whose staging asks the test bed's authority.
///
/// The authority asks every name at one port of this machine, so that one such world is there at a time.
final class AuthorityWorld: @unchecked Sendable {
    let world: CertificateWorld
    private let turn: AuthorityTurn

    init(for test: XCTestCase, program: String, more: String = "") throws {
        turn = try AuthorityTurn()
        world = try CertificateWorld(for: test)
        try world.define(turn.tls(program, more), http: turn.port)
        test.addTeardownBlock { [self] in leave() }
    }

    /// Lets the next one have the authority.
    func leave() {
        guard turn.isHeld else { return }
        world.end()
        turn.end()
    }

    /// A page as visitors get it by the plain port, which may send them elsewhere.
    func plain(_ path: String) throws -> String {
        try world.runProgram([
            "curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}",
            "http://127.0.0.1:\(turn.port)\(path)", "-H",
            "Host: shop.example",
        ]).output
    }
}
