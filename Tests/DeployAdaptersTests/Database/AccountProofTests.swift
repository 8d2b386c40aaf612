import DeployTestSupport
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// An account is somebody's whose password opens it, and no other.
final class AccountProofTests: XCTestCase {
    private struct Known: SecretStore {
        func fetch(_ source: SecretSource, named name: String) -> Secret { Secret("hush") }
    }

    private func proved(_ opens: @escaping (String) -> Bool) throws -> String? {
        var environment = Environment(name: "live", project: "shop")
        environment.database = Environment.Database(engine: .postgresql)
        environment.database?.password = .file(".secrets/live/db")
        let access = ServerAccess(
            Layout(project: "/p", environment: environment),
            commands: ProcessCommandRunner(interruption: FakeInterruption()), secrets: Known(),
            files: MemoryFileStore())
        return try access.proved { access throws(DeployError) in
            guard let password = try access.password(.application)?.secret.exposed, opens(password) else {
                throw DeployError(
                    .stepFailed, what: "The server refuses", why: "the password is wrong",
                    next: "deployctl doctor")
            }
            return "shop"
        }
    }

    func testOnlyAPasswordThatAloneOpensItProvesAnAccount() throws {
        XCTAssertEqual(try proved { $0 == "hush" }, "shop")
        XCTAssertNil(try proved { _ in true }, "a server that lets anybody in")
        expectError(.stepFailed, "another's") { _ = try proved { $0 == "another" } }
    }

    func testANameThatMySQLWouldRefuseIsRefusedBeforeAnythingIsDone() throws {
        let name = String(repeating: "x", count: 32)
        try MySQLPreparation.check(name, "database.user")
        expectError(.invalidDefinition, "33 characters") {
            try MySQLPreparation.check("\(name)x", "database.user")
        }
    }
}
