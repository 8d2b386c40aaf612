import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class LinuxWitnessTests: XCTestCase {
    private let witness = LinuxWitness()

    func testItSaysWhatTheKernelSays() throws {
        XCTAssertEqual(witness.user, getuid())
        XCTAssertEqual(witness.name(of: 0), "root")
        XCTAssertNil(witness.name(of: 4_000_000_000))
        let lineage = LinuxProcessTable().lineage
        XCTAssertEqual(lineage.first?.user, getuid())
        let map = try String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8).split {
            " \n".contains($0)
        }
        XCTAssertEqual(witness.knowsUsers, map == ["0", "0", "4294967295"])
    }

    func testAVariableIsThatWhichAProcessWasStartedWith() {
        setenv("DEPLOYCTL_WITNESS", "later", 1)
        XCTAssertNil(witness.variable("DEPLOYCTL_WITNESS", of: getpid()))
        XCTAssertEqual(
            witness.variable("PATH", of: getpid()), ProcessInfo.processInfo.environment["PATH"])
        XCTAssertNil(witness.variable("PATH", of: 4_000_000))
    }
}
