import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// Who comes while nobody listens is passed on when somebody does.
final class WaitingRoomTests: XCTestCase {
    private func room(
        _ folder: String, patience: Duration = .seconds(10), for names: [String] = ["app"]
    ) throws -> any WaitingRoom {
        try XCTUnwrap(
            LinuxWaitingRooms().open(
                at: "\(folder)/w.sock", for: names.map { .socket("\(folder)/\($0)") }, patience: patience))
    }

    private func visitor(_ folder: String) throws -> Descriptor {
        try XCTUnwrap(LocalSocket.connect(to: .socket("\(folder)/w.sock")))
    }

    /// Answers one connection with what it said, backwards, once it has said all.
    private func serve(_ folder: String, _ count: Int) throws {
        let door = try XCTUnwrap(LocalSocket.make())
        XCTAssertTrue(LocalSocket.bind(door, to: "\(folder)/app"))
        XCTAssertEqual(listen(door.number, 9), 0)
        let served = OwnThread {
            let visitor = Descriptor(accept(door.number, nil, nil))
            var said: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while said.count < count {
                let taken = buffer.withUnsafeMutableBytes { visitor.read(into: $0) }
                guard taken > 0 else { return }
                said += buffer[..<taken]
            }
            _ = Array(said.reversed()).withUnsafeBytes { visitor.write($0) }
        }
        try XCTUnwrap(served).detach()
    }

    func testWhatIsSaidBeforeAnybodyListensIsAnswered() throws {
        let folder = try makeTestFolder()
        let room = try room(folder, for: ["another", "app"])
        let visitor = try visitor(folder)
        let said = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let talk = try XCTUnwrap(OwnThread { _ = said.withUnsafeBytes { visitor.write($0) } })
        usleep(100_000)
        try serve(folder, said.count)
        let answer = try XCTUnwrap(visitor.readAll())
        talk.join()
        XCTAssertEqual(answer.count, said.count)
        XCTAssertTrue(answer == said.reversed(), "every byte, in order")
        withExtendedLifetime(room) {}
    }

    func testWhoWaitsInVainIsLetGo() throws {
        let folder = try makeTestFolder()
        let room = try room(folder, patience: .milliseconds(50))
        XCTAssertEqual(try visitor(folder).readAll() ?? [], [])
        withExtendedLifetime(room) {}
    }

    func testNobodyGetsInOnceItIsClosedAndWhoWaitsIsLetGo() throws {
        let folder = try makeTestFolder()
        var room: (any WaitingRoom)? = try room(folder, patience: .seconds(60))
        let visitor = try visitor(folder)
        usleep(50_000)
        room = nil
        XCTAssertNil(room)
        XCTAssertEqual(visitor.readAll() ?? [], [])
        XCTAssertNil(LocalSocket.connect(to: .socket("\(folder)/w.sock")))
        XCTAssertFalse(FileManager.default.fileExists(atPath: "\(folder)/w.sock"))
    }

    func testNoMoreWaitThanThereAreSeats() throws {
        let folder = try makeTestFolder()
        let room = try room(folder, patience: .seconds(60))
        let waiting = try (0..<128).map { _ in try visitor(folder) }
        usleep(300_000)
        XCTAssertEqual(try visitor(folder).readAll() ?? [], [], "the one too many is let go at once")
        withExtendedLifetime((room, waiting)) {}
    }
}
