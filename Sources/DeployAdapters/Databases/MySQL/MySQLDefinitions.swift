import DeployCore

/// How to make again what stands in a database and is no table.
struct MySQLDefinitions {
    private struct Definition {
        var kind: String
        var name: String
        var text: String
        var mode: String
        var characterSet: String
        var collation: String
        var timeZone: String?
    }

    private let structure: MySQLStructure
    private var definitions: [Definition] = []

    init(_ structure: MySQLStructure, asking ask: MySQLSummary.Ask) throws(DeployError) {
        self.structure = structure
        for routine in structure.routines {
            let rows = try ask("SHOW CREATE \(routine.kind) \(MySQLText.identifier(routine.name));")
            try add(routine.kind, routine.name, rows, mode: 1, text: 2, characterSet: 3)
        }
        for view in structure.tables where view.type == "VIEW" {
            let rows = try ask("SHOW CREATE VIEW \(MySQLText.identifier(view.name));")
            try add("VIEW", view.name, rows, mode: nil, text: 1, characterSet: 2)
        }
        for row in structure.triggers {
            definitions.append(
                Definition(
                    kind: "TRIGGER", name: row[0], text: Self.trigger(row), mode: row[7],
                    characterSet: row[8],
                    collation: row[9]))
        }
        for event in structure.events {
            let rows = try ask("SHOW CREATE EVENT \(MySQLText.identifier(event));")
            try add("EVENT", event, rows, mode: 1, text: 3, characterSet: 4)
            definitions[definitions.count - 1].timeZone = rows.first?[2]
        }
    }

    /// The same, with events as they are to be where the other place is.
    func moved(from source: MySQLEventPlace, to target: MySQLEventPlace) -> MySQLDefinitions {
        var copy = self
        for index in copy.definitions.indices where copy.definitions[index].kind == "EVENT" {
            copy.definitions[index].text = MySQLEventHead.moved(
                copy.definitions[index].text, from: source, to: target)
        }
        return copy
    }

    /// Names of what is renamed.
    var moved: [String] { structure.tables.filter { $0.type != "VIEW" }.map(\.name) }

    func removal(from database: String) -> [String] {
        definitions.map {
            "DROP \($0.kind) IF EXISTS \(MySQLText.identifier(database)).\(MySQLText.identifier($0.name));"
        }
    }

    /// What the application's user runs, whose everything is then.
    ///
    /// Views may name each other, so each first exists as a placeholder with the right columns.
    func creation(in database: String) -> [String] {
        let name = MySQLText.identifier(database)
        let placeholders = structure.tables.filter { $0.type == "VIEW" }.map { view in
            let columns = view.columns.map { "1 AS \(MySQLText.identifier($0.name))" }
            return
                "CREATE OR REPLACE VIEW \(name).\(MySQLText.identifier(view.name)) AS SELECT \(columns.joined(separator: ", "));"
        }
        return ["ALTER DATABASE \(name) \(characterSet);", "USE \(name);"] + placeholders
            + definitions.flatMap(Self.creation)
    }

    /// Makes those that run again as a copy has them, and no other.
    func eventsPaused(in database: String) -> [String] {
        let running = definitions.filter { definition in
            definition.kind == "EVENT"
                && MySQLEventHead(Array(definition.text.utf8), at: 0)?.state == "ENABLE"
        }
        let paused = running.map { definition in
            var copy = definition
            copy.text = MySQLEventHead.moved(definition.text, from: .live, to: .copy)
            return copy
        }
        return ["USE \(MySQLText.identifier(database));"] + paused.flatMap(Self.creation)
    }

    private var characterSet: String {
        "CHARACTER SET \(structure.characterSet) COLLATE \(structure.collation)"
    }

    private static func creation(_ definition: Definition) -> [String] {
        let name = MySQLText.identifier(definition.name)
        let original =
            definition.characterSet.begins(with: "utf8") || definition.text.utf8.allSatisfy { $0 < 128 }
        let characterSet =
            original
            ? "SET character_set_client = \(definition.characterSet), collation_connection = \(definition.collation);"
            : "SET NAMES utf8mb4;"
        let zone = definition.timeZone ?? "+00:00"
        let settings = "SET SESSION sql_mode = '\(definition.mode)', time_zone = '\(zone)';"
        // The client keeps fifteen bytes of a delimiter.
        let delimiter = String(RandomWord.make("").prefix(15))
        let removal = definition.kind == "VIEW" ? [] : ["DROP \(definition.kind) IF EXISTS \(name);"]
        return removal + [
            "\(settings) \(characterSet)", "DELIMITER \(delimiter)",
            MySQLText.definedByRunner(definition.text),
            delimiter,
            "DELIMITER ;",
            "SET NAMES utf8mb4;",
        ]
    }

    /// From its parts: the text it was made with may name another database.
    private static func trigger(_ row: [String]) -> String {
        let (user, host) = row[6].cutLast(at: "@") ?? (row[6][...], "")
        let definer = "\(MySQLText.identifier(String(user)))@\(MySQLText.identifier(String(host)))"
        return
            "CREATE DEFINER = \(definer) TRIGGER \(MySQLText.identifier(row[0])) \(row[1]) \(row[2]) ON \(MySQLText.identifier(row[3])) FOR EACH ROW \(row[5])"
    }

    private mutating func add(
        _ kind: String, _ name: String, _ rows: [[String]], mode: Int?, text: Int, characterSet: Int
    ) throws(DeployError) {
        guard let row = rows.first, row.count > characterSet + 1 else {
            throw DeployError(
                .stepFailed, what: "\(kind) \(name) cannot be read",
                why: "the server does not show its definition",
                next: "give the database's administrator the right to see it")
        }
        let definition =
            kind == "VIEW" ? "CREATE OR REPLACE \(row[text].after("CREATE ") ?? "")" : row[text]
        definitions.append(
            Definition(
                kind: kind, name: name, text: definition, mode: mode.map { row[$0] } ?? "",
                characterSet: row[characterSet], collation: row[characterSet + 1]))
    }
}

extension MySQLServer {
    func definitions(of database: String) throws(DeployError) -> MySQLDefinitions {
        let session = try session(in: database)
        let structure = MySQLStructure(try session.ask(MySQLStructure.question(about: database)))
        return try MySQLDefinitions(structure) { sql throws(DeployError) in try session.ask(sql) }
    }
}
