/// Turns a checked tree into an environment, filling in the defaults.
///
/// Problems are found elsewhere; what is wrong is left at its default here.
struct EnvironmentBuilder {
    let name: String
    let tree: Located

    func build() -> Environment {
        var environment = Environment(name: name, project: tree["project"]?.text ?? "")
        environment.purpose = tree["purpose"]?.text
        environment.url = tree["url"]?.text
        if let source = tree["source"] {
            environment.source = Environment.Source(
                repository: source["repository"]?.text ?? ".", tag: source["tag"]?.flag ?? true)
        }
        environment.build = vectors("build")
        environment.releaseCommands = vectors("release")
        environment.services = replicated(tree["services"]?.members.map(service) ?? [])
        environment.sharedFolders = tree["shared"]?.texts ?? []
        environment.runtime = runtime()
        if environment.runtime.kind == .command { environment.services = handed(environment.services) }
        environment.user = tree["user"]?.text
        environment.packages = tree["packages"]?.texts ?? []
        environment.network = tree["network"]?.text
        environment.volumes = tree["volumes"]?.texts ?? []
        environment.ports = values("ports", \.integer)
        environment.hosts = tree["hosts"]?.texts ?? []
        environment.headers = values("headers", \.text)
        environment.branches = tree["branches"]?.texts ?? environment.branches
        addLogs(to: &environment)
        environment.sharedOnPurpose = tree["sharedOnPurpose"]?.texts ?? []
        environment.front = front()
        environment.limits = limits(tree["limits"])
        environment.drain = duration(tree["drain"]) ?? environment.drain
        environment.watch = duration(tree["watch"]) ?? environment.watch
        environment.keepReleases = tree["keepReleases"]?.integer ?? environment.keepReleases
        addData(to: &environment)
        addPromotion(to: &environment)
        environment.url = environment.url ?? environment.addressByName
        return environment
    }

    private func addData(to environment: inout Environment) {
        environment.migrations = migrations()
        environment.migrationLimit = duration(tree["migrations"]?["limit"])
        environment.database = database()
        environment.variables = values("variables", \.text)
        environment.features = values("features", \.featureShare)
        environment.secrets = values("secrets", \.secretSource)
        environment.linkedFiles = values("files") { $0["file"]?.text }
        environment.schedules = schedules()
        environment.hooks = hooks()
        environment.routes = routes()
        environment.tls = tls()
        guard let backup = tree["backup"] else { return }
        environment.backup.verify =
            backup["verify"]?.text.flatMap(Environment.BackupRules.Verification.init)
            ?? environment.backup.verify
        environment.backup.directory = backup["directory"]?.text ?? environment.backup.directory
        environment.backup.folders = (backup["include"]?.texts ?? []).filter { $0 != "database" }
        if let encrypt = backup["encrypt"],
            let tool = encrypt["with"]?.text.flatMap(Environment.BackupRules.Encryption.Tool.init(rawValue:))
        {
            environment.backup.encryption = .init(
                tool: tool, recipients: encrypt["recipients"]?.texts ?? [],
                identity: encrypt["identity"]?.text)
        }
        environment.backup.copies = (backup["copy"]?.items ?? []).map { item in
            guard case .object = item.content else { return .init(command: item.texts) }
            return .init(
                command: item["command"]?.texts ?? [], fetch: item["fetch"]?.texts,
                required: item["required"]?.flag ?? true)
        }
        guard let keep = backup["keep"] else { return }
        environment.backup.keep = Environment.Retention(
            last: keep["last"]?.integer ?? environment.backup.keep.last, age: duration(keep["for"]),
            within: keep["within"]?.text.flatMap(SizeText.parse), daily: keep["daily"]?.integer,
            weekly: keep["weekly"]?.integer, monthly: keep["monthly"]?.integer)
    }

    private func addPromotion(to environment: inout Environment) {
        environment.promotion = PromotionBuilder(tree: tree).promotion()
        environment.checks = PromotionBuilder(tree: tree).checks()
        let isPromotedTo = environment.promotion != nil
        environment.backup.beforeDeploy = tree["backup"]?["beforeDeploy"]?.flag ?? isPromotedTo
        if let confirmation = tree["confirmation"] {
            environment.confirmation = Environment.Confirmation(
                phrase: confirmation["phrase"]?.text ?? "CONFIRM",
                nonInteractive: confirmation["nonInteractive"]?.text
                    .flatMap(Environment.Confirmation.NonInteractive.init) ?? .phrase)
        } else if isPromotedTo, tree.member("confirmation") == nil {
            environment.confirmation = Environment.Confirmation()
        }
    }

