import DeployTestSupport
import Foundation
import XCTest

/// A container engine of one test alone, which may be killed.
final class OwnEngine: @unchecked Sendable {
    private let folder: String
    private let name: String
    private var daemon: Process?
    /// Bridges that were there before.
    private let foreign = bridges()

    var host: String { "unix://\(folder)/docker.sock" }

    /// `folder` is short, because a unix socket's path holds 107 bytes.
    init(in folder: String, name: String) throws {
        (self.folder, self.name) = (folder, name)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: "\(folder)/log", contents: nil)
    }

    /// Skips where no second engine can be started; fails there when everything is required.
    static func require() throws {
        let there = "command -v dockerd containerd && test \"$(id -u)\" = 0"
        guard try ContainerEngine.quietly(["sh", "-c", there]) == 0 else {
            throw lacking("dockerd, containerd and root")
        }
    }

    /// The one the machine's engine runs, which need not be the one on the search path.
    private static var program: String {
        let pid = (try? String(contentsOfFile: "/var/run/docker.pid", encoding: .utf8)) ?? ""
        let link = "/proc/\(pid.trimmingCharacters(in: .whitespacesAndNewlines))/exe"
        return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? "dockerd"
    }

    /// Without one an engine takes away the bridge of the machine's own.
    private var bridge: String { "dc\(name.hashValue.magnitude % 1_000_000)" }

    func start() throws {
        if daemon == nil, !FileManager.default.fileExists(atPath: "/sys/class/net/\(bridge)") {
            let made = try ContainerEngine.quietly(["ip", "link", "add", "name", bridge, "type", "bridge"])
            try expectEqual(made, 0, "a bridge of its own")
            _ = try ContainerEngine.quietly(["ip", "address", "add", "10.213.77.1/24", "dev", bridge])
            _ = try ContainerEngine.quietly(["ip", "link", "set", bridge, "up"])
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Not even a containerd of the whole machine is shared: it would know the containers by these names.
        process.arguments = [
            Self.program, "--data-root", "\(folder)/data", "--exec-root", "\(folder)/exec", "--pidfile",
            "\(folder)/pid", "--host", host, "--bridge", bridge, "--iptables=false", "--ip6tables=false",
            "--containerd-namespace", name, "--containerd-plugins-namespace", "\(name)-plugins",
        ]
        let log = try XCTUnwrap(FileHandle(forWritingAtPath: "\(folder)/log"))
        try log.seekToEnd()
        (process.standardOutput, process.standardError) = (log, log)
        try process.run()
        daemon = process
        let answers = eventually(within: 60) {
            (try? ContainerEngine.quietly(["docker", "--host", host, "version"])) == 0
        }
        try expect(answers, "the engine answers\n\(text.suffix(2000))")
    }

    /// The power goes: no process of the engine itself does anything more.
    func die() throws {
        try expect(daemon != nil, "the engine runs")
        end(by: SIGKILL)
        // Its own containerd dies with it; a new one waits in vain for files the old one still holds.
        let pid = try? String(contentsOfFile: "\(folder)/exec/containerd/containerd.pid", encoding: .utf8)
        guard let containerd = pid.flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
        else { return }
        kill(containerd, SIGKILL)
        try expect(eventually(within: 10) { kill(containerd, 0) != 0 }, "containerd ends")
    }

    func load(_ image: String) throws {
        let command = "docker save '\(image)' | docker --host '\(host)' load"
        try expectEqual(try ContainerEngine.quietly(["sh", "-c", command]), 0, "loading \(image)")
    }

    /// Ends it and whatever it has mounted.
    func stop() {
        end(by: SIGTERM)
        _ = try? ContainerEngine.quietly(["ip", "link", "delete", bridge])
        removeBridges()
        let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
        for mount in mounts.split(separator: "\n").reversed() {
            let place = mount.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            if place.hasPrefix("\(folder)/") {
                _ = try? ContainerEngine.quietly(["umount", "--lazy", place])
            }
        }
    }

    /// A network that was being made when the engine was killed is in no engine's list.
    ///
    /// Its bridge has the addresses of the machine's own engine, whose containers would lose their way out. Pools of
    /// addresses are no help: an engine that has one takes away the machine's docker0 when it starts again.
    private func removeBridges() {
        for name in Self.bridges().subtracting(foreign) {
            _ = try? ContainerEngine.quietly(["ip", "link", "delete", name])
        }
    }

    private static func bridges() -> Set<String> {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")) ?? []
        return Set(all.filter { $0.hasPrefix("br-") })
    }

    /// Not by `waitUntilExit`, which waits for everybody who inherited a descriptor, shims of containers included.
    private func end(by signal: Int32) {
        guard let process = daemon else { return }
        daemon = nil
        kill(process.processIdentifier, signal)
        waitpid(process.processIdentifier, nil, 0)
    }

    private var text: String { (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? "" }
}
