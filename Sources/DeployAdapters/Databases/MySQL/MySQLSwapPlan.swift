import DeployCore
import FoundationEssentials

/// What a swap does, decided before it changes anything; each statement may be repeated.
///
/// It lies in a file of deployctl's own, for the application may write in all of its databases.
struct MySQLSwapPlan: Codable, Equatable {
    var live: String
    var next: String
    /// nil where there is no live database to keep.
    var retired: String?
    /// Tables that leave the live database.
    var leaving: [String] = []
    /// Tables that become the live ones.
    var arriving: [String] = []
    /// Statements that make everything else again, for the application's user to run.
    var after: [String] = []

    init(
        live: String, next: String, retired: String, leaving old: MySQLDefinitions?,
        arriving new: MySQLDefinitions
    ) {
        (self.live, self.next, self.retired) = (live, next, old.map { _ in retired })
        leaving = old?.moved ?? []
        arriving = new.moved
        after = new.creation(in: live) + (old?.creation(in: retired) ?? [])
    }

    /// What an older version wrote into a table, of which only names and what the application's user may run is used.
    init(live: String, next: String, retired: String, former rows: [[String]]) {
        (self.live, self.next) = (live, next)
        let keeping = "CREATE DATABASE IF NOT EXISTS \(MySQLText.identifier(retired)) "
        self.retired = rows.contains { $0.last?.begins(with: keeping) == true } ? retired : nil
        for row in rows where row.count == 2 {
            switch row[0] {
            case "leaving": leaving.append(row[1])
            case "arriving": arriving.append(row[1])
            case "after": after.append(MySQLText.definedByRunner(row[1]))
            default: break
            }
        }
    }

    /// The plan of the swap that this database takes part in; nil when none began.
    static func saved(_ next: String, _ access: ServerAccess) throws(DeployError) -> MySQLSwapPlan? {
        let file = access.layout.swapPlan(of: next)
        return try access.files.read(file).map { data throws(DeployError) in
            try JSON.value(MySQLSwapPlan.self, from: data, named: file)
        }
    }

    func save(_ access: ServerAccess) throws(DeployError) {
        let file = access.layout.swapPlan(of: next)
        try access.files.makeFolder(access.layout.swaps)
        try access.files.publish(try JSON.data(self), to: file)
    }

    /// Forgets what was to become of a database that is gone or made anew.
    static func forget(_ next: String, _ access: ServerAccess) throws(DeployError) {
        try access.files.remove(access.layout.swapPlan(of: next))
    }
}
