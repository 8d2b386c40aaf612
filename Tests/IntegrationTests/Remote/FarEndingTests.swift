import DeployTestSupport
import Foundation
import XCTest

/// What ssh ends with says less than what ran there.
final class FarEndingTests: XCTestCase {
    func testALostConnectionIsNoOutcome() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)

        try shop.write("", to: "../cut")
        let unbegun = try shop.run("production", "--confirm", "CONFIRM").expect(15)
        XCTAssertTrue(unbegun.errors.contains("nothing was changed there"), unbegun.errors)
        try shop.write("", to: "../deaf")
        let lost = try shop.run("production", "--confirm", "CONFIRM").expect(20)
        XCTAssertTrue(lost.errors.contains("deployctl status --host deploy@shop.example"), lost.errors)
        for file in ["../cut", "../deaf"] { try shop.write(nil, to: file) }

        try shop.write("", to: "../torn")
        let told = try shop.run("production", "--confirm", "CONFIRM").expect(0)
        XCTAssertTrue(told.errors.contains("what ran there ended with 0"), told.errors)
        let refused = try shop.run("production", "--release", "19990101000000", "--confirm", "CONFIRM")
            .expect(17)
        XCTAssertTrue(refused.errors.contains("what ran there ended with 17"), refused.errors)
        let cutOff = try shop.run("status", "--json").expect(20)
        XCTAssertTrue(cutOff.errors.contains("may be cut off"), cutOff.errors)
        try shop.write(nil, to: "../torn")
        XCTAssertEqual(try shop.version("production"), "one")
    }

    func testAProgramsExitCodeIsItsOwn() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging").expect(0)
        for code: Int32 in [255, 42, 1, 20] {
            try shop.run("exec", "staging", "web", "--", "sh", "-c", "exit \(code)").expect(code)
        }
        try shop.run("exec", "staging", "web", "--", "sh", "-c", "kill -9 $$").expect(137)
        try shop.run("exec", "staging", "web", "--", "no-such-program").expect(15)
        try shop.run("exec", "staging", "web", "--dry-run", "--", "sh").expect(0)
        let typed = try shop.runOnTerminal(
            "exec", "staging", "web", "--", "sh", "-c", "read a; echo got-$a; exit 7")
        typed.type("word\n")
        try typed.await("got-word")
        try typed.wait().expect(7)
    }

    func testNoWordOfAProgramOrReasonIsInArgv_S01() throws {
        let shop = try FarShop(for: self)
        try shop.run("staging", "--reason", "canary4711").expect(0)
        let ran = try shop.run("exec", "staging", "web", "--", "echo", "canary4712").expect(0)
        XCTAssertEqual(ran.output, "canary4712\n")
        XCTAssertTrue(shop.calls.contains("far-run"), shop.calls)
        XCTAssertFalse(shop.calls.contains("canary"), shop.calls)
        let left = try shop.runProgram(
            [
                "find", "\(shop.place)/.git/deployctl", "-name", "*.request", "-o", "-perm", "/077", "-not",
                "-type", "l",
            ])
        XCTAssertEqual(left.output, "")
        XCTAssertEqual(left.status, 0)
    }
}
