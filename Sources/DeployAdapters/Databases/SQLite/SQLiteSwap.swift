import DeployCore

/// Renames both files; where `next` is gone it was done before.
struct SQLiteSwap {
    let live: String
    let next: String
    let retired: String

    func run() throws(DeployError) {
        let files = LocalFileStore()
        guard files.kind(of: next) != nil else { return }
        if files.kind(of: live) != nil { try files.rename(live, to: retired) }
        try files.rename(next, to: live)
    }
}
