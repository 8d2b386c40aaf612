import DeployTestSupport
import Foundation
import XCTest

/// Tests of messages to a sink of their own.
class NoticeTestCase: XCTestCase {
    /// A project whose production tells a sink of everything.
    func world(
        _ sink: MessageSink, in folder: String, routes: String? = nil, on: String? = nil
    ) throws -> DeployctlFixture {
        let world = try DeployctlFixture(for: self)
        try world.write("sink/\nteam.json\ntold.json\n", to: ".gitignore")
        try tell(sink, in: world)
        let events = on ?? #"["P0", "P1", "P2"]"#
        try world.replace(
            "\"drain\"",
            with:
                "\"notify\": \(routes ?? #"[{"name": "all", "webhook": {"file": "sink/address"}, "on": \#(events)}]"#), \"drain\"",
            in: "environments/base.json")
        try world.commit("Tell")
        return world
    }

    func tell(_ sink: MessageSink, in world: DeployctlFixture) throws {
        try world.write(sink.url, to: "sink/address")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: "\(world.project)/sink/address")
    }

    @discardableResult
    func sqlite(_ world: DeployctlFixture, _ statement: String) throws -> String {
        let file = "\(world.folder)/statement.sql"
        try Data(".timeout 10000\n\(statement);\n".utf8).write(to: URL(fileURLWithPath: file))
        let run = try world.runProgram([
            "sh", "-c", "sqlite3 \"$0\" < \"$1\"", "\(world.project)/.deployctl/state.db", file,
        ]).expect(0)
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func events(_ sink: MessageSink) throws -> [String] {
        try sink.taken().compactMap { $0["event"] as? String }
    }
}
