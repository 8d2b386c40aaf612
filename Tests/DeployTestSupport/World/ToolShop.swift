import Foundation
import XCTest

/// A shop that its own tool deploys, with a staging and a production of its own.
public final class ToolShop: ProjectWorld, @unchecked Sendable {
    public static let token = "s3cret-token-of-the-tool"

    /// `more`: keys of the definition besides; `stops`: whether its tool can stop what it deployed.
    public init(for test: XCTestCase, _ more: String = "", stops: Bool = true) throws {
        try super.init(for: test)
        variables = ["TOKEN": Self.token]
        try write(StandInTool.script, to: "tool")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(project)/tool")
        try write("one", to: "version")
        try write(
            """
            {
              "project": "shop",
              "runtime": {
                "kind": "command", "deploy": ["./tool", "deploy", "{release}", "{commit}"],
                "status": ["./tool", "status"], "rollback": ["./tool", "rollback", "{release}", "{previous}"],
                "health": ["./tool", "health"],\(stops ? " \"stop\": [\"./tool\", \"stop\"]," : "") "logs": ["./tool", "logs"],
                "timeout": "3s"
              },
              "variables": {"TOOL_WORLD": "\(folder)/{environment}.world", "TOOL_TOKEN": "\(Self.token)"},
              "secrets": {"TOKEN": {"env": "TOKEN"}}, "sharedOnPurpose": ["secrets.TOKEN"],\(more)
              "watch": "0s"
            }
            """, to: "environments/base.json")
        try write("{\"extends\": \"base.json\"}", to: "environments/staging.json")
        try write(
            "{\"extends\": \"base.json\", \"backup\": {\"keep\": {\"last\": 20}}, \"promotion\": {\"from\": \"staging\"}}",
            to: "environments/production.json")
        try write(".deployctl/\nbackups/\nlogs/\n", to: ".gitignore")
        try beginRepository()
    }

    /// Commits a release that calls itself `version`, and brings it to staging.
    @discardableResult
    public func stage(_ version: String) throws -> String {
        try commit(["version": version], version)
        try run("staging").expect(0)
        return try XCTUnwrap(try status("staging").place.release)
    }

    public func promote() throws { try run("production", "--confirm", "CONFIRM").expect(0) }

    /// What the tool of an environment does from now on.
    public func become(_ mood: StandInTool.Mood, in environment: String) throws {
        try mood.rawValue.write(
            toFile: "\(folder)/\(environment).world.mood", atomically: true, encoding: .utf8)
    }

    /// Its status fails from the one to the other time it is asked after a deployment began.
    public func fallSilent(_ times: ClosedRange<Int>, in environment: String) throws {
        try "\(times.lowerBound) \(times.upperBound)\n".write(
            toFile: "\(folder)/\(environment).world.deaf", atomically: true, encoding: .utf8)
    }

    /// What the tool itself has.
    public func world(_ environment: String) throws -> StandInTool.World {
        try StandInTool.world(at: "\(folder)/\(environment).world")
    }

    /// What the tool was asked for, one call a line, and forgets it.
    public func takeCalls(_ environment: String) -> [String] {
        let path = "\(folder)/\(environment).world.calls"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(atPath: path)
        return text.split(separator: "\n").map(String.init)
    }
}
