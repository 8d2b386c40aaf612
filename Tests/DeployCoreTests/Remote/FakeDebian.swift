import DeployTestSupport
import Synchronization

@testable import DeployCore

/// A Debian that ssh leads to, as root: it answers questions by what was done to it.
final class FakeDebian: CommandRunner {
    /// The beginning of a command's line there, and what becomes of it instead of being done.
    private let faults = Mutex<[String: CommandResult]>([:])
    private let lines = Mutex<[String]>([])

    /// Every command that was to change it, as it was typed.
    var typed: [String] { lines.withLock { $0 } }

    /// From now on what begins so ends like this and does nothing.
    func fail(_ start: String, with result: CommandResult) { faults.withLock { $0[start] = result } }
    func mend() { faults.withLock { $0 = [:] } }

    /// What an installation that was cut off left; apt brings nginx with it.
    let isCutOff = Mutex(false)
    /// What apt brings to finish it.
    let mends = Mutex(["nginx"])
    /// The same once it has read which packages there are; nil for no change.
    let mendsByNewLists = Mutex<[String]?>(nil)

    private func isDone(_ start: String) -> Bool { typed.contains { $0.hasPrefix(start) } }

    private var installed: Set<String> {
        let isMended = typed.contains { $0.hasSuffix(" --fix-broken") }
        return Set(
            typed.filter { $0.contains(" apt-get install ") }
                .flatMap { $0.split(separator: " ").map(String.init) } + (isMended ? ["nginx"] : []))
    }

    func run(_ request: CommandRequest) -> CommandResult {
        guard request.command.program == "ssh" else {
            lines.withLock { $0.append(request.command.description) }
            return CommandResult(.exited(0))
        }
        let line = request.command.arguments.last ?? ""
        if line == "sh" { return answers(String(decoding: request.input ?? .init(), as: UTF8.self)) }
        if let fault = faults.withLock({ $0.first { line.hasPrefix($0.key) }?.value }) { return fault }
        lines.withLock { $0.append(line) }
        if line.hasPrefix("apt-get update"), let known = mendsByNewLists.withLock({ $0 }) {
            mends.withLock { $0 = known }
        }
        return CommandResult(.exited(0))
    }

    func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }

    private func answers(_ script: String) -> CommandResult {
        let asked = script.split(separator: "\n").compactMap { line in
            line.range(of: " </dev/null").map { String(line[..<$0.lowerBound]) }
        }
        let told = asked.map { question in
            let text = answer(question)
            return "\(text ?? "no")\n\n@@deployctl \(text == nil ? 1 : 0)\n"
        }
        return CommandResult(.exited(0), output: "@@deployctl \n" + told.joined())
    }

    /// nil for no.
    private func answer(_ question: String) -> String? {
        let packages = question.split(separator: " ").map(String.init).filter(installed.contains)
            .map { "Package: \($0)\nStatus: install ok installed" }.joined(separator: "\n")
        let isMended = typed.contains { $0.hasSuffix(" --fix-broken") }
        let table: [(String, String?)] = [
            ("id -un", "root"), ("id -u", "0"),
            ("getent", "root:x:0:0::/root:/bin/sh\ndeploy:x:1:1::/home/deploy:/bin/sh"),
            ("cat /etc/os-release", "ID=debian\nVERSION_ID=\"12\""), ("uname", "x86_64"),
            ("ls -d /run/systemd", "/run/systemd/system"),
            ("dpkg-query", packages),
            (
                "env DEBIAN_FRONTEND=noninteractive apt-get install",
                isCutOff.withLock { $0 } && !isMended
                    ? mends.withLock { $0 }.map { "Inst \($0) (1.22 Debian:12 [amd64])" }.joined(
                        separator: "\n")
                    : ""
            ),
            ("dpkg --audit", isCutOff.withLock { $0 } && !isMended ? "not yet configured" : ""),
            ("id -nG", isDone("usermod") ? "deploy docker" : "deploy"),
            (
                "deployctl",
                isDone("dd of=/var/cache") ? "{\"version\":\"0.1.0\",\"schema\":12,\"commit\":null}" : nil
            ),
            ("ls /var/lib/systemd/linger", isDone("loginctl") ? "deploy" : ""),
            ("systemctl is-enabled", isDone("systemctl mask") ? "masked" : "enabled"),
            ("test -s /home/deploy/.ssh", ""),
            ("ls -d /home/deploy/deployctl", isDone("runuser") ? "there" : nil),
            ("ls -d /home/deploy/.config", isDone("deployctl boot install") ? "there" : nil),
        ]
        return table.first { question.hasPrefix($0.0) }.flatMap(\.1)
    }
}
