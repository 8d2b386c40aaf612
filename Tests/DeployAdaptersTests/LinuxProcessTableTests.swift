import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

final class LinuxProcessTableTests: ProcessTableFixture {
    func testAServiceGetsItsOwnSessionEnvironmentFolderAndLog() throws {
        let folder = try makeTestFolder()
        setenv("DEPLOYCTL_TEST_PASSWORD", "hidden", 1)
        defer { unsetenv("DEPLOYCTL_TEST_PASSWORD") }
        let script =
            "pwd; echo $GIVEN; env | grep -c hidden; ls /proc/self/fd | tr '\\n' ' '; cut -d' ' -f6 /proc/$$/stat; cat; echo end >&2; exec sleep 60"
        let service = try start(["/bin/sh", "-c", script], in: folder, ["GIVEN": "value"])
        XCTAssertTrue(eventually { log(folder).hasSuffix("end\n") }, log(folder))
        XCTAssertEqual(log(folder), "\(folder)\nvalue\n0\n0 1 2 3 \(service.pid)\nend\n")
        XCTAssertEqual(files.permissions(of: "\(folder)/logs/log")?.mode, 0o600)
        XCTAssertTrue(table.isRunning(service))
        XCTAssertEqual(table.identity(of: service.pid), service)
    }

    func testAppendsToTheLog() throws {
        let folder = try makeTestFolder()
        for number in 1...2 {
            let service = try start(["/bin/sh", "-c", "echo \(number)"], in: folder)
            XCTAssertTrue(eventually { !table.isRunning(service) })
        }
        XCTAssertEqual(log(folder), "1\n2\n")
    }

    func testSaysWhyAServiceCannotBeStarted() throws {
        let folder = try makeTestFolder()
        expectError(.stepFailed, "a missing program") { _ = try start(["no-such-program-here"], in: folder) }
        expectError(.stepFailed, "a missing folder") {
            _ = try table.start(
                ServiceLaunch(
                    command: Command("sleep", ["1"]), directory: "\(folder)/none", environment: [:],
                    log: "\(folder)/log"))
        }
    }

    func testTheAgeOfAProcessIsNotReadFromAFileThatMayBeCovered() throws {
        guard table.runsAsRoot else { throw lacking("superuser") }
        let cover = "\(try makeTestFolder())/uptime"
        try files.publish(Data("1000000000.00 0.00\n".utf8), to: cover)
        let before = try XCTUnwrap(Relative.now(1)).age
        let covered = Box<Double?>(nil)
        let ran = onItsOwnThread {
            guard leaveMountNamespace() == 0, mountFolder(nil, "/", nil, 0x44000, nil) == 0,
                mountFolder(cover, "/proc/uptime", nil, 0x1000, nil) == 0
            else { return }
            covered.value = Relative.now(1)?.age
        }
        XCTAssertTrue(ran)
        XCTAssertEqual(try XCTUnwrap(covered.value, "the cover lies"), before, accuracy: 60)
    }

    private final class Box<Value> {
        var value: Value
        init(_ value: Value) { self.value = value }
    }

    func testAnEndedServiceIsNotRunningAlthoughItIsOurChild() throws {
        let service = try start(["true"], in: try makeTestFolder())
        XCTAssertTrue(eventually { !table.isRunning(service) })
        XCTAssertNil(table.identity(of: service.pid))
    }

    func testALaterProcessWithTheSameNumberIsAnother() throws {
        let service = try start(["sleep", "60"], in: try makeTestFolder())
        let earlier = ProcessIdentity(pid: service.pid, started: service.started - 1, boot: service.boot)
        let otherBoot = ProcessIdentity(pid: service.pid, started: service.started, boot: "another")
        for stranger in [earlier, otherBoot] {
            XCTAssertFalse(table.isRunning(stranger))
            table.signal(stranger, .kill)
            XCTAssertFalse(table.isMember(service, ofSession: otherBoot))
        }
        XCTAssertTrue(table.isRunning(service), "a stranger's signal does not reach it")
    }

