import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

final class LocalSecretStoreTests: XCTestCase {
    private func store(
        _ project: String = "/", _ environment: [String: String] = [:], deadline: Duration = .seconds(10)
    ) -> LocalSecretStore {
        LocalSecretStore(
            project: project, commands: ProcessCommandRunner(interruption: FakeInterruption()),
            deadline: deadline,
            environment: environment)
    }

    private func refusal(_ store: LocalSecretStore, _ source: SecretSource) -> DeployError? {
        do {
            XCTFail("\(source) gives \(try store.fetch(source, named: "TOKEN").exposed)")
            return nil
        } catch {
            XCTAssertEqual(error.code, .invalidDefinition)
            XCTAssertTrue(error.what.contains("TOKEN"), "\(error)")
            XCTAssertFalse(error.why.isEmpty || error.next.isEmpty)
            XCTAssertFalse("\(error)".contains("hunter2"), "an error never holds a value")
            return error
        }
    }

    func testReadsTheEnvironment() throws {
        let store = store("/", ["A": " hunter2 ", "EMPTY": ""])
        XCTAssertEqual(try store.fetch(.environment("A"), named: "TOKEN").exposed, " hunter2 ")
        XCTAssertNotNil(refusal(store, .environment("MISSING")))
        XCTAssertNotNil(refusal(store, .environment("EMPTY")))
    }

    func testReadsAPrivateFileWithoutOneNewline() throws {
        let folder = try makeTestFolder()
        let store = store(folder)
        let values = [
            "hunter2\n": "hunter2", "hunter2": "hunter2", "hunter2\n\n": "hunter2\n",
            " hunter2 \n": " hunter2 ",
        ]
        for (content, value) in values {
            try LocalFileStore().publish(Data(content.utf8), to: "\(folder)/secret")
            XCTAssertEqual(try store.fetch(.file("secret"), named: "TOKEN").exposed, value)
            XCTAssertEqual(try store.fetch(.file("\(folder)/secret"), named: "TOKEN").exposed, value)
        }
    }

    func testRefusesAFileThatItsAccessListOpens() throws {
        let folder = try makeTestFolder()
        let path = "\(folder)/secret"
        try LocalFileStore().publish(Data("hunter2".utf8), to: path)
        let run = ProcessCommandRunner(interruption: FakeInterruption()).run(
            CommandRequest(Command("setfacl", ["--modify", "user:nobody:r", "--", path])))
        guard run.succeeded else { throw lacking("setfacl") }
        XCTAssertTrue(refusal(store(folder), .file("secret"))?.next.contains("chmod 600") ?? false)
        chmod(path, 0o600)
        XCTAssertEqual(
            try store(folder).fetch(.file("secret"), named: "TOKEN").exposed, "hunter2",
            "what is advised closes it")
    }

    func testRefusesFilesThatOthersMayUse() throws {
        let folder = try makeTestFolder()
        let path = "\(folder)/secret"
        try LocalFileStore().publish(Data("hunter2".utf8), to: path)
        for mode: mode_t in [0o640, 0o604, 0o620, 0o602, 0o601, 0o610, 0o700, 0o4600] {
            chmod(path, mode)
            XCTAssertTrue(
                refusal(store(folder), .file("secret"))?.next.contains("chmod 600") ?? false, "\(mode)")
        }
        chmod(path, 0o400)
        XCTAssertEqual(try store(folder).fetch(.file("secret"), named: "TOKEN").exposed, "hunter2")
        if geteuid() == 0 {
            chown(path, 12_345, 0)
            XCTAssertTrue(refusal(store(folder), .file("secret"))?.why.contains("another user") ?? false)
        }
    }

    func testRefusesWhatIsNoPlainTextFile() throws {
        let folder = try makeTestFolder()
        let files = LocalFileStore()
        try files.publish(Data("hunter2".utf8), to: "\(folder)/secret")
        try files.pointLink("\(folder)/link", to: "secret")
        try files.makeFolder("\(folder)/folder")
        try files.publish(Data("\n".utf8), to: "\(folder)/empty")
        try files.publish(Data("hunter2\0x".utf8), to: "\(folder)/nul")
        try files.publish(Data([0xff, 0xfe]), to: "\(folder)/binary")
        try files.publish(Data(count: 70_000), to: "\(folder)/big")
        XCTAssertEqual(mkfifo("\(folder)/pipe", 0o600), 0)
        for name in ["link", "folder", "empty", "nul", "binary", "big", "pipe", "missing"] {
            XCTAssertNotNil(refusal(store(folder), .file(name)), name)
        }
    }

    func testAsksACommand() throws {
        let folder = try makeTestFolder()
        let ask = SecretSource.command(["/bin/sh", "-c", "echo \"hunter2 $VAULT_ADDR$OTHER $(pwd)\""])
        let store = store(folder, ["VAULT_ADDR": "http://vault", "OTHER": "withheld"])
        XCTAssertEqual(try store.fetch(ask, named: "TOKEN").exposed, "hunter2 http://vault \(folder)")
    }

    func testACommandsOutputIsInNoMessage() throws {
        let script = "h=hunter; echo ${h}2; echo ${h}2 >&2; "
        XCTAssertEqual(
            refusal(store(), .command(["/bin/sh", "-c", script + "exit 3"]))?.why,
            "/bin/sh ended with status 3")
        let late = store("/", deadline: .milliseconds(200))
        XCTAssertEqual(
            refusal(late, .command(["/bin/sh", "-c", script + "sleep 30"]))?.why,
            "/bin/sh did not answer in time")
        XCTAssertNotNil(refusal(store(), .command(["no-such-program-here"])))
        XCTAssertNotNil(refusal(store(), .command([])))
        XCTAssertNotNil(refusal(store(), .command(["true"])))
    }
}
