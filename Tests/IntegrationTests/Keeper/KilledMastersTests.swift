import DeployTestSupport
import Foundation
import XCTest

/// An nginx of which the master alone is killed goes on without anybody's notice, where the kernel lets the next one.
final class KilledMastersTests: KeeperTestCase {
    func testNoVisitorNoticesThatAMasterIsKilled() throws {
        let (world, keeper) = try keptWorld()
        let visitors = (0..<4).map { _ in LiveTraffic(port: world.port("production")) }
        defer { for visitor in visitors { visitor.stop() } }
        for number in 0..<4 {
            let masters = all(world).filter { $0.command.contains("nginx: master") }
            XCTAssertEqual(masters.count, 2, "\(masters)")
            let victim = masters[number % 2]
            kill(victim.pid, SIGKILL)
            try expectEventually("\(victim.command) runs again, and the workers of before are ended") {
                all(world).contains { $0.command == victim.command && $0.pid != victim.pid }
                    && !FileManager.default.fileExists(
                        atPath: "\(world.project)/.deployctl/production/edge/closing")
            }
        }
        for visitor in visitors { try visitor.expectUnharmed("masters were killed") }
        kill(keeper.pid, SIGTERM)
        _ = try keeper.wait(upTo: 10)
        try world.run("stop", "production").expect(0)
        XCTAssertEqual(HTTP.ask("GET", "/version", port: world.port("production")).status, 0)
        try world.run("start", "production").expect(0)
        XCTAssertTrue(serves(world))
    }

    /// After a restart of the machine its first numbers are given anew, and a file still names who had one before.
    func testAServiceThatWasGivenItsNumberIsNotTakenForAMaster() throws {
        let (world, _) = try keptWorld()
        let service = try XCTUnwrap(all(world).first { $0.command.contains("server.py") })
        let instance = try XCTUnwrap(service.instance)
        let front = all(world).filter { $0.command.contains("\(instance)/nginx.conf") }
        let master = try XCTUnwrap(front.first { $0.command.contains("nginx: master") })
        let workers = world.processes().filter { $0.parent == master.pid }
        XCTAssertFalse(workers.isEmpty)
        try Data("\(service.pid)\n".utf8).write(to: URL(fileURLWithPath: "\(instance)/nginx.pid"))
        for process in [master] + workers { kill(process.pid, SIGKILL) }
        try expectEventually("\(master.command) runs again") {
            all(world).contains { $0.command == master.command && $0.pid != master.pid } && serves(world)
        }
        try world.run("status", "production").expect(0)
    }

    /// Runs a program whose kernel refuses it copies of other processes' descriptors.
    private static let withoutCopies = """
        import ctypes, os, struct, sys
        libc = ctypes.CDLL(None, use_errno=True)
        steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 438), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000)]
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
        rules = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code)))
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, rules, 0, 0): sys.exit("no filter")
        os.execv(sys.argv[1], sys.argv[1:])
        """

    func testWithoutCopiesOfItsSocketsAMasterComesBackAllTheSame() throws {
        let (world, _) = try keptWorld(by: ["/usr/bin/python3", "-IS", "-c", Self.withoutCopies])
        for number in 0..<2 {
            let victim = all(world).filter { $0.command.contains("nginx: master") }[number]
            kill(victim.pid, SIGKILL)
            try expectEventually("\(victim.command) runs again") {
                all(world).contains { $0.command == victim.command && $0.pid != victim.pid } && serves(world)
            }
        }
        let masters = all(world).filter { $0.command.contains("nginx: master") }
        XCTAssertEqual(masters.count, 2, "\(masters)")
        for master in masters {
            let log = try String(
                contentsOfFile: master.command.components(separatedBy: " -c ")[1]
                    .replacingOccurrences(of: "nginx.conf", with: "error.log"), encoding: .utf8)
            XCTAssertFalse(log.contains("inherited"), log)
        }
        try world.run("stop", "production").expect(0)
        XCTAssertEqual(HTTP.ask("GET", "/version", port: world.port("production")).status, 0)
    }
}
