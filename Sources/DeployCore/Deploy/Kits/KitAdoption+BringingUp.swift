import FoundationEssentials

extension KitAdoption {
    /// Backups that stayed on the lost machine are listed no more.
    func forgetLost() throws(DeployError) {
        for name in deployer.definitions.names() {
            let layout = workspace.site(try deployer.deployedDefinitions.load(name)).layout
            for backup in try ports.state.backups(of: name)
            where files.kind(of: layout.backup(backup.timestamp)) == nil {
                try ports.state.markRemoved(backup.timestamp, at: ports.clock.now())
            }
        }
    }

    /// - Throws: `.invalidDefinition` with everything that only this machine can have and does not.
    func refuseMissing(_ manifest: KitManifest) throws(DeployError) {
        var missing: [(text: String, next: String)] = []
        for place in manifest.environments {
            let environment = try deployer.deployedDefinitions.load(place.name)
            let layout = workspace.site(environment).layout
            let asked = try Secrets(deployer, environment: place.name).all().filter {
                $0.standing == .missing
            }
            missing += asked.map {
                (
                    "\(place.name) \($0.name)",
                    $0.obstacle?.next ?? "deployctl secret set \(place.name) \(ShellText.quoted($0.name))"
                )
            }
            let known = environment.secretsToSet.values.compactMap { source in
                if case .file(let path) = source { path } else { nil }
            }
            let tls = environment.tls.map { $0.acme == nil ? [$0.certificate] : [] } ?? []
            let others = (environment.secretFiles + tls).filter { path in
                !known.contains { $0 == path }
                    && (environment.tls?.acme == nil || path != environment.tls?.key)
            }
            for path in others where files.kind(of: layout.absolute(path)) == nil {
                let text = "the file \(Shown.text(layout.absolute(path), limit: 4096))"
                guard !missing.contains(where: { $0.text == text }) else { continue }
                missing.append((text, "put \(text) there with mode 0600"))
            }
            _ = try workspace.site(environment).account()
        }
        guard let first = missing.first else { return }
        let names = missing.map { Shown.text($0.text, limit: 4096) }.joined(separator: ", ")
        throw DeployError(
            .invalidDefinition,
            what: "\(missing.count) secret\(missing.count == 1 ? " is" : "s are") missing here",
            why: "the kit holds no value of \(names); what else it holds is in place",
            next: "\(first.next)\(missing.count == 1 ? "" : ", and so on"); then run this again")
    }

    func start(
        _ place: KitManifest.Place, of manifest: KitManifest, _ bringUp: BringUp
    ) throws(DeployError) {
        let deployer = deployer.adopting
        if try ports.state.unfinished(in: place.name) != nil {
            _ = try Recovery(deployer: deployer).resume(place.name)
        }
        let environment = try deployer.deployedDefinitions.load(place.name)
        let current = try deployer.collector.currentRelease(of: place.name)?.timestamp
        guard current == place.release else {
            throw foreign(place, "release \(current.map { "\($0)" } ?? "none") is its newest")
        }
        let isBroughtUp = try wasBroughtUp(place, since: manifest.name)
        if try serves(place, environment) {
            guard isBroughtUp || place.backup == nil else { throw foreign(place, "it serves other data") }
            return
        }
        if isBroughtUp {
            _ = try deployer.operation(.start, of: place.name, service: nil).carryOut()
        } else {
            try refuseRows(environment)
            try bringUp(deployer, place.name, Self.request(place))
        }
        guard try serves(place, environment) else {
            throw DeployError(
                .needsPerson, what: "\(place.name) does not serve release \(place.release)",
                why: "it was brought up, and is not well", next: "deployctl status \(place.name)")
        }
    }

    private func foreign(_ place: KitManifest.Place, _ why: String) -> DeployError {
        DeployError(
            .gateRefused, what: "\(place.name) is not what the kit placed here",
            why: "\(why); its data was not restored, and nothing was changed",
            next:
                "to keep what is there, remove \(ShellText.quoted(room)); to have the kit's data, deployctl stop \(place.name) as well, "
                + "then deployctl backup restore \(place.name) \(place.backup.map { "\($0)" } ?? "TS")")
    }

    static func request(_ place: KitManifest.Place) -> RollbackRequest {
        RollbackRequest(
            target: (place.backup ?? place.release).description,
            scope: place.backup == nil ? .codeOnly : .dataOnly, skipsSafetyBackup: false)
    }

    private func serves(_ place: KitManifest.Place, _ environment: Environment) throws(DeployError) -> Bool {
        let facts = try deployer.collector.collect(environment, starting: false)
        return facts.serving?.release == place.release && facts.servingRuns
            && facts.look(in: workspace).servesWell
    }

    /// Data that was brought back once has been written to since.
    private func wasBroughtUp(_ place: KitManifest.Place, since kit: Timestamp) throws(DeployError) -> Bool {
        try ports.state.deployments(of: place.name, kinds: [.restore, .rollback], limit: .max)
            .contains { $0.timestamp > kit && $0.outcome == .succeeded }
    }

    /// - Throws: `.gateRefused` where a server holds rows under the database's name, which nobody asked to lose.
    private func refuseRows(_ environment: Environment) throws(DeployError) {
        guard environment.database.map({ $0.engine != .sqlite }) == true,
            let database = try deployer.collector.collect(environment, starting: false).database
        else { return }
        let rows = try workspace.site(environment).database.summarise(database).tables.reduce(0) {
            $0 + $1.rows
        }
        guard rows > 0 else { return }
        throw DeployError(
            .gateRefused,
            what: "Database \(Shown.text(database.name)) of \(environment.name) holds rows already",
            why: "there are \(rows), which are not the kit's; nothing of them was changed",
            next: "rename or drop that database, then run this again")
    }

    func changed(_ manifest: KitManifest) throws(DeployError) -> [KitManifest.Secret] {
        var found: [KitManifest.Secret] = []
        for place in manifest.environments {
            let states = try Secrets(deployer, environment: place.name).all()
            found += manifest.secrets.filter { secret in
                secret.environment == place.name && secret.fingerprint != nil
                    && states.contains { $0.name == secret.name && $0.fingerprint != secret.fingerprint }
            }
        }
        return found
    }

    func rows(_ manifest: KitManifest) throws(DeployError) -> Int64 {
        var rows: Int64 = 0
        for place in manifest.environments where place.serves {
            guard let name = place.backup, let known = try ports.state.backup(name) else { continue }
            let site = workspace.site(try deployer.deployedDefinitions.load(place.name))
            let backup = try BackupReader(site).manifest(in: site.layout.backup(name), recorded: known.sha256)
            rows += backup.database?.summary.tables.reduce(0) { $0 + $1.rows } ?? 0
        }
        return rows
    }
}
