import DeployTestSupport
import Foundation
import XCTest

/// Root, by habit or at night, makes nothing among another account's files that this account could not undo.
final class SudoTests: XCTestCase {
    func testRootChangesNothingOfAnotherAccountsProject() throws {
        guard geteuid() == 0 else { throw lacking("superuser") }
        guard let games = getpwnam("games")?.pointee else { throw lacking("account games") }
        let world = try DeployctlFixture(for: self)
        try world.run("staging").expect(0)
        let owner = "\(games.pw_uid):\(games.pw_gid)"
        try world.runProgram(["chown", "-R", owner, world.project]).expect(0)
        let asked = ["SUDO_UID": "\(games.pw_uid)", "SUDO_USER": "games"]
        for words in [
            ["restart", "staging"], ["stop", "staging"], ["boot", "install"], ["boot", "run"],
            ["lock", "acquire", "staging", "--reason", "night"],
        ] {
            let run = try world.runProgram([world.binary] + words, environment: asked)
            XCTAssertEqual(run.status, 10, "\(words): \(run.errors)")
            XCTAssertTrue(run.errors.contains("sudo -u"), "\(words): \(run.errors)")
        }
        let places = try world.runProgram(["find", "\(world.project)/.deployctl", "-user", "0"]).expect(0)
        XCTAssertEqual(places.output, "", "nothing there is root's")
        try world.runProgram([world.binary, "status", "staging"], environment: asked).expect(0)
        try world.runProgram(["chown", "-R", "0:0", world.project]).expect(0)
        try world.run("restart", "staging").expect(0)
    }
}
