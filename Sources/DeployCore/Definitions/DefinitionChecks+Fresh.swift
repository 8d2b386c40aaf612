extension DefinitionChecks {
    mutating func checkFresh() {
        guard let fresh = tree["database"]?["fresh"] else { return }
        if tree["promotion"] != nil {
            refuse(
                fresh, "database.fresh", "would empty an environment that releases are promoted to",
                "remove it; \"fresh\": null takes away what an extended file says")
        }
        guard let from = fresh["from"], let text = from.text else { return }
        switch FreshSource(text) {
        case .migrations:
            if tree["migrations"] == nil {
                refuse(
                    fresh, "database.fresh", "needs migrations to fill the database",
                    "add \"migrations\", or remove it")
            }
            refuseMask(fresh)
        case .file: refuseMask(fresh)
        case .environment(let origin):
            checkOrigin(from, origin)
            checkMask(fresh)
        }
    }

    private mutating func refuseMask(_ fresh: Located) {
        for key in ["mask", "masked"] {
            guard let value = fresh[key] else { continue }
            refuse(
                value, "database.fresh.\(key)", "has a meaning only for another environment's backup",
                "remove it, or write \"from\": \"production\"")
        }
    }

    private mutating func checkOrigin(_ from: Located, _ origin: String) {
        if origin == name {
            refuse(
                from, "database.fresh.from", "names the environment itself",
                "name the environment whose backup is wanted")
        } else if !environments.contains(origin) {
            let nearest = Nearest.word(to: origin, in: environments + ["migrations"])
            refuse(
                from, "database.fresh.from", "there is no environment \"\(Shown.text(origin))\"",
                nearest.map { "write \"\($0)\"" } ?? "write \"migrations\", or a file such as \"db/seed.sql\""
            )
        }
    }

    private mutating func checkMask(_ fresh: Located) {
        guard let masked = fresh["masked"] else {
            return refuse(
                fresh, "database.fresh.masked", "is missing; real data must not arrive by accident",
                "list the columns to mask, such as \"users.email\"; [] lets data come as it is")
        }
        if !masked.items.isEmpty, fresh["mask"]?.items.isEmpty ?? true {
            refuse(
                masked, "database.fresh.masked", "nothing would mask these columns",
                "add \"mask\": [\"db/mask.sql\"]")
        }
        guard tree["database"]?["engine"]?.text != Environment.Database.Engine.postgresql.rawValue else {
            return
        }
        for (index, item) in masked.items.enumerated() {
            guard let text = item.text, ColumnName(parsing: text)?.schema != nil else { continue }
            refuse(
                item, "database.fresh.masked[\(index)]", "names a schema, which only postgresql has",
                "write \"users.email\"; put a name with a dot in double quotes")
        }
    }
}

/// What `database.fresh.from` says.
enum FreshSource: Hashable {
    case migrations
    case file(String)
    case environment(String)

    init(_ text: String) {
        if text == "migrations" {
            self = .migrations
        } else if text.ends(with: ".sql") {
            self = .file(text)
        } else {
            self = .environment(text)
        }
    }
}
