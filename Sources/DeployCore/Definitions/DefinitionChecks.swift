/// What no single key can show: keys that need, exclude or name one another.
struct DefinitionChecks {
    let name: String
    let tree: Located
    /// The environments `promotion.from` may name.
    let environments: [String]
    private(set) var problems: [DefinitionProblem] = []

    init(name: String, tree: Located, environments: [String]) {
        self.name = name
        self.tree = tree
        self.environments = environments
    }

    mutating func run() {
        checkServices()
        checkVariables()
        checkPorts()
        checkHosts()
        checkTLS()
        checkRuntime()
        checkOwnTool()
        checkSwarm()
        checkMachines()
        checkUser()
        checkLimits()
        checkDatabase()
        checkIncluded()
        checkCopies()
        checkEncryption()
        checkFresh()
        checkMigrations()
        checkPromotion()
        checkPromotionRules()
        checkSchedules()
        checkRoutes()
        checkHooks()
        checkHeaders()
        checkLogs()
        checkChecks()
        checkTrust()
        checkRepeats()
        checkNested()
        checkFiles()
    }

    private mutating func checkMigrations() {
        guard let migrations = tree["migrations"] else { return }
        switch (migrations["directory"], migrations["command"]) {
        case (nil, nil):
            refuse(migrations, "migrations", "says not how to migrate", "write \"directory\" or \"command\"")
        case (let directory?, _?):
            refuse(
                directory, "migrations.directory", "stands beside \"command\", but only one can be used",
                "keep one; \"directory\": null takes away what an extended file says")
        case (_?, nil):
            guard let status = migrations["status"] else { return }
            refuse(status, "migrations.status", "belongs to \"command\", which is not set", "remove it")
        case (nil, _?): break
        }
    }

    private mutating func checkPromotion() {
        guard let promotion = tree["promotion"] else { return }
        guard promotion.member("from") != nil else {
            return refuse(
                promotion, "promotion.from", "is missing", "write \"from\", or \"promotion\": null for none")
        }
        guard let from = promotion["from"], let origin = from.text else { return }
        if origin == name {
            refuse(
                from, "promotion.from", "names the environment itself",
                "name the environment that is deployed before")
        } else if !environments.contains(origin) {
            let nearest = Nearest.word(to: origin, in: environments) ?? environments.first { $0 != name }
            refuse(
                from, "promotion.from", "there is no environment \"\(Shown.text(origin))\"",
                nearest.map { "write \"\($0)\"" } ?? "create its definition beside this one")
        }
    }

    /// A name twice in a list is a slip: the second one would do nothing.
    private mutating func checkRepeats() {
        let lists = ["shared", "volumes", "branches", "sharedOnPurpose", "host", "hosts", "packages"].map {
            ($0, tree[$0])
        }
        for (key, list) in lists + [("front.listen", tree["front"]?["listen"])] {
            var seen: Set<String> = []
            for (index, item) in (list?.items ?? []).enumerated() {
                guard let text = item.text, !seen.insert(text).inserted else { continue }
                refuse(
                    item, "\(key)[\(index)]", "\"\(Shown.text(text))\" is in the list twice",
                    "remove one of the two")
            }
        }
    }

    /// A folder that is a link cannot hold another link of its own.
    private mutating func checkNested() {
        let shared = tree["shared"]?.items ?? []
        for (index, item) in shared.enumerated() {
            guard let text = item.text,
                let outer = shared.compactMap(\.text).first(where: { text.begins(with: "\($0)/") })
            else { continue }
            refuse(
                item, "shared[\(index)]",
                "\"\(Shown.text(text))\" lies in \"\(Shown.text(outer))\", which is shared already",
                "remove it")
        }
        checkDatabaseFolder(shared.compactMap(\.text))
    }

    /// Who writes a folder could put a link in the way to what lies in it, and deployctl would go that way.
    private mutating func checkDatabaseFolder(_ shared: [String]) {
        guard usesComposeFile || tree["user"] != nil, let file = tree["database"]?["file"],
            let text = file.text
        else { return }
        let next = "give it a folder of its own: \"file\": \"data/\(Path.name(text))\""
        let folder = Path.parent(text)
        if let outer = shared.first(where: { folder.begins(with: "\($0)/") }) {
            refuse(
                file, "database.file",
                "lies in a folder inside \"\(Shown.text(outer))\", where services could lead deployctl elsewhere",
                next)
        } else if folder == ".", usesComposeFile || !shared.isEmpty {
            refuse(
                file, "database.file",
                "lies beside the shared folders, which services could then exchange for links", next)
        }
    }

    mutating func refuse(_ value: Located, _ path: String, _ what: String, _ next: String) {
        refuse(at: value.location, path, what, next)
    }

    mutating func refuse(at location: SourceLocation, _ path: String, _ what: String, _ next: String) {
        guard problems.count < DefinitionProblem.limit else { return }
        problems.append(DefinitionProblem(at: location, path: path, what: what, next: next))
    }
}
