import DeployTestSupport
import XCTest

@testable import DeployCore

/// What the machine shows decides; what a variable says is a claim.
final class WhoFinderTests: XCTestCase {
    private func relative(_ pid: Int32, _ program: String, _ user: UInt32) -> Relative {
        Relative(pid: pid, parent: pid - 1, session: pid, user: user, program: program)
    }

    private func who(
        _ variables: [String: String] = [:], user: UInt32, _ lineage: [Relative],
        _ change: (inout FakeWitness) -> Void = { _ in }
    ) -> Who {
        var witness = FakeWitness()
        witness.user = user
        change(&witness)
        return WhoFinder(witness: witness, lineage: lineage, variables: variables).who
    }

    func testWhoCalledSudoIsFoundFromTheProcessesAbove() {
        let lineage = [
            relative(9, "deployctl", 0), relative(8, "sudo", 0), relative(7, "bash", 1001),
            relative(1, "init", 0),
        ]
        let found = who(["SUDO_USER": "eve"], user: 0, lineage)
        XCTAssertEqual(found.short, "eve as root")
        XCTAssertEqual(found.sudo, "eve")
        let forged = who(["SUDO_USER": "ada"], user: 0, lineage)
        XCTAssertEqual(forged.person, found.person)
        XCTAssertNil(forged.sudo)
        XCTAssertEqual(forged.claims, ["SUDO_USER=ada"])
    }

    func testAVariableMakesNobodySomebodyElse() {
        let lineage = [relative(9, "deployctl", 1000), relative(8, "sh", 1000)]
        let found = who(
            [
                "SUDO_USER": "eve", "GITHUB_ACTOR": "eve\u{1B}[2J", "SSH_CONNECTION": "6.6.6.6 1 2 3",
                "DEPLOYCTL_PERFORMER": "eve", "USER": "eve", "LOGNAME": "eve",
            ], user: 1000, lineage)
        XCTAssertEqual(found.account, Who.Account(uid: 1000, name: "ada"))
        XCTAssertTrue(found.isSamePerson(as: who(user: 1000, lineage)))
        XCTAssertNil(found.sudo)
        XCTAssertNil(found.sshClient)
        XCTAssertEqual(
            found.claims, ["SUDO_USER=eve", "SSH_CONNECTION=6.6.6.6 1 2 3", "GITHUB_ACTOR=eve\u{FFFD}[2J"])
    }

    func testSuToAnotherAccountIsStillTheSamePerson() {
        let found = who(
            user: 1001,
            [relative(9, "deployctl", 1001), relative(8, "su", 0), relative(7, "bash", 1000)]
        ) { $0.loginUser = 1000 }
        XCTAssertEqual(found.short, "ada as eve")
        XCTAssertTrue(found.isSamePerson(as: who(user: 1000, [])))
    }

    func testTheAddressIsWhatTheDaemonGaveTheFirstProcess() {
        let lineage = [
            relative(9, "deployctl", 1000), relative(8, "bash", 1000), relative(7, "sshd-session", 1000),
            relative(6, "sshd", 0),
        ]
        let found = who(["SSH_CONNECTION": "6.6.6.6 1 2 3"], user: 1000, lineage) {
            $0.variables = [8: ["SSH_CONNECTION": "10.0.0.7 4242 10.0.0.1 22"]]
            $0.terminal = "/dev/pts/3"
        }
        XCTAssertEqual(found.sshClient, "10.0.0.7")
        XCTAssertEqual(found.full, "ada (uid 1000), /dev/pts/3, ssh from 10.0.0.7")
    }

    func testAnAccountWithoutANameHasItsNumber() {
        XCTAssertEqual(who(user: 4242, []).full, "uid 4242 (uid 4242)")
    }
}
