import DeployTestSupport
import Foundation
import XCTest

/// An account that has as many processes as it may have: nothing can be started, and nothing waits for that.
final class NoProcessTests: XCTestCase {
    /// One of which nothing else runs here.
    private static let account = "uucp"
    private var shop: DeployctlFixture!

    override func setUpWithError() throws {
        guard geteuid() == 0 else { throw lacking("superuser") }
        guard getpwnam(Self.account) != nil else { throw lacking("account \(Self.account)") }
        try require("setpriv", "prlimit", "ps", "script")
        shop = try DeployctlFixture(for: self)
        let binary = "\(shop.folder)/deployctl"
        try shop.runProgram(["cp", shop.binary, binary]).expect(0)
        try shop.runProgram(["chown", "-R", Self.account, shop.folder]).expect(0)
    }

    /// `limit`: the processes that the account may have; nil: as many as it likes.
    private func run(_ words: [String], limit: Int? = nil, onTerminal: Bool = false) throws -> ProgramRun {
        let asAccount = ["setpriv", "--reuid", Self.account, "--clear-groups"]
        let limited = limit.map { ["prlimit", "--nproc=\($0):\($0)"] } ?? []
        let all = asAccount + limited + ["\(shop.folder)/deployctl"] + words
        guard onTerminal else { return try shop.runProgram(all, deadline: 60) }
        let typed = all.joined(separator: " ")
        return try shop.runProgram(["script", "-qec", typed, "/dev/null"], deadline: 60)
    }

    /// Of the account, threads too.
    private func processes() throws -> Int {
        try shop.runProgram(["ps", "-L", "-u", Self.account, "-o", "lwp="]).output
            .split(separator: "\n").count
    }

    func testEveryCommandEndsAndWhatItChangedIsTakenBack() throws {
        try run(["staging"]).expect(0)
        let own = try processes() + 1
        let commands = [
            ["gates"], ["staging"], ["production", "--confirm", "CONFIRM"],
            ["restart", "staging"],
        ]
        // What services answer takes no program.
        try run(["status", "staging"], limit: own).expect(0)
        for (words, onTerminal) in commands.map({ ($0, false) }) + [(["restart", "staging"], true)] {
            let run = try run(words, limit: own, onTerminal: onTerminal)
            XCTAssertTrue(
                [12, 15, 19].contains(run.status), "\(words) ended with \(run.status)\n\(run.errors)")
            XCTAssertTrue(
                (run.output + run.errors).contains("may have no more processes"),
                "\(words)\n\(run.output)\n\(run.errors)")
        }
        try run(["status", "staging"]).expect(0)
        try run(["restart", "staging"]).expect(0)
    }
}
