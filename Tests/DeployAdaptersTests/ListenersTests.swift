import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// What one process listened at, another goes on with.
final class ListenersTests: XCTestCase {
    private let table = LinuxProcessTable()
    private let files = LocalFileStore()

    private static let waiting = """
        import socket, sys, time
        one = socket.socket(socket.AF_UNIX); one.bind(sys.argv[1]); one.listen()
        two = socket.create_server(("127.0.0.1", 0))
        near = socket.create_connection(two.getsockname()); far = two.accept()
        open(sys.argv[2], "w").write(str(two.getsockname()[1]))
        time.sleep(60)
        """

    /// Says how many it was given, and answers the first visitor at each.
    private static let answering = """
        import os, socket, time
        given = [number for number in range(3, 64) if os.path.exists("/proc/self/fd/%d" % number)]
        given = [number for number in given if os.readlink("/proc/self/fd/%d" % number).startswith("socket:")]
        print(given, flush=True)
        for number in given:
            visitor, _ = socket.socket(fileno=number).accept()
            visitor.sendall(b"welcome"); visitor.close()
        time.sleep(60)
        """

    private func start(
        _ vector: [String], in folder: String, log: String = "log", with listeners: (any HeldListeners)? = nil
    ) throws -> ProcessIdentity {
        var launch = ServiceLaunch(
            command: try XCTUnwrap(Command(vector: vector)), directory: folder, environment: [:],
            log: "\(folder)/\(log)")
        launch.listeners = listeners
        let process = try table.start(launch)
        let table = table
        addTeardownBlock { table.signal(process, .kill) }
        return process
    }

    private func text(_ path: String) -> String {
        (try? files.read(path)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func testWhoComesBetweenTwoProcessesIsAnsweredByTheSecond() throws {
        let folder = try makeTestFolder()
        let (door, said) = ("\(folder)/door.sock", "\(folder)/port")
        let first = try start(["python3", "-c", Self.waiting, door, said], in: folder)
        try expect(eventually { !text(said).isEmpty }, text("\(folder)/log"))
        let port = try XCTUnwrap(Int(text(said)))
        var held = try XCTUnwrap(table.listeners(heldBy: [first, first]) { _ in true })
        XCTAssertEqual(
            Set(held.places), [.port(port), .socket(door)], "each once, and none that is a visitor's")
        held = try XCTUnwrap(table.listeners(heldBy: [first]) { $0 != .socket("/elsewhere") })
        table.signal(first, .kill)
        try expect(eventually { !table.isRunning(first) }, "it ended")
        let curl = ["curl", "-s", "--http0.9", "--max-time", "20"]
        let visitors = [["--unix-socket", door, "http://localhost"], ["http://127.0.0.1:\(port)"]]
        for (number, visitor) in visitors.enumerated() {
            _ = try start(curl + visitor, in: folder, log: "visitor-\(number)")
        }
        let second = try start(["python3", "-c", Self.answering], in: folder, with: held)
        for number in visitors.indices {
            try expect(
                eventually { text("\(folder)/visitor-\(number)") == "welcome" }, "\(number) is answered")
        }
        XCTAssertEqual(text("\(folder)/log"), "[10, 11]\n", "nothing else of this process's")
        XCTAssertTrue(table.isRunning(second))
    }

    func testWhatIsNotWantedOrNotThereIsNotHeld() throws {
        let folder = try makeTestFolder()
        let (door, said) = ("\(folder)/door.sock", "\(folder)/port")
        let first = try start(["python3", "-c", Self.waiting, door, said], in: folder)
        try expect(eventually { !text(said).isEmpty }, text("\(folder)/log"))
        XCTAssertNil(table.listeners(heldBy: [first]) { $0 == .socket("/elsewhere") })
        XCTAssertNil(table.listeners(heldBy: []) { _ in true })
        table.signal(first, .kill)
        try expect(eventually { !table.isRunning(first) }, "it ended")
        XCTAssertNil(table.listeners(heldBy: [first]) { _ in true })
    }
}
