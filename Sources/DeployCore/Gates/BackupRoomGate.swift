/// There is room for the backup, its proof and the rehearsal beside the database.
public struct BackupRoomGate: Gate {
    public let id = "backup-room"

    public init() {}

    /// Backup, scratch copy of the proof and of the rehearsal, a tenth more for growth.
    static func needed(for bytes: Int64) -> Int64 { bytes * 33 / 10 + 16 * 1_048_576 }

    public func judge(_ facts: PromotionFacts) -> Verdict {
        guard facts.data.needsBackup else {
            return .skipped("there is nothing to back up before this deployment")
        }
        guard let free = facts.data.freeBytes, let bytes = facts.data.bytes else {
            return .refused("the free space is not known", next: "deployctl doctor")
        }
        let needed = Self.needed(for: bytes)
        guard free >= needed else {
            return .refused(
                "\(free.megabytes) free, needed are \(needed.megabytes)",
                next: "deployctl backup prune \(facts.target), or free space for \(facts.data.backupFolder)")
        }
        return .passed("\(free.megabytes) free, needed are \(needed.megabytes)")
    }
}

extension Int64 {
    /// Whole megabytes, rounded up.
    var megabytes: String { "\((self + 999_999) / 1_000_000) MB" }
}
