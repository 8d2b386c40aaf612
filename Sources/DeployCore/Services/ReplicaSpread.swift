/// A service as one address, over whose replicas nginx spreads requests.
///
/// One that takes no connection is passed over at once, and what it had begun and may be asked twice the next one answers. Where
/// none takes one, the keeper's waiting room does; without a keeper the answer is 502.
struct ReplicaSpread {
    /// Where each service of the definition is asked, as nginx writes it, by its name there.
    private(set) var addresses: [String: String] = [:]
    /// For all servers of a front.
    private(set) var lines: [String] = []
    /// Shorter than servers commonly wait for the next request, so that they seldom end a connection first.
    private static let idle = "4s"

    /// Spreads requests over each service's replicas, then sends them to where its visitors wait.
    ///
    /// `own`: where each listens, as nginx writes it, by name; those that do not are missing. `room`: where visitors of a service wait.
    init(_ services: [Service], at own: [String: String], room: (String) -> String) {
        var members: [String: [String]] = [:]
        for service in services {
            guard let address = own[service.name] else { continue }
            let whole = service.definedName
            members[whole, default: []].append(Self.line(service.name, at: address))
        }
        guard !members.isEmpty else { return }
        lines = ["proxy_next_upstream error;", "fastcgi_next_upstream error;", KeptWay.known]
        for (whole, servers) in members.sorted(by: { $0.key < $1.key }) {
            let waiting = "server \(NginxText.quoted("unix:\(room(whole))")) backup max_fails=0;"
            let isKept = services.contains {
                $0.definedName == whole && $0.isKeptAlive && $0.fastCGI == nil
            }
            let way = KeptWay(
                name: "service.\(whole)", servers: servers, backups: [waiting],
                kept: isKept ? (servers, [waiting]) : nil, idle: Self.idle)
            addresses[whole] = way.address
            lines += way.lines
        }
    }

    /// Never given up for a while: all of them would be when they are restarted one after the other.
    private static func line(_ name: String, at address: String) -> String {
        "server \(address.begins(with: "unix:") ? NginxText.quoted(address) : address) max_fails=0\(asked(name))"
    }

    private static func asked(_ name: String) -> String { "; # \(name)" }
    private static func passedOver(_ name: String) -> String { " down; # \(name)" }

    /// A front's file with a replica asked, or passed over.
    static func text(_ text: String, asking name: String, _ isAsked: Bool) -> String {
        text.split(at: "\n", keepsEmpty: true).map { line in
            guard let rest = line.before(passedOver(name)) ?? line.before(asked(name)) else {
                return String(line)
            }
            return rest + (isAsked ? asked(name) : passedOver(name))
        }.joined(separator: "\n")
    }
}