    /// A worker's master finishes what its children are at.
    func testOnlyTheFirstProcessIsAskedToEndWhileItRuns() throws {
        let folder = try makeTestFolder()
        let script =
            "trap 'echo told' TERM; (read line < \(folder)/go; echo finished) & echo up; wait; wait; exit 0"
        XCTAssertEqual(mkfifo("\(folder)/go", 0o600), 0)
        let service = try start(["/bin/bash", "-c", script], in: folder)
        XCTAssertTrue(eventually { log(folder).contains("up") })
        table.signal(service, .terminate)
        XCTAssertTrue(eventually { log(folder).contains("told") })
        let pipe = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/go"))
        pipe.write(Data("on\n".utf8))
        XCTAssertTrue(eventually { !table.isRunning(service) })
        XCTAssertTrue(log(folder).contains("finished"), log(folder))
    }

    func testSignalsTheWholeSessionEvenAfterItsLeaderEnded() throws {
        let folder = try makeTestFolder()
        let script = "set -m; sleep 61 & echo $!; sleep 62 & echo $!"
        let service = try start(["/bin/bash", "-c", script], in: folder)
        XCTAssertTrue(
            eventually { !table.isRunning(service) && log(folder).split(separator: "\n").count == 2 })
        let sleepers = log(folder).split(separator: "\n").compactMap { Int32($0) }.compactMap(
            table.identity(of:))
        XCTAssertEqual(sleepers.count, 2)
        for sleeper in sleepers { XCTAssertTrue(table.isMember(sleeper, ofSession: service)) }
        table.signal(service, .terminate)
        XCTAssertTrue(eventually { !sleepers.contains(where: table.isRunning) })
    }

    func testSignalsReachGroupsOfTheirOwnInsideTheSession() throws {
        let folder = try makeTestFolder()
        let service = try start(
            ["/bin/bash", "-c", "set -m; sleep 63 & echo $!; wait; sleep 60"], in: folder)
        XCTAssertTrue(eventually { log(folder).hasSuffix("\n") })
        let inner = try XCTUnwrap(Int32(log(folder).dropLast()).flatMap(table.identity(of:)))
        table.signal(service, .kill)
        XCTAssertTrue(eventually { !table.isRunning(inner) && !table.isRunning(service) })
    }

    func testNeverSignalsInitOrEverything() {
        let us = table.identity(of: getpid())
        for pid: Int32 in [1, 0, -1] {
            table.signal(ProcessIdentity(pid: pid, started: 0, boot: us?.boot ?? ""), .kill)
        }
        XCTAssertNotNil(us)
        XCTAssertFalse(
            us.map { table.isMember($0, ofSession: ProcessIdentity(pid: 1, started: 0, boot: $0.boot)) }
                ?? true)
    }

