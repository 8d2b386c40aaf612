import DeployTestSupport
import XCTest

@testable import DeployCore

/// A machine is changed as it was said, and each change is seen before the next.
final class ServerPreparationTests: XCTestCase {
    private let debian = FakeDebian()

    private func preparation(runtime: Environment.Runtime.Kind = .process) throws -> ServerPreparation {
        var environment = Environment(name: "production", project: "shop")
        environment.runtime.kind = runtime
        environment.ports = ["http": 8080]
        var ports = SimulatedMachine().ports()
        ports.commands = debian
        let place = try ServerPlace(
            "root@shop.example", account: "deploy", folder: nil, needs: ServerNeeds([environment]))
        let silence: @Sendable (CommandResult) -> DeployError = { _ in
            DeployError(.stepFailed, what: "silent", why: "", next: "")
        }
        return ServerPreparation(
            ports, place,
            login: try ServerPreparation.login(ports, target: "root@shop.example", silence: silence),
            program: .package("/tmp/deployctl.deb"),
            version: ServerVersion(version: "0.1.0", commit: nil, schema: 12),
            boot: Command("deployctl", ["boot", "install"]), silence: silence)
    }

    private func carryOut(runtime: Environment.Runtime.Kind = .process) throws -> ServerPlan {
        let preparation = try preparation(runtime: runtime)
        return try preparation.carryOut(try preparation.plan()) { _, _ in
        } ended: { _, _ in
        }
    }

    func testEveryStepIsDoneOnceAndTheSecondTimeNone() throws {
        XCTAssertEqual(try carryOut().steps, [])
        XCTAssertEqual(debian.typed.filter { $0.hasPrefix("systemctl mask") }.count, 1)
        XCTAssertEqual(debian.typed.last, "deployctl boot install")
        let done = debian.typed
        XCTAssertEqual(try carryOut().steps, [])
        XCTAssertEqual(debian.typed, done)
    }

    /// What is asked for is also looked for.
    func testEveryPackageOfContainersIsSeen() throws {
        let left = try carryOut(runtime: .compose)
        XCTAssertEqual(left.steps, [])
        XCTAssertEqual(left.items.filter { $0.remedy != nil }.map(\.id), ["compose"])
        XCTAssertTrue(debian.typed.contains { $0.hasSuffix("docker.io iptables") }, "\(debian.typed)")
    }

    /// What mending brought along needs no other approval.
    func testWhatIsThereMeanwhileIsNotInstalledAgain() throws {
        debian.isCutOff.withLock { $0 = true }
        XCTAssertEqual(try carryOut().steps, [])
        let masked = try XCTUnwrap(debian.typed.firstIndex { $0.hasPrefix("systemctl mask") })
        let mended = try XCTUnwrap(debian.typed.firstIndex { $0.hasSuffix("--fix-broken") })
        XCTAssertLessThan(masked, mended, "before anything can start it")
        XCTAssertTrue(
            debian.typed.contains { $0.hasSuffix("ca-certificates curl git zstd") }, "\(debian.typed)")
    }

    /// Another package that mending would bring by now is nobody's agreement.
    func testWhatMendingBringsMeanwhileIsAgreedToAnew() throws {
        debian.isCutOff.withLock { $0 = true }
        let preparation = try preparation()
        let approved = try preparation.plan()
        XCTAssertEqual(approved.steps.first { $0.id == "dpkg" }?.installs, ["nginx"])
        debian.mends.withLock { $0 = ["nginx", "exim4"] }
        expectError(.notConfirmed, "exim4 was not agreed to") {
            _ = try preparation.carryOut(approved) { _, _ in
            } ended: { _, _ in
            }
        }
        XCTAssertFalse(debian.typed.contains { $0.hasSuffix("--fix-broken") }, "\(debian.typed)")
    }