    private func service(_ member: Located.Member) -> Service {
        let value = member.value
        let names = Set(tree["services"]?.members.map(\.key) ?? [])
        let health = value["health"].map(health)
        let routes = value["routes"]?.members.compactMap { route in
            (route.value["service"] ?? route.value).text.map { target in
                Service.Route(
                    path: route.key, target: names.contains(target) ? .service(target) : .folder(target),
                    strip: route.value["strip"]?.flag)
            }
        }
        var service = Service(
            name: member.key, role: value["role"]?.text.flatMap(Service.Role.init) ?? .app,
            command: value["command"]?.texts ?? [],
            listen: value["listen"]?.text.flatMap(Service.Listen.init) ?? .tcp,
            health: health, routes: routes ?? [])
        if service.role == .job { service.listen = .none }
        service.variables = Dictionary(
            value["variables"]?.members.compactMap { member in member.value.text.map { (member.key, $0) } }
                ?? [],
            uniquingKeysWith: { $1 })
        service.stop = Service.Stop(
            signal: value["stop"]?["signal"]?.text.flatMap(Service.Stop.Signal.init) ?? .TERM,
            timeout: duration(value["stop"]?["timeout"]))
        if value["protocol"]?.text == "fastcgi", let root = value["root"]?.text {
            service.fastCGI = .init(root: root, script: value["script"]?.text ?? "index.php")
        }
        service.limits = limits(value["limits"])
        service.overlaps = value["overlap"]?.flag ?? true
        service.isKeptAlive = value["keepAlive"]?.flag ?? false
        service.after = value["after"]?.texts ?? []
        service.mounts = value["mounts"]?.textsByKey ?? [:]
        service.grants = value["grants"].map { grants in
            Service.Grants(
                binds: grants["binds"]?.texts ?? [], capabilities: grants["capabilities"]?.texts ?? [],
                devices: grants["devices"]?.texts ?? [], gpus: grants["gpus"]?.flag ?? false,
                securityOptions: grants["securityOptions"]?.texts ?? [],
                newPrivileges: grants["newPrivileges"]?.flag ?? false)
        }
        return service
    }

    private func health(_ value: Located) -> Service.Health {
        var health = Service.Health(
            path: value["path"]?.text ?? "/", timeout: duration(value["timeout"]) ?? .seconds(60))
        health.headers = value["headers"]?.textsByKey ?? [:]
        return health
    }

    private func migrations() -> Environment.Migrations? {
        guard let migrations = tree["migrations"] else { return nil }
        if let directory = migrations["directory"]?.text { return .directory(directory) }
        return migrations["command"].map { .command(apply: $0.texts, status: migrations["status"]?.texts) }
    }

    private func runtime() -> Environment.Runtime {
        let runtime = tree["runtime"]
        let kind = (runtime?["kind"] ?? runtime)?.text.flatMap(Environment.Runtime.Kind.init)
        let strategy = runtime?["strategy"]?.text.flatMap(Environment.Runtime.Strategy.init)
        return Environment.Runtime(
            kind: kind ?? .process, strategy: kind == .command ? .ownTool : strategy,
            sockets: runtime?["sockets"]?.text, file: runtime?["file"]?.text,
            registry: runtime?["registry"]?.text,
            ownTool: kind == .command ? ownTool() : nil)
    }

    private func database() -> Environment.Database? {
        guard let value = tree["database"],
            let engine = value["engine"]?.text.flatMap(Environment.Database.Engine.init)
        else { return nil }
        var database = Environment.Database(
            engine: engine, file: value["file"]?.text, fresh: value["fresh"] != nil)
        database.filling = value["fresh"].flatMap(filling)
        database.host = value["host"]?.text
        database.port = value["port"]?.integer
        database.name = value["name"]?.text
        database.user = value["user"]?.text
        database.password = value["password"]?.secretSource
        database.service = value["service"]?.text
        database.admin = value["admin"].map { admin in
            Environment.Database.Admin(
                user: admin["user"]?.text ?? engine.defaultAdmin, password: admin["password"]?.secretSource)
        }
        return database
    }

    private func filling(_ fresh: Located) -> Filling? {
        switch fresh["from"]?.text.map(FreshSource.init) {
        case nil, .migrations: nil
        case .file(let path): .file(path)
        case .environment(let name):
            .backup(
                MaskedCopy(
                    environment: name, mask: fresh["mask"]?.texts ?? [],
                    columns: fresh["masked"]?.texts.compactMap(ColumnName.init(parsing:)) ?? []))
        }
    }

    private func duration(_ value: Located?) -> Duration? { value?.text.flatMap(DurationText.parse) }

    private func vectors(_ key: String) -> [[String]] { tree[key]?.items.map(\.texts) ?? [] }

    private func values<Value>(_ key: String, _ read: (Located) -> Value?) -> [String: Value] {
        var values: [String: Value] = [:]
        for member in tree[key]?.members ?? [] { values[member.key] = read(member.value) }
        return values
    }
}

extension Located {
    var featureShare: FeatureShare? { flag.map { $0 ? .on : .off } ?? text.flatMap(FeatureShare.init) }

    var secretSource: SecretSource? {
        if let name = self["env"]?.text { return .environment(name) }
        if let path = self["file"]?.text { return .file(path) }
        return self["command"].map { .command($0.texts) }
    }
}