    func testWhatIsStartedHasASessionOfItsOwnAndNoTerminal() throws {
        let runner = ProcessCommandRunner(interruption: FakeInterruption())
        let look = "set -- $(cat /proc/$$/stat); echo $1 $6 $7; : > /dev/tty"
        let run = runner.run(CommandRequest(Command("/bin/sh", ["-c", look])))
        let numbers = run.output.split(separator: " ").map {
            $0.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        XCTAssertEqual(numbers.count, 3)
        XCTAssertEqual(numbers.first, numbers.dropFirst().first, "it leads its session")
        XCTAssertEqual(numbers.last, "0", "no terminal")
        XCTAssertFalse(run.succeeded, "there is no /dev/tty to open")
    }

    func testFindsWhoListensOnAPort() throws {
        let folder = try makeTestFolder()
        let port = try table.freePort()
        XCTAssertNil(table.listener(onPort: port))
        let script =
            "import socket,time,os\ns=socket.create_server(('127.0.0.1',\(port)))\nos.fork()\nprint('up',flush=True)\ntime.sleep(60)"
        let service = try start(["python3", "-c", script], in: folder)
        XCTAssertTrue(eventually { log(folder).contains("up") })
        XCTAssertEqual(table.listener(onPort: port), service, "the one that started first")
        XCTAssertTrue(table.listeners(ofSession: service).contains("127.0.0.1:\(port)"))
        XCTAssertTrue(table.program(of: service).hasPrefix("python3"), table.program(of: service))
    }

    func testWhatListensIsAskedOfTheKernelAndNotReadFromATableOfAllConnections() throws {
        guard table.runsAsRoot else { throw lacking("superuser") }
        let folder = try makeTestFolder()
        let port = try table.freePort()
        let script =
            "import socket,time\nall=[socket.create_server((h,\(port)),family=f) for h,f in [('127.0.0.1',2),('::1',10)]]\nprint('up',flush=True)\ntime.sleep(60)"
        let service = try start(["python3", "-c", script], in: folder)
        XCTAssertTrue(eventually { log(folder).contains("up") })
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        let listed = tables.flatMap(ListeningSocket.listed).filter { $0.port == port }
        XCTAssertEqual(listed.map(\.host), ["127.0.0.1", "[…]"])
        XCTAssertEqual(ListeningSocket.all(onPort: port), listed, "the table says the same")
        XCTAssertTrue(Set(ListeningSocket.all()).isSuperset(of: listed))
        try files.publish(Data(), to: "\(folder)/cover")
        let found = Box<ProcessIdentity?>(nil)
        let ran = onItsOwnThread { [table] in
            guard leaveMountNamespace() == 0, mountFolder(nil, "/", nil, 0x44000, nil) == 0,
                tables.allSatisfy({ mountFolder("\(folder)/cover", $0, nil, 0x1000, nil) == 0 })
            else { return }
            found.value = table.listener(onPort: port)
        }
        XCTAssertTrue(ran)
        XCTAssertEqual(found.value, service)
    }

    func testSaysWhatKeepsAPort() throws {
        let folder = try makeTestFolder()
        let port = try table.freePort()
        XCTAssertEqual(table.use(ofPort: port), .free)
        let script = """
            import socket, sys, time
            server = socket.create_server(('127.0.0.1', \(port)))
            client = socket.create_connection(('127.0.0.1', \(port)))
            answering = server.accept()[0]; answering.close(); client.recv(1); client.close()
            print('up', flush=True)
            time.sleep(60)
            """
        let service = try start(["python3", "-c", script], in: folder)
        XCTAssertTrue(eventually { log(folder).contains("up") })
        XCTAssertEqual(table.use(ofPort: port), .listening)
        table.signal(service, .kill)
        XCTAssertTrue(eventually { !table.isRunning(service) })
        XCTAssertEqual(table.use(ofPort: port), .lingering)
    }

    func testSaysHowAServiceEnded() throws {
        let folder = try makeTestFolder()
        let failed = try start(["/bin/sh", "-c", "exit 3"], in: folder)
        XCTAssertTrue(eventually { !table.isRunning(failed) })
        XCTAssertEqual(table.ending(of: failed), .status(3))
        let killed = try start(["sleep", "60"], in: folder)
        XCTAssertNil(table.ending(of: killed))
        kill(killed.pid, SIGKILL)
        XCTAssertTrue(eventually { !table.isRunning(killed) })
        XCTAssertEqual(table.ending(of: killed), .signal(9))
    }

    func testCountsOpenConnectionsOfAUnixSocket() throws {
        let folder = try makeTestFolder()
        let path = "\(folder)/s.sock"
        let script = """
            import os, socket, time
            server = socket.socket(socket.AF_UNIX); server.bind("\(path)"); server.listen(8)
            clients = [socket.socket(socket.AF_UNIX) for _ in range(3)]
            for client in clients: client.connect("\(path)")
            accepted = [server.accept()[0] for _ in range(2)]
            print("three", flush=True)
            while not os.path.exists("close"): time.sleep(0.01)
            for one in clients + accepted: one.close()
            server.accept()[0].close()
            print("none", flush=True); time.sleep(60)
            """
        _ = try start(["python3", "-c", script], in: folder)
        XCTAssertTrue(eventually { log(folder).contains("three") })
        XCTAssertEqual(table.connections(toSocket: path), 3, "two accepted and one waiting")
        XCTAssertEqual(table.connections(toSocket: "\(folder)/s.soc"), 0)
        try files.publish(Data(), to: "\(folder)/close")
        XCTAssertTrue(eventually { log(folder).contains("none") })
        XCTAssertEqual(table.connections(toSocket: path), 0, "the listening socket is no connection")
    }
}
