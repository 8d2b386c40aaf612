/// What one action of an ALTER TABLE does to those who use the table.
struct AlterRules {
    let engine: Environment.Database.Engine

    func why(_ action: SQLStatement, all actions: [SQLStatement]) -> String? {
        let verb = action.word(0)
        if verb == "RENAME" && !["INDEX", "KEY", "CONSTRAINT"].contains(action.word(1)) {
            return "RENAME takes the old name away \(HeavyRules.oldRelease)"
        }
        if verb == "DROP", dropsColumn(action) {
            let cost = engine == .sqlite ? ", and \(HeavyRules.rewrites)" : ""
            return "DROP COLUMN removes it \(HeavyRules.oldRelease)\(cost)"
        }
        return switch engine {
        case .sqlite: nil
        case .postgresql: postgresql(action)
        // The server itself refuses what it cannot do without holding others up.
        case .mysql: actions.contains(where: Self.promisesNoLock) ? nil : mysql(action)
        }
    }

    private func dropsColumn(_ action: SQLStatement) -> Bool {
        let others = [
            "CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK", "PARTITION", "EXPRESSION", "SYSTEM",
        ]
        return !others.contains(action.word(1))
    }

    private static func promisesNoLock(_ action: SQLStatement) -> Bool {
        action.word(0) == "ALGORITHM" && action.has("INSTANT")
            || action.word(0) == "LOCK" && action.has("NONE")
    }

    private func postgresql(_ action: SQLStatement) -> String? {
        switch action.word(0) {
        case "ADD":
            if Self.constraints.contains(action.word(1)) {
                return action.has("NOT", "VALID") || action.has("USING", "INDEX")
                    ? nil
                    : "ADD \(action.word(1)) \(HeavyRules.reads); NOT VALID and VALIDATE CONSTRAINT let them"
            }
            return action.fillsEachRow
                ? "ADD COLUMN with a value of its own for each row \(HeavyRules.rewrites)" : nil
        case "ALTER" where action.has("TYPE"): return "ALTER COLUMN TYPE \(HeavyRules.rewrites)"
        case "ALTER" where action.has("SET", "NOT", "NULL"):
            return "SET NOT NULL reads every row while nobody else can use the table"
        case "SET" where ["LOGGED", "UNLOGGED", "TABLESPACE"].contains(action.word(1)):
            return "SET \(action.word(1)) \(HeavyRules.rewrites)"
        case "SET" where action.has("SET", "ACCESS", "METHOD", at: 0):
            return "SET ACCESS METHOD \(HeavyRules.rewrites)"
        default: return nil
        }
    }

    private static let constraints = ["CONSTRAINT", "CHECK", "FOREIGN", "UNIQUE", "PRIMARY", "EXCLUDE"]

    private func mysql(_ action: SQLStatement) -> String? {
        let copies = "copies the table while nobody else can write"
        switch action.word(0) {
        case "MODIFY", "CHANGE": return "\(action.word(0)) \(copies) where it changes the type"
        case "CONVERT": return "CONVERT TO CHARACTER SET \(copies)"
        case "ENGINE", "ROW_FORMAT", "FORCE", "ORDER", "PARTITION", "REMOVE":
            return "\(action.word(0)) \(copies)"
        case "ADD": return added(action, copies)
        case "DROP" where action.word(1) == "PRIMARY": return "DROP PRIMARY KEY \(copies)"
        case "ALGORITHM" where action.has("COPY"): return "ALGORITHM=COPY \(copies)"
        case "LOCK" where action.has("SHARED") || action.has("EXCLUSIVE"):
            return "LOCK lets others wait until it ends"
        default: return nil
        }
    }

    private func added(_ action: SQLStatement, _ copies: String) -> String? {
        if action.has("FOREIGN", "KEY") { return "ADD FOREIGN KEY \(copies)" }
        if action.has("PRIMARY", "KEY") { return "ADD PRIMARY KEY \(copies)" }
        if action.has("CHECK") { return "ADD CHECK \(copies)" }
        if ["FULLTEXT", "SPATIAL"].contains(action.word(1)) {
            return "ADD \(action.word(1)) \(HeavyRules.reads)"
        }
        return action.has("AUTO_INCREMENT") || action.has("STORED") || action.has("PERSISTENT")
            ? "ADD COLUMN with a value of its own for each row \(copies)" : nil
    }
}

extension SQLStatement {
    /// PostgreSQL: whether an added column cannot be kept as one value for all old rows.
    fileprivate var fillsEachRow: Bool {
        if has("STORED") || has("AS", "IDENTITY") { return true }
        if ["SERIAL", "BIGSERIAL", "SMALLSERIAL"].contains(where: { has($0) }) { return true }
        guard let start = tokens.indices.first(where: { word($0) == "DEFAULT" }) else { return false }
        let same = ["NOW", "CURRENT_TIMESTAMP", "STATEMENT_TIMESTAMP", "TRANSACTION_TIMESTAMP"]
        let value = start + 1
        guard tokens.indices.contains(value + 1), tokens[value + 1] == .group else { return false }
        return !same.contains(word(value))
    }
}
