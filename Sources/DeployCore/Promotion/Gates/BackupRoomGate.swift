/// There is room for the backup, its proof and the rehearsal beside the database.
struct BackupRoomGate: Gate {
    let id = "backup-room"

    init() {}

    func judge(_ facts: PromotionFacts) -> Verdict {
        guard facts.data.needsBackup else {
            return .skipped("there is nothing to back up before this deployment")
        }
        guard let free = facts.data.freeBytes, let bytes = facts.data.bytes else {
            return .refused("the free space is not known", next: "deployctl doctor")
        }
        let needed = DataRoom.needed(for: bytes)
        guard free >= needed else {
            return .refused(
                "\(free.wholeMegabytes) free, needed are \(needed.megabytes)",
                next: "deployctl backup prune \(facts.target), or free space for \(facts.data.backupFolder)")
        }
        return .passed("\(free.wholeMegabytes) free, needed are \(needed.megabytes)")
    }
}
