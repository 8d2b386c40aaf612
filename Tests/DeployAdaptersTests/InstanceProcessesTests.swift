import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// Which processes belong to an instance, and which instances have any.
final class InstanceProcessesTests: ProcessTableFixture {
    /// A process shows its own lineage: what began it, with the marker that it inherited, and then without.
    func testAMarkerShowsInTheLineageAndThroughAClosedEnvironment() throws {
        XCTAssertFalse(table.lineage.isEmpty)
        XCTAssertFalse(table.lineage.contains(where: \.servesInstance), "these tests are no service")
        let folder = try makeTestFolder()
        let service = try start(
            [
                "/bin/sh", "-c",
                "env -i /bin/sleep 60 & env -i setsid /bin/sleep 60 & env -i /bin/sleep 60; wait",
            ], in: folder,
            ["DEPLOYCTL_INSTANCE": "\(folder)/run/1"])
        XCTAssertTrue(eventually { table.children(of: service).count == 3 })
        for child in table.children(of: service) {
            XCTAssertTrue(eventually { Relative.now(child.pid)?.program == "sleep" })
            XCTAssertEqual(
                Relative.now(child.pid)?.servesInstance, true,
                "its session's leader has the marker, or it inherited the limit")
            XCTAssertEqual(Relative.now(child.pid)?.isInstalled, true)
        }
    }

    /// With an empty environment and a session of its own, it lowers what it inherited, which is all that it may.
    func testAServiceCannotTakeItsMarkOff() throws {
        let folder = try makeTestFolder()
        let lowered =
            "import resource,os,time\nresource.setrlimit(15,(5000000,5000000))\n"
            + "os.fork() or os.setsid()\nprint(resource.getrlimit(15),flush=True)\ntime.sleep(60)"
        let service = try start(
            ["/usr/bin/env", "-i", "/usr/bin/python3", "-c", lowered], in: folder,
            ["DEPLOYCTL_INSTANCE": "\(folder)/run/1"])
        XCTAssertTrue(eventually { log(folder).components(separatedBy: "5000000, 5000000").count == 3 })
        let child = try XCTUnwrap(table.children(of: service).first)
        for pid in [service.pid, child.pid] {
            XCTAssertTrue(InheritedMark.isCarriedFromAService(by: pid), "a lower limit is one too")
        }
        let limits = try String(contentsOfFile: "/proc/\(getpid())/limits", encoding: .utf8)
        XCTAssertTrue(
            limits.split(separator: "\n").contains {
                $0.hasPrefix("Max realtime timeout") && $0.contains("unlimited            unlimited")
            }, "who starts it carries nothing")
    }

    func testFindsMembersByMarkerExactly() throws {
        let folder = try makeTestFolder()
        let marker = "\(folder)/releases/20260101000000"
        try files.makeFolder("\(marker)/bin")
        let marked = try start(["sleep", "60"], in: folder, ["DEPLOYCTL_INSTANCE": marker])
        let reader = try start(["/bin/sh", "-c", "sleep 60; :", "\(marker)/bin/tool"], in: folder)
        let other = try start(["sleep", "60"], in: folder, ["DEPLOYCTL_INSTANCE": "\(marker)1"])
        let found = table.members(ofInstance: marker)
        XCTAssertTrue(found.contains(marked))
        XCTAssertFalse(found.contains(reader), "a person's pager has the path in its arguments too")
        XCTAssertFalse(found.contains(other))
        XCTAssertEqual(table.members(ofInstance: "\(folder)/releases/none"), [])
    }

    /// As an nginx whose master was killed, on a machine where nobody takes note of that.
    func testFindsWhatASessionsLeaderLeftThatHasEndedAndShowsNothing() throws {
        let folder = try makeTestFolder()
        let marker = "\(folder)/releases/20260101000000"
        let script = "DEPLOYCTL_INSTANCE=\(marker) sleep 60 & kill -9 $$"
        let leader = try start(["/bin/sh", "-c", script], in: folder).pid
        func left() -> [Int32] { ProcFile.pids().filter { getsid($0) == leader && $0 != leader } }
        XCTAssertTrue(eventually { ProcessRecord(pid: leader)?.isDead == true && left().count == 1 })
        XCTAssertTrue(
            eventually { table.members(ofInstance: marker).map(\.pid) == left() },
            "it shows its marker once it is no shell any more")
    }

    func testOneLookFindsWhatIsLeftOfAnInstanceAndWhichInstancesThereAre() throws {
        let folder = try makeTestFolder()
        let run = "\(folder)/run"
        let one = try start(["sleep", "60"], in: folder, ["DEPLOYCTL_INSTANCE": "\(run)/1"])
        let other = try start(["sleep", "60"], in: folder, ["DEPLOYCTL_INSTANCE": "\(run)/2"])
        let bare = try start(["/usr/bin/env", "-i", "/bin/sleep", "60"], in: folder)
        XCTAssertTrue(eventually { table.instances(beneath: run) == ["1", "2"] })
        let found = table.remains(ofInstance: "\(run)/1", orLedBy: [bare], beneath: run)
        XCTAssertEqual(Set(found.members), [one, bare])
        XCTAssertEqual(found.instances, ["1", "2"])
        table.kill([one, bare])
        XCTAssertTrue(
            eventually {
                let left = table.remains(ofInstance: "\(run)/1", orLedBy: [bare], beneath: run)
                return left.members.isEmpty && left.instances == ["2"]
            })
        table.kill([other])
    }

    func testOfASessionOfSomebodyElseOneProcessIsRead() throws {
        let crowd = "for n in 1 2 3 4 5 6 7 8 9 10; do sleep 60 & done; wait"
        let leader = try start(["/bin/sh", "-c", crowd], in: makeTestFolder()).pid
        func members() -> [Int32] { ProcFile.pids().filter { getsid($0) == leader } }
        XCTAssertTrue(eventually { members().count == 11 })
        var read: [Int32] = []
        let walk = ProcessWalk {
            read.append($0)
            return false
        }
        let looks = ProcessLooks()
        XCTAssertFalse(members().contains { walk.isSigned(looks.look(at: $0)) })
        XCTAssertEqual(read, [leader])
    }

    func testTheMarkIsTheSameWhereTheKernelAnswersAndWhereItIsRead() throws {
        let marked = try start(
            ["sleep", "60"], in: try makeTestFolder(), ["DEPLOYCTL_INSTANCE": "/srv/run/1"])
        let mark = InheritedMark(of: "/srv/run/1").number
        XCTAssertEqual(InheritedMark.asked(of: marked.pid), InheritedMark.Limit(soft: mark, hard: mark))
        for pid in [marked.pid, getpid()] {
            XCTAssertEqual(InheritedMark.asked(of: pid), InheritedMark.read(of: pid))
        }
        XCTAssertNil(InheritedMark.asked(of: .max))
        XCTAssertNil(InheritedMark.read(of: .max))
    }
}
