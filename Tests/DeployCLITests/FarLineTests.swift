import DeployCore
import XCTest

@testable import DeployCLI

/// The far side is told what was typed, and nothing that means something here only.
final class FarLineTests: XCTestCase {
    private func words(_ typed: [String], building commit: String? = nil) throws -> [String] {
        let invocation = try ArgumentParser().parse(typed)
        return FarLine(invocation: invocation, table: .deployctl).words(building: commit)
    }

    func testEveryExampleMeansTheSameThere() throws {
        for example in CommandTable.deployctl.verbs.flatMap(\.examples) {
            let typed = example.split(separator: " ").dropFirst().map(String.init)
            guard !typed.contains(where: { $0.hasPrefix("\"") || $0.hasPrefix("'") || $0.contains(">") })
            else { continue }
            let near = try ArgumentParser().parse(typed)
            // A verb that takes a host of its own stays here.
            guard near.flags["host"] == nil else { continue }
            let far = try ArgumentParser().parse(try words(typed))
            XCTAssertEqual(far.verb.path, near.verb.path, example)
            XCTAssertEqual(far.operands, near.operands, example)
            XCTAssertEqual(far.flags, near.flags, example)
        }
    }

    func testTheHostAndTheFolderStayHere() throws {
        let typed = ["-H", "a@b", "-C", "/x", "status", "--lock-wait", "--json", "staging"]
        XCTAssertEqual(try words(typed), ["status", "--json", "--lock-wait", "--", "staging"])
    }

    func testWhatIsBuiltIsNamedByItsCommit() throws {
        let typed = ["staging", "--ref", "main", "--reason=a b"]
        XCTAssertEqual(try words(typed, building: "c0ffee"), ["staging", "--reason=a b", "--ref=c0ffee"])
    }

    func testAProgramsOwnWordsStayItsOwn() throws {
        let typed = ["exec", "staging", "web", "--", "sh", "-c", "echo --host x"]
        XCTAssertEqual(try words(typed), ["exec", "--", "staging", "web", "sh", "-c", "echo --host x"])
    }
}
