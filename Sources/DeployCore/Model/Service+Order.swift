extension Service {
    /// How a service is asked to end, and how long it may take.
    public struct Stop: Hashable, Codable, Sendable {
        /// A signal that asks, by its name without `SIG`.
        public enum Signal: String, CaseIterable, Codable, Sendable {
            case TERM, INT, QUIT, HUP, USR1, USR2, WINCH
        }

        var signal: Signal = .TERM
        /// nil: the environment's `drain`.
        var timeout: Duration?
    }
}

extension Environment {
    /// App services in the order they are started in: each after those it names, else as the definition has them.
    var startOrder: [Service] {
        var (ordered, left): ([Service], [Service]) = ([], appServices)
        while let place = left.firstIndex(where: { service in
            !service.after.contains { name in left.contains { $0.name == name } }
        }) {
            ordered.append(left.remove(at: place))
        }
        return ordered + left
    }

    /// Names of services in the order they end in: those of one group together, and none before who came after it.
    func stopOrder(of names: [String]) -> [[String]] {
        var (groups, left): ([[String]], [String]) = ([], names)
        while !left.isEmpty {
            let needed = Set(appServices.filter { left.contains($0.name) }.flatMap(\.after))
            let ready = left.filter { !needed.contains($0) }
            groups.append(ready.isEmpty ? left : ready)
            left.removeAll(where: (groups.last ?? []).contains)
        }
        return groups
    }

    /// App services of which never two may run at once.
    var solitary: [Service] { appServices.filter { !$0.overlaps } }

    /// App services that take their work from somewhere else, and that none waits for: beside the live ones they would take
    /// work of theirs.
    var workers: [Service] {
        let needed = Set(services.flatMap(\.after))
        return appServices.filter { $0.listen == .none && !needed.contains($0.name) }
    }

    /// App services that others wait for.
    var awaited: [Service] {
        let names = Set(appServices.flatMap(\.after))
        return appServices.filter { names.contains($0.name) }
    }
}
