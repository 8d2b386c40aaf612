extension DefinitionChecks {
    /// As it is written; nil where it is not.
    var runtimeKind: String? { (tree["runtime"]?["kind"] ?? tree["runtime"])?.text }

    /// Whether the project's Compose file says how services run.
    var usesComposeFile: Bool { runtimeKind == Environment.Runtime.Kind.compose.rawValue || isSwarm }

    mutating func checkRuntime() {
        guard let runtime = tree["runtime"], !isOwnTool else { return }
        switch (usesComposeFile, runtime["file"]) {
        case (true, nil):
            refuse(
                runtime, "runtime.file", "is missing; \(runtimeKind ?? "") needs it",
                "write {\"kind\": \"\(runtimeKind ?? "")\", \"file\": \"compose.yml\"}")
        case (false, let file?):
            refuse(file, "runtime.file", "has no meaning for the process runtime", "remove it")
        default: break
        }
    }

    mutating func checkDatabase() {
        guard let database = tree["database"] else { return }
        switch database["engine"]?.text.flatMap(Environment.Database.Engine.init) {
        case .sqlite: checkFile(database)
        case .mysql, .postgresql: checkServer(database)
        case nil: break
        }
    }

    private mutating func checkFile(_ database: Located) {
        if database["file"] == nil {
            refuse(database, "database.file", "is missing; sqlite needs it", "add \"file\": \"data/app.db\"")
        }
        for key in ["host", "port", "name", "user", "password", "admin", "service"] {
            guard let value = database[key] else { continue }
            refuse(value, "database.\(key)", "is for a database server; sqlite has only a file", "remove it")
        }
    }

    private mutating func checkServer(_ database: Located) {
        if let file = database["file"] {
            refuse(file, "database.file", "is for sqlite; a server's database has a name", "remove it")
        }
        for key in ["name", "user"] where database[key] == nil {
            refuse(
                database, "database.\(key)", "is missing; a database server needs it",
                "add \"\(key)\": \"shop\"")
        }
        let room = 63 - DatabasePurpose.longestSuffix
        if let name = database["name"], let text = name.text, text.utf8.count > room {
            refuse(
                name, "database.name",
                "has \(text.utf8.count) bytes; copies beside it need a longer name, so \(room) is the limit",
                "shorten it")
        }
        guard let service = database["service"] else { return }
        let named = tree["services"]?.members.first { $0.key == service.text }
        if !usesComposeFile || named?.value["role"]?.text != Service.Role.data.rawValue {
            refuse(
                service, "database.service", "names no data service of a Compose project",
                "give \"host\" and \"port\" instead, or name a service with \"role\": \"data\"")
        }
    }

    /// What a backup includes must exist, and rows must not be left behind by the files they speak of.
    mutating func checkIncluded() {
        guard let include = tree["backup"]?["include"] else { return }
        let shared = tree["shared"]?.texts ?? []
        let file = tree["database"]?["file"]?.text
        for item in include.items {
            guard let name = item.text, name != "database" else { continue }
            if !shared.contains(name) {
                refuse(
                    item, "backup.include", "names \(name), which is no shared folder",
                    "write \"database\" or a folder of \"shared\": \(shared.joined(separator: ", "))")
            } else if let file, file == name || file.begins(with: "\(name)/") {
                refuse(
                    item, "backup.include", "names the folder of the database's file",
                    "\"database\" backs it up; keep other files in another folder")
            }
        }
        if tree["database"] != nil, !include.texts.contains(where: { $0 == "database" }) {
            refuse(
                include, "backup.include", "leaves the database out; its rows speak of these files",
                "add \"database\"")
        }
        if tree["database"] == nil, let item = include.items.first(where: { $0.text == "database" }) {
            refuse(item, "backup.include", "names a database, and there is none", "remove \"database\"")
        }
    }
}
