import DeployCore
import XCTest

@testable import DeployCLI

/// What becomes of a command line where several machines serve.
final class FleetMannerTests: XCTestCase {
    func testEachCommandIsMeantInOneManner() throws {
        let rows: [(FleetRun.Manner, [String])] = [
            (.status, ["status", "status production --json"]),
            (
                .change,
                [
                    "staging", "staging --ref main", "production --confirm CONFIRM",
                    "rollback previous --code-only",
                ]
            ),
            (
                .first,
                [
                    "rollback", "rollback previous -n --rehearse", "exec staging web -- id", "db production",
                    "backup create staging", "backup list staging", "database prepare staging",
                ]
            ),
            (
                .named,
                [
                    "status --watch", "staging --detach", "logs staging -f", "resume staging",
                    "abort staging",
                    "kit create kit.age", "secret set staging TOKEN", "secret remove staging TOKEN",
                    "adopt --state",
                ]
            ),
            (
                .each,
                [
                    "staging -n", "plan production", "plan rollback previous", "history", "logs staging",
                    "doctor",
                    "gates", "restart staging", "stop production", "secret list staging",
                    "maintenance on staging",
                    "feature payme on", "boot install",
                ]
            ),
        ]
        for (manner, lines) in rows {
            for line in lines {
                let invocation = try ArgumentParser().parse(line.split(separator: " ").map(String.init))
                XCTAssertEqual(FleetRun.manner(invocation), manner, line)
            }
        }
    }
}
