import Foundation
import XCTest

/// A shop whose definitions are here and that is served by a machine of its own, which the system's ssh reaches.
public final class ServedShop: DeployctlFixture, @unchecked Sendable {
    public private(set) var server: ThrowawayServer!

    /// `name`: what the machine is called, as no other test's is; `patience`: seconds until ssh gives a silent connection up.
    public init(_ name: String, for test: XCTestCase, patience: Int? = nil) throws {
        try super.init(for: test)
        server = try ThrowawayServer(name, for: test, binary: binary)
        let programs = "\(folder)/bin"
        try server.makeSSH(in: programs, as: "shop.example", patience: patience)
        let own = (binary as NSString).deletingLastPathComponent
        variables["PATH"] = "\(programs):\(own):/usr/bin:/bin"
        variables["DEPLOYCTL_HOST"] = "deploy@shop.example"
    }

    /// Which release says there that it serves; nil where nothing answers.
    public func served(_ environment: String) throws -> String? {
        let answer = try server.user("curl -sf http://127.0.0.1:\(port(environment))/version").output
        return answer.firstMatch(of: #/"version": "([\w-]+)"/#).map { String($0.1) }
    }

    /// The way of a new key, which that line of authorized_keys is about: for the environment of what goes it.
    public func letIn(by line: String) throws -> [String: String] {
        let key = "\(folder)/other-key"
        try runProgram(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "robot", "-f", key]).expect(0)
        let lock = try String(contentsOfFile: "\(key).pub", encoding: .utf8)
        let added = Data("\(line) \(lock)".utf8).base64EncodedString()
        try server.root("echo \(added) | base64 -d >> /home/deploy/.ssh/authorized_keys")
        try server.makeSSH(in: "\(folder)/other-bin", as: "shop.example", key: key)
        return ["PATH": "\(folder)/other-bin:\(variables["PATH"] ?? "")"]
    }

    /// Kills the ssh that a command was handed to.
    public func cut(_ run: StartedProgram) throws {
        try runProgram(["pkill", "-KILL", "-P", "\(run.pid)", "-x", "ssh"])
    }
}
