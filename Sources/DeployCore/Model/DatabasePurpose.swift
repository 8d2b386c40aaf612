/// What a database is for, from which its name follows.
public enum DatabasePurpose: Hashable, Sendable {
    /// Under the name the definition gives.
    case live
    /// Made by this deployment to become the live one.
    case next(Timestamp)
    /// A second copy that answers reads while names change.
    case reader(Timestamp)
    /// What was live before this deployment.
    case retired(Timestamp)
    /// Where this backup is proved.
    case proof(Timestamp)
    /// Where migrations are tried on this backup.
    case rehearsal(Timestamp)
    /// Another environment's data, restored by this deployment.
    case original(Timestamp)
    /// A copy of that on which the mask runs.
    case masked(Timestamp)

    /// What servers add to the definition's name at most; their names may have 63 bytes.
    static let longestSuffix = "__00000000000000_rehearsal".utf8.count

    /// Whether a server's database was made for a moment only, so that nothing is lost with it.
    static func isPassing(_ location: DatabaseLocation) -> Bool {
        ["_reader", "_proof", "_rehearsal", "_original", "_masked"].contains { location.name.ends(with: $0) }
    }

    func location(besideServer name: String) -> DatabaseLocation {
        switch self {
        case .live: DatabaseLocation(name)
        case .next(let timestamp): DatabaseLocation("\(name)__\(timestamp)")
        case .reader(let timestamp): DatabaseLocation("\(name)__\(timestamp)_reader")
        case .retired(let timestamp): DatabaseLocation("\(name)__\(timestamp)_retired")
        case .proof(let timestamp): DatabaseLocation("\(name)__\(timestamp)_proof")
        case .rehearsal(let timestamp): DatabaseLocation("\(name)__\(timestamp)_rehearsal")
        case .original(let timestamp): DatabaseLocation("\(name)__\(timestamp)_original")
        case .masked(let timestamp): DatabaseLocation("\(name)__\(timestamp)_masked")
        }
    }

    /// A file's live name is a link to the generation in use, so nothing is renamed.
    func location(besideFile link: String, scratch: String) -> DatabaseLocation {
        switch self {
        case .live: DatabaseLocation(link)
        case .next(let timestamp), .reader(let timestamp), .retired(let timestamp):
            DatabaseLocation("\(link).\(timestamp)")
        case .proof(let timestamp): DatabaseLocation("\(scratch)/\(timestamp).db")
        case .rehearsal(let timestamp): DatabaseLocation("\(scratch)/rehearsal/\(timestamp).db")
        case .original(let timestamp): DatabaseLocation("\(scratch)/\(timestamp)-original.db")
        case .masked(let timestamp): DatabaseLocation("\(scratch)/\(timestamp)-masked.db")
        }
    }
}
