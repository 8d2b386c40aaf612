/// What a swap does, decided before it changes anything; each statement may be repeated.
struct MySQLSwapPlan {
    /// Tables that leave the live database.
    var leaving: [String] = []
    /// Tables that become the live ones.
    var arriving: [String] = []
    var before: [String] = []
    var after: [String] = []

    init(
        live: String, next: String, retired: String, leaving old: MySQLDefinitions?,
        arriving new: MySQLDefinitions
    ) {
        leaving = old?.moved ?? []
        arriving = new.moved
        if let old { before += [old.makingDatabase(retired)] + old.removal(from: live) }
        before += [new.makingDatabase(live)] + new.removal(from: next)
        after += new.creation(in: live) + (old?.creation(in: retired) ?? [])
    }

    init(rows: [(kind: String, text: String)]) {
        for row in rows {
            switch row.kind {
            case "leaving": leaving.append(row.text)
            case "arriving": arriving.append(row.text)
            case "before": before.append(row.text)
            default: after.append(row.text)
            }
        }
    }

    var rows: [(kind: String, text: String)] {
        leaving.map { ("leaving", $0) } + arriving.map { ("arriving", $0) } + before.map { ("before", $0) }
            + after.map { ("after", $0) }
    }
}
