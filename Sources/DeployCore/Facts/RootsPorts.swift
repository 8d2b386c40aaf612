/// The low ports of the machine, at which only root or a nginx that was given the right may listen.
struct RootsPorts {
    let site: Site

    private var environment: Environment { site.environment }

    private static let setting = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
    private static let nginx = "/usr/sbin/nginx"
    /// CAP_NET_BIND_SERVICE, as a bit of what a process hands on.
    private static let right: UInt64 = 1 << 10

    /// Those the environment is to be reached at and this account's nginx may not open, lowest first.
    var closed: [Int] {
        guard !site.ports.processes.runsAsRoot, environment.runtime.strategy != .recreate else { return [] }
        let shared = environment.sharedPorts
        let byName =
            environment.hosts.isEmpty
            ? [] : [shared.http] + (environment.tls == nil ? [] : [shared.https])
        let start = text(Self.setting).flatMap { Int($0.trimmed) } ?? 0
        let low = Set(environment.edgePorts + byName).filter {
            $0 < start && !site.ports.processes.isTaken($0, on: "0.0.0.0")
        }
        return low.isEmpty || handsOnTheRight || nginxHasTheRight ? [] : low.sorted()
    }

    private func text(_ path: String) -> String? {
        ((try? site.ports.files.read(path, from: 0, limit: 8192)) ?? nil).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private var handsOnTheRight: Bool {
        let line = text("/proc/self/status")?.lines.first { $0.begins(with: "CapAmb:") }
        return line.flatMap { UInt64($0.dropFirst(7).trimmed, radix: 16) }.map { $0 & Self.right != 0 }
            ?? false
    }

    private var nginxHasTheRight: Bool {
        let request = CommandRequest(Command("getcap", [Self.nginx]), deadline: .seconds(5))
        return site.ports.commands.run(request).output.holds("cap_net_bind_service")
    }

    /// As a sentence without its full stop; nil where none is closed.
    var complaint: String? {
        let closed = closed.map { "\($0)" }
        guard let first = closed.first else { return nil }
        let list = closed.count == 1 ? "port \(first)" : "ports \(closed.joined(separator: " and "))"
        return "only root may listen at \(list) of this machine"
    }

    /// What opens them.
    var next: String {
        "as root: echo net.ipv4.ip_unprivileged_port_start=\(closed.first ?? 80) >/etc/sysctl.d/60-deployctl.conf; "
            + "sysctl --system, or setcap cap_net_bind_service=+ep \(Self.nginx)"
    }

    /// - Throws: `.gateRefused` naming the ways out, before anything was changed.
    func refuse() throws(DeployError) {
        guard let complaint else { return }
        throw DeployError(
            .gateRefused, what: "\(environment.name) cannot have its ports", why: complaint, next: next)
    }
}
