import DeployTestSupport
import Foundation
import XCTest

/// What services that outlive releases keep, on a real engine: nothing takes it from them, and its loss is noticed.
final class ComposeDataTests: ComposeTestCase {
    private func keep(_ text: String) throws {
        try world.docker(["exec", world.container("keeper"), "sh", "-c", "echo \(text) > /kept/it"])
    }

    private func kept() throws -> String {
        try world.docker(["exec", world.container("keeper"), "cat", "/kept/it"])
    }

    func testAnotherCopyOfTheProjectTakesNothingOfTheFirst() throws {
        try world.run("staging").expect(0)
        try keep("first")
        let before = try world.containers()
        let other = "\(world.folder)/other"
        try world.runProgram(["git", "clone", "-q", world.project, other]).expect(0)
        func inOther(_ words: String...) throws -> ProgramRun {
            let script =
                "cd '\(other)' && mkdir -p .secrets && cp -p '\(world.project)/.secrets/TOKEN' .secrets/ && exec \"$@\""
            return try world.runProgram(["sh", "-c", script, "sh", world.binary] + words)
        }
        let refused = try inOther("staging").expect(10)
        XCTAssertTrue(refused.errors.contains("belongs to the project in \(world.project)"), refused.errors)
        XCTAssertEqual(try world.containers(), before)

        try world.run("stop", "staging").expect(0)
        try inOther("staging").expect(10)
        try FileManager.default.removeItem(atPath: "\(other)")
        try FileManager.default.moveItem(atPath: world.project, toPath: other)
        try FileManager.default.createDirectory(atPath: world.project, withIntermediateDirectories: false)
        try world.runProgram(["sh", "-c", "cd '\(other)' && exec \"$0\" start staging", world.binary]).expect(
            0)
        XCTAssertEqual(try world.containers().count, 2, "a project that was moved is the same")
        try world.runProgram(["sh", "-c", "cd '\(other)' && exec \"$0\" stop staging", world.binary]).expect(
            0)
        try FileManager.default.removeItem(atPath: world.project)
        try FileManager.default.moveItem(atPath: other, toPath: world.project)
        try world.run("start", "staging").expect(0)
        XCTAssertEqual(try kept(), "first")
    }

    func testAVolumeThatIsAddedTakesNobodysPlace() throws {
        try world.run("staging").expect(0)
        try keep("data")
        try world.replace("volumes:\n  kept:", with: "volumes:\n  cache:\n  kept:", in: "compose.yml")
        try world.replace(
            "volumes: [\"${DEPLOYCTL_SHARED", with: "volumes: [\"cache:/cache\", \"${DEPLOYCTL_SHARED",
            in: "compose.yml")
        let definition = "environments/staging.json"
        try world.replace("_kept\"]", with: "_kept\", \"\(world.name)-more\"]", in: definition)
        try world.commit("Add a volume above the keeper's")
        let refused = try world.run("staging").expect(10)
        XCTAssertTrue(refused.errors.contains("volumes.cache of compose.yml is refused"), refused.errors)
        XCTAssertEqual(try kept(), "data")

        try world.replace("\(world.name)-more", with: "\(world.name)-cache", in: definition)
        try world.commit("Name it")
        try world.run("staging").expect(0)
        XCTAssertEqual(try kept(), "data")
    }

    func testALostVolumeIsNoticedAndNeverBegunAnew() throws {
        try world.run("staging").expect(0)
        try keep("data")
        try world.run("stop", "staging").expect(0)
        let volume = "\(world.name)_kept"
        try world.docker(["volume", "rm", volume])
        XCTAssertTrue(try world.run("status", "staging").output.contains("volume \(volume) is missing"))
        for words in [["start", "staging"], ["staging"]] {
            let refused = try world.run(words).expect(12)
            XCTAssertTrue(refused.errors.contains("Volume \(volume) is gone"), refused.errors)
        }
        XCTAssertFalse(try world.docker(["volume", "ls", "-q"]).contains(volume))
        try world.docker(["volume", "create", volume, "--label", "deployctl.project=\(world.name)"])
        try world.run("start", "staging").expect(0)
        XCTAssertEqual(try world.version(), "one")
    }

    func testAServiceDoesNotBeginOnAnEmptyVolumeBesideItsOwn() throws {
        try world.run("staging").expect(0)
        try keep("data")
        try world.replace("_kept\"]", with: "_anew\"]", in: "environments/staging.json")
        try world.commit("Another volume")
        let refused = try world.run("staging").expect(12)
        XCTAssertTrue(
            refused.errors.contains("Service keeper would begin on the empty volume \(world.name)_anew"),
            refused.errors)
        XCTAssertEqual(try kept(), "data")
    }

    func testWhatHasNoNameStaysOverStopAndStart() throws {
        try world.replace("[\"kept:/kept\"]", with: "[\"/kept\"]", in: "compose.yml")
        try world.replace("volumes:\n  kept:\n", with: "", in: "compose.yml")
        try world.replace(
            ", \"volumes\": [\"\(world.name)_kept\"]", with: "", in: "environments/staging.json")
        try world.commit("No name")
        try world.run("staging").expect(0)
        try keep("data")
        try world.run("stop", "staging").expect(0)
        try world.run("start", "staging").expect(0)
        XCTAssertEqual(try kept(), "data")
        try world.replace("echo keeping", with: "echo keeping better", in: "compose.yml")
        try world.commit("Make it anew")
        try world.run("staging").expect(0)
        XCTAssertEqual(try kept(), "data")
    }

    func testAFirstDeploymentThatFailedIsNothingToGoBackTo() throws {
        let good = "[\"sh\", \"-c\", \"echo keeping; exec sleep 100000\"]"
        try world.replace(good, with: "[\"no-such-program\"]", in: "compose.yml")
        try world.commit("A keeper that never starts")
        try world.run("staging").expect(15)
        try world.replace("[\"no-such-program\"]", with: good, in: "compose.yml")
        try world.write("500\n", to: "app/health")
        try world.commit("A shop that is never healthy")
        try world.run("staging").expect(15)
        try world.write("200\n", to: "app/health")
        try world.commit("Mend it")
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version(), "one")
    }
}
