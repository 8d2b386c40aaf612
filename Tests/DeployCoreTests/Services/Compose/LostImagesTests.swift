import DeployTestSupport
import XCTest

@testable import DeployCore

/// A release whose image somebody removed is not offered, and an engine that does not answer has removed none.
final class LostImagesTests: XCTestCase {
    private func losses(_ answer: CommandResult) throws -> (found: [Timestamp: String], asked: Int) {
        let files = MemoryFileStore()
        let layout = Layout(project: "/p", environment: ComposeFixture.environment())
        let releases = [Sample.timestamp(1), Sample.timestamp(2), Sample.timestamp(3)]
        for (release, id) in zip(releases, ["sha256:one", "sha256:two"]) {
            try files.makeFolder(layout.release(release))
            try ReleaseImages(services: ["web": .init(image: "shop-web:\(release)", id: id)])
                .write(files, to: layout.release(release))
        }
        let runner = FakeCommandRunner()
        runner.answer(where: { $0.command.arguments.first == "image" }, with: answer)
        var ports = SimulatedMachine().ports()
        (ports.commands, ports.files) = (runner, files)
        let site = Workspace(ports: ports, project: "/p").site(layout.environment)
        return (ComposeRuntime().losses(among: releases, at: site), runner.requests.count)
    }

    func testTheReleaseWhoseImageIsGoneIsNamedAfterOneQuestion() throws {
        let gone = CommandResult(
            .exited(1), output: "sha256:one\n", errors: "Error: No such image: sha256:two")
        let (found, asked) = try losses(gone)
        XCTAssertEqual(
            found, [Sample.timestamp(2): "image sha256:two of service web is gone from the engine"])
        XCTAssertEqual(asked, 1)
    }

    func testNothingIsMissedWhereAllAreThereOrNobodyAnswers() throws {
        XCTAssertEqual(try losses(CommandResult(.exited(0), output: "sha256:one\nsha256:two\n")).found, [:])
        let silent = CommandResult(.exited(1), errors: "Cannot connect to the Docker daemon")
        XCTAssertEqual(try losses(silent).found, [:])
    }
}
