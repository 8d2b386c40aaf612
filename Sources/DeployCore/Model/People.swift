/// Everybody who ever made, deployed or approved something, each once, whatever they call themselves.
public struct People: Hashable, Sendable {
    private struct Member: Hashable, Sendable {
        var name: String
        /// Empty for one whom only an earlier version recorded, by name.
        var uids: Set<UInt32>
    }
    private var members: [Member] = []

    /// `seen`: every name that was recorded, with the account beside it; nil where an earlier version wrote it.
    public init(_ seen: [(name: String, who: Who?)] = []) {
        for one in seen where one.who != nil { add(one.name, one.who) }
        for one in seen where one.who == nil { add(one.name, nil) }
    }

    public mutating func add(_ name: String, _ who: Who?) {
        let uids = who?.uids ?? []
        let known = members.firstIndex { uids.isEmpty ? $0.name == name : !$0.uids.isDisjoint(with: uids) }
        if let known {
            members[known].uids.formUnion(uids)
        } else {
            members.append(Member(name: name, uids: uids))
        }
    }

    public var areMany: Bool { members.count > 1 }

    /// The names of everybody but this one, in order.
    public func others(than name: String, _ who: Who?) -> [String] {
        let uids = who?.uids ?? []
        return members.filter {
            $0.uids.isEmpty || uids.isEmpty ? $0.name != name : $0.uids.isDisjoint(with: uids)
        }
        .map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
