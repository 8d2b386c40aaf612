import FoundationEssentials

/// Tries from inside each environment's services to reach the other environment; every try must fail.
///
/// The front door's ports are left out: they are there for everybody. That the tries themselves work is shown by
/// reaching a service of the own environment first.
public struct IsolationProof: Sendable {
    let workspace: Workspace

    private var ports: Ports { workspace.ports }

    public init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    /// One report for each way from one environment into another.
    public func reports(_ environments: [Environment]) -> [Finding] {
        environments.flatMap { from in
            environments.filter { $0.name != from.name }.flatMap { to in reports(from, to) }
        }
    }

    private func reports(_ from: Environment, _ to: Environment) -> [Finding] {
        let way = "isolation \(from.name) → \(to.name)"
        var found: [Finding] = []
        if from.serviceRuntime.isolates, to.serviceRuntime.isolates {
            found += services(way, from, to)
        } else {
            found.append(
                Finding(
                    id: "\(way) services",
                    verdict: .warned(
                        "what runs on the same machines reaches each other at their addresses",
                        next: "run both environments as containers: \"runtime\": {\"kind\": \"compose\", …}"))
            )
        }
        return found + [database(way, from, to)].compactMap(\.self)
    }
}

extension IsolationProof {
    private struct Try: Hashable {
        var kind: String
        var host: String
        var port: Int
    }

    private func services(_ way: String, _ from: Environment, _ to: Environment) -> [Finding] {
        do throws(DeployError) {
            let mine = try from.serviceRuntime.places(of: workspace.site(from))
            let theirs = try to.serviceRuntime.places(of: workspace.site(to))
            guard !theirs.isEmpty, let prober = mine.first(where: { !$0.isData }) ?? mine.first else {
                return [Finding(id: "\(way) services", verdict: .skipped("not both run"))]
            }
            guard let control = mine.first(where: { $0.id != prober.id && !$0.innerPorts.isEmpty }),
                reaches(from, prober, [Try(kind: "control", host: control.name, port: control.innerPorts[0])])
                    == [true]
            else {
                let why = "container \(prober.name) cannot even reach its own environment, or has no sh"
                return [
                    Finding(
                        id: "\(way) services",
                        verdict: .refused(
                            "nothing could be tried: \(why)", next: "deployctl status \(from.name)"))
                ]
            }
            return judge(way, from, prober, tries(from: prober, to: theirs, of: to))
        } catch {
            return [
                Finding(
                    id: "\(way) services",
                    verdict: .refused("\(error.what): \(error.why)", next: error.next))
            ]
        }
    }

    private func tries(
        from prober: ServicePlace, to theirs: [ServicePlace], of to: Environment
    )
        -> [Try]
    {
        var all: [Try] = []
        for place in theirs {
            for port in place.innerPorts {
                all += place.addresses.map { Try(kind: "address", host: $0, port: port) }
                all.append(Try(kind: "name", host: place.name, port: port))
            }
        }
        let doors = Set([to.ports["http"], to.ports["https"]].compactMap(\.self))
        let published = Set(theirs.flatMap(\.publishedPorts)).union(to.ports.values).subtracting(doors)
        for gateway in prober.gateways {
            all += published.sorted().map { Try(kind: "gateway", host: gateway, port: $0) }
        }
        return all
    }

    private func judge(
        _ way: String, _ from: Environment, _ prober: ServicePlace, _ tries: [Try]
    ) -> [Finding] {
        let reached = Set(zip(tries, reaches(from, prober, tries)).filter { $0.1 != false }.map(\.0))
        return ["name", "address", "gateway"].map { kind in
            let mine = tries.filter { $0.kind == kind }
            let open = mine.filter(reached.contains).map { "\($0.host):\($0.port)" }
            let verdict: Verdict =
                open.isEmpty
                ? .passed("\(mine.count) of \(mine.count) tries failed")
                : .refused(
                    "\(prober.name) reaches \(open.joined(separator: ", "))",
                    next: "publish ports on 127.0.0.1 only, and give each environment its own network")
            return Finding(id: "\(way) by \(kind)", verdict: verdict)
        }
    }

    /// Whether each can be connected to; nil where the container has nothing to try with.
    private func reaches(_ from: Environment, _ prober: ServicePlace, _ tries: [Try]) -> [Bool?] {
        let requests = tries.map { attempt in
            CommandRequest(
                from.serviceRuntime.command(
                    Command("sh", ["-c", Self.script, "sh", attempt.host, "\(attempt.port)"]), inside: prober),
                deadline: .seconds(15))
        }
        return ports.commands.runTogether(requests).map { result in
            switch result.ending {
            case .exited(0): true
            case .exited(1): false
            default: nil
            }
        }
    }

    /// Constant; host and port arrive as arguments.
    ///
    /// Ends with 0 when connected, 1 when not, 97 when it cannot try.
    private static let script = """
        if command -v bash >/dev/null && command -v timeout >/dev/null; then
            timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null && exit 0 || exit 1
        elif command -v nc >/dev/null; then
            nc -z -w 3 "$1" "$2" 2>/dev/null && exit 0 || exit 1
        elif command -v python3 >/dev/null; then
            python3 -c 'import socket, sys
        try: socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)
        except OSError: sys.exit(1)' "$1" "$2" && exit 0 || exit 1
        else
            exit 97
        fi
        """
}

extension IsolationProof {
    /// The other environment's server, asked with this environment's own credentials where it listens.
    private func database(_ way: String, _ from: Environment, _ to: Environment) -> Finding? {
        guard let own = from.database, var other = to.database, own.engine == other.engine,
            own.engine != .sqlite
        else { return nil }
        let id = "\(way) database"
        var asked = to
        other.port = to.databasePort
        (other.user, other.password, other.admin, other.service) = (own.user, own.password, nil, nil)
        asked.database = other
        let layout = workspace.site(asked).layout
        guard let live = layout.database(.live) else { return nil }
        let user = own.user ?? "the user"
        do throws(DeployError) {
            let verdict: Verdict =
                switch try ports.databases.engine(for: layout).reach(live) {
                case .there:
                    .refused(
                        "\(user) of \(from.name) opens \(live.name) of \(to.name)",
                        next: "take its rights there away")
                case .missing: .passed("\(user) of \(from.name) sees no \(live.name)")
                case .denied: .passed("\(user) of \(from.name) is refused by \(to.name)")
                }
            return Finding(id: id, verdict: verdict)
        } catch {
            return Finding(
                id: id,
                verdict: .warned("the try itself failed: \(error.what): \(error.why)", next: error.next))
        }
    }
}
