import Foundation
import XCTest

/// A machine with systemd that may be restarted and cut off its power.
///
/// `DEPLOYCTL_TEST_SERVER` names the program that makes one: `up NAME`, `down NAME`, `sh NAME COMMAND...` as root, `ssh NAME
/// COMMAND` as the user `deploy`, `reboot NAME` and `power-cut NAME`, which return once it answers again.
public struct ThrowawayServer: Sendable {
    public let name: String
    private let program: String

    /// A new one, with what a deployment needs and the built deployctl; it stays after the test where DEPLOYCTL_TEST_KEEP=1.
    public init(_ name: String, for test: XCTestCase, binary: String) throws {
        try self.init(fresh: name, for: test)
        try root(
            """
            apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
            nginx-light python3 sqlite3 git curl tar zstd libsqlite3-0 && systemctl disable --now nginx
            """)
        try bring(binary)
    }

    /// A new one as it was rented: with systemd, sshd, git and curl.
    public init(fresh name: String, for test: XCTestCase) throws {
        guard let program = ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_SERVER"] else {
            throw lacking("program that makes servers, named by DEPLOYCTL_TEST_SERVER")
        }
        (self.name, self.program) = (name, program)
        try call("down", input: nil)
        try expectEqual(call("up", input: nil).status, 0, "a server is made")
        let server = self
        if ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_KEEP"] != "1" {
            test.addTeardownBlock { try server.call("down", input: nil) }
        }
    }

    /// The program with the libraries that a machine without Swift lacks.
    private func bring(_ binary: String) throws {
        let copy = """
            set -eu
            libraries=$(ldd \(binary) | awk '$3 ~ /^\\// && $3 !~ /\\/lib(c|m|dl|rt|pthread)\\.so/ {print $3}')
            tar -chf - --transform 's,^.*/deployctl$,usr/local/bin/deployctl,' $libraries \(binary) 2>/dev/null \
                | \(program) sh \(name) tar -C / -xf -
            """
        try expectEqual(Self.shell(copy).status, 0, "deployctl is brought to the server")
    }

    /// - Throws: when it fails.
    @discardableResult
    public func root(_ script: String) throws -> String {
        let run = try call("sh", "bash", "-c", script, input: nil)
        try expectEqual(run.status, 0, "\(script): \(run.output)")
        return run.output
    }

    /// As the user who deploys; the exit code and what was printed on both outputs.
    public func user(_ script: String) throws -> (status: Int32, output: String) {
        try call(
            "ssh", "bash -l -c '\(script.replacingOccurrences(of: "'", with: "'\\''"))' 2>&1", input: nil)
    }

    /// Takes its network away: what is sent meanwhile reaches nobody, and nobody is told.
    public func cutLink() throws { try root("ip route show default >/run/way && ip link set eth0 down") }
    public func mendLink() throws { try root("ip link set eth0 up && ip route add $(cat /run/way)") }

    public func reboot() throws { try expectEqual(call("reboot", input: nil).status, 0, "it restarts") }
    public func cutPower() throws {
        try expectEqual(call("power-cut", input: nil).status, 0, "it boots again")
    }

    /// The system's own ssh as a program in `folder`, whose configuration leads to it as `alias`; with the key of the user who
    /// deploys, or another; `patience`: seconds until it gives up a connection that is silent, ssh's own unless given.
    public func makeSSH(in folder: String, as alias: String, key: String? = nil, patience: Int? = nil) throws
    {
        try Self.makeSSH(in: folder, leading: [way(as: alias, key: key)], patience: patience)
    }

    /// What ssh's configuration says of it; with the key of the user who deploys, or another.
    public func way(as alias: String, key: String? = nil) throws -> String {
        let said = try call("env", input: nil).output.split(separator: "\n").map {
            $0.split(separator: "=", maxSplits: 1).map(String.init)
        }
        let place = Dictionary(said.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 }
        return """
            Host \(alias)
              HostName \(place["SERVER_SSH_HOST"] ?? "")
              Port \(place["SERVER_SSH_PORT"] ?? "")
              IdentityFile \(key ?? place["SERVER_SSH_KEY"] ?? "")
              IdentitiesOnly yes
              UserKnownHostsFile \(place["SERVER_KNOWN_HOSTS"] ?? "")
              StrictHostKeyChecking yes

            """
    }

    /// The system's own ssh as a program in `folder`, whose configuration says this of machines.
    public static func makeSSH(in folder: String, leading ways: [String], patience: Int? = nil) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try ways.joined().write(toFile: "\(folder)/config", atomically: true, encoding: .utf8)
        // ssh takes the first of each.
        let soon =
            patience.map {
                "-o ServerAliveInterval=1 -o ServerAliveCountMax=\($0) -o ConnectTimeout=\($0)"
            } ?? ""
        try "#!/bin/sh\nexec /usr/bin/ssh \(soon) -F '\(folder)/config' \"$@\"\n".write(
            toFile: "\(folder)/ssh", atomically: true, encoding: .utf8)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/ssh")
    }

    /// What is there of a folder of this machine, put to the same place there.
    public func upload(_ folder: String, to place: String) throws {
        try root("mkdir -p \(place)")
        let run = try Self.shell("tar -C \(folder) -cf - . | \(program) sh \(name) tar -C \(place) -xf -")
        try expectEqual(run.status, 0, "\(folder) is brought to the server")
        try root("chown -R deploy: \(place)")
    }

    @discardableResult
    private func call(_ verb: String, _ words: String..., input: String?) throws -> (
        status: Int32, output: String
    ) {
        try Self.run([program, verb, name] + words)
    }

    private static func shell(_ script: String) throws -> (status: Int32, output: String) {
        try run(["bash", "-c", script])
    }

    static func run(_ words: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