    /// Lists are read before anything is brought by them, and what they bring anew is nobody's agreement.
    func testWhatNewListsBringIsAgreedToAnew() throws {
        debian.isCutOff.withLock { $0 = true }
        debian.mendsByNewLists.withLock { $0 = ["nginx", "exim4"] }
        let preparation = try preparation()
        let approved = try preparation.plan()
        expectError(.notConfirmed, "exim4 was not agreed to") {
            _ = try preparation.carryOut(approved) { _, _ in
            } ended: { _, _ in
            }
        }
        XCTAssertTrue(debian.typed.last?.hasPrefix("apt-get update") == true, "\(debian.typed)")
        let again = try preparation.plan()
        XCTAssertEqual(again.steps.first?.installs, ["nginx", "exim4"])
        XCTAssertEqual(try carryOut().steps, [])
    }

    /// Where it was interrupted it goes on.
    func testAStepThatFailsEndsItAndIsSweptAndTheNextTimeGoesOn() throws {
        debian.fail("dd of=/var/cache", with: CommandResult(.exited(1), errors: "No space left on device"))
        let error = try failure()
        XCTAssertEqual(error.code, .stepFailed)
        XCTAssertTrue(error.next.contains("make room there"), error.next)
        XCTAssertEqual(debian.typed.last, "rm -f /var/cache/deployctl/deployctl.deb")
        XCTAssertFalse(debian.typed.contains { $0.hasPrefix("loginctl") })
        debian.mend()
        XCTAssertEqual(try carryOut().steps, [])
        XCTAssertEqual(debian.typed.filter { $0.hasPrefix("systemctl mask") }.count, 1)
    }

    /// An exit code alone is not believed.
    func testAStepWhoseEffectIsNotSeenIsNoSuccess() throws {
        debian.fail("loginctl", with: CommandResult(.exited(0)))
        let error = try failure()
        XCTAssertEqual(error.code, .stepFailed)
        XCTAssertTrue(error.what.contains("it was done, and is not so"), error.what)
    }

    func testALostConnectionIsSaid() throws {
        for ending in [CommandResult.Ending.exited(255), .signalled(9), .timedOut] {
            debian.fail("systemctl mask", with: CommandResult(ending))
            XCTAssertEqual(try failure().code, .connectionLost)
        }
    }

    /// What goes on there is not swept from under itself.
    func testWhatMayGoOnThereIsLeftAlone() throws {
        debian.fail("dd of=/var/cache", with: CommandResult(.timedOut))
        XCTAssertTrue(try failure().why.contains("may go on there"))
        XCTAssertFalse(debian.typed.contains { $0.hasPrefix("rm -f") })
    }

    /// The names of packages are what a person agreed to, not that there will be some.
    func testWhatWasNotApprovedIsNotDone() throws {
        let preparation = try preparation()
        let approved = try preparation.plan()
        let other = try self.preparation(runtime: .compose)
        XCTAssertThrowsError(
            try other.carryOut(approved) { _, _ in
            } ended: { _, _ in
            }
        ) {
            XCTAssertEqual(($0 as? DeployError)?.code, .notConfirmed)
        }
    }

    /// A program that serves is there until the next one is.
    func testTheProgramOfBeforeStaysUntilThePackageIsInstalled() throws {
        _ = try carryOut()
        let installed = debian.typed.firstIndex { $0.contains("--reinstall") }
        let linked = debian.typed.firstIndex { $0.hasPrefix("ln -sfn /usr/bin/deployctl") }
        XCTAssertLessThan(try XCTUnwrap(installed), try XCTUnwrap(linked))
        XCTAssertTrue(
            debian.typed.filter { $0.contains("apt-get install") }.allSatisfy { $0.contains("--no-remove") })
    }

    func testWhatFailedBeforeIsNamedToo() throws {
        debian.fail("apt-get update", with: CommandResult(.exited(100), errors: "E: Failed to fetch X"))
        debian.fail(
            "env DEBIAN_FRONTEND=noninteractive apt-get install",
            with: CommandResult(.exited(100), errors: "E: Unable to locate package nginx"))
        let error = try failure()
        XCTAssertTrue(error.why.contains("Failed to fetch X"), error.why)
        XCTAssertTrue(error.next.contains("reaches its mirror"), error.next)
    }

    private func failure() throws -> DeployError {
        do { _ = try carryOut() } catch let error as DeployError { return error }
        throw Unexpected("it was carried out")
    }
}
