import DeployTestSupport
import Foundation
import XCTest

/// A shop on a disk of its own, with people of whom each is told something else, and what goes wrong there.
struct BadNight {
    let world: CertificateWorld
    let disk: SmallDisk
    /// Told of P0, and the chief where nobody answers for five seconds.
    let onCall: MessageSink
    /// Told of P1.
    let team: MessageSink
    let chief: MessageSink

    init(for test: XCTestCase) throws {
        try SmallDisk.demandRoot()
        let folder = try test.makeTestFolder()
        func sink(_ name: String) throws -> MessageSink {
            let place = "\(folder)/\(name)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            return try MessageSink(in: place)
        }
        (onCall, team, chief) = (try sink("on-call"), try sink("team"), try sink("chief"))
        world = try CertificateWorld(for: test)
        disk = try SmallDisk(megabytes: 128, holding: world, for: test)
        try world.certify()
        for (name, sink) in [("on-call", onCall), ("team", team), ("chief", chief)] {
            try world.write(sink.url, to: "ca/\(name)")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: "\(world.project)/ca/\(name)")
        }
        try world.replace(
            #""drain""#,
            with: """
                "notify": [
                  {"name": "on-call", "webhook": {"file": "ca/on-call"}, "on": ["P0"], "escalate": {"after": "5s", "to": "chief"}},
                  {"name": "team", "webhook": {"file": "ca/team"}, "on": ["P1"]},
                  {"name": "chief", "webhook": {"file": "ca/chief"}, "on": []}
                ], "drain"
                """, in: "environments/base.json")
        try world.replace(
            #""promotion""#,
            with: #""schedules": [{"every": "1m", "run": ["backup", "create", "production"]}], "promotion""#,
            in: "environments/production.json")
        try world.commit("Tell")
        test.addTeardownBlock { [project = world.project] in
            SmallDisk.run("sh", "-c", "! mountpoint -q \"$0\" || umount --lazy \"$0\"", "\(project)/backups")
        }
    }

    func serve() throws {
        try world.run("staging").expect(0)
        try world.promote()
        try world.run("backup", "create", "production").expect(0)
    }

    private var application: String {
        URL(fileURLWithPath: "\(world.project)/.deployctl/staging/current/app/server.py")
            .resolvingSymlinksInPath().path
    }

    /// What the release cannot do without is gone, and the service with it.
    func breakService() throws {
        let path = application
        try world.runProgram(["chmod", "u+w", (path as NSString).deletingLastPathComponent]).expect(0)
        try FileManager.default.moveItem(atPath: path, toPath: "\(world.folder)/server.py")
        for process in world.processes() where process.command.contains("server.py") {
            if process.instance?.contains("/staging/") == true { kill(process.pid, SIGKILL) }
        }
    }

    func mendService() throws {
        let place = URL(fileURLWithPath: "\(world.project)/.deployctl/staging/current/app")
            .resolvingSymlinksInPath().path
        try world.runProgram(["cp", "-p", "\(world.folder)/server.py", "\(place)/server.py"]).expect(0)
        try world.runProgram(["chmod", "u-w", place]).expect(0)
    }

    /// The disk of the backups takes nothing any more, as one with faults does.
    func closeBackups() throws {
        let place = "\(world.project)/backups"
        try world.runProgram(["mount", "--bind", place, place]).expect(0)
        try world.runProgram(["mount", "-o", "remount,ro,bind", place]).expect(0)
    }

    func openBackups() throws {
        try world.runProgram(["umount", "\(world.project)/backups"]).expect(0)
    }
}
