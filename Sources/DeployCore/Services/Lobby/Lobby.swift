import FoundationEssentials

/// The one nginx at the ports that environments share by name.
///
/// Only its tenants' names and certificates are in its configuration: a deployment moves traffic behind it and leaves
/// it alone.
struct Lobby {
    let context: StepContext
    let place: LobbyPlace

    private var files: any FileStore { context.ports.files }
    private var nginx: Nginx { Nginx(context: context) }
    private var register: LobbyRegister { LobbyRegister(files: files, place: place) }
    private var running: ProcessIdentity? { nginx.master(in: place.folder) }

    /// What `admit` starts, by the lobby's folder in braces.
    static let programs: [ProgramCall] =
        [NginxCommands.test("{lobby}/candidate.conf")].calls.when("the names or the certificate changed")
        + [NginxCommands.start("{lobby}/nginx.conf")].calls.when("no lobby runs")

    /// Lets visitors in to a tenant, after nginx took its part alone; says what was done.
    ///
    /// `replacing`: the id of one that leaves at the same moment, and stays where this one is not let in; nil: nobody does.
    /// - Throws: `.gateRefused` where one of the names is somebody else's. Nothing is changed then.
    func admit(_ tenant: Tenant, replacing: String? = nil) throws(DeployError) -> String {
        try alone { () throws(DeployError) -> String in
            let taken = register.conflicts(of: tenant)
            guard taken.isEmpty else { throw Self.refusal(tenant, taken) }
            let path = place.tenant(tenant.id)
            let (before, wanted) = (try files.read(path), try JSON.data(tenant))
            if before != wanted {
                if let complaint = try complaint(about: configuration([tenant]).text) {
                    throw DeployError(
                        .stepFailed, what: "nginx refuses what would let visitors in to \(tenant.hosts[0])",
                        why: complaint, next: "fix the cause, then run the same command again")
                }
                try files.publish(wanted, to: path)
            }
            let leaving = replacing.map(place.tenant)
            let left: Data? = if let leaving { try files.read(leaving) } else { nil }
            do throws(DeployError) {
                if let leaving { try files.remove(leaving) }
                return try bringUp()
            } catch {
                try restore(before, at: path)
                if let leaving { try restore(left, at: leaving) }
                throw error
            }
        }
    }

    private func restore(_ record: Data?, at path: String) throws(DeployError) {
        if let record { try files.publish(record, to: path) } else { try files.remove(path) }
    }

    static func refusal(_ tenant: Tenant, _ taken: [String]) -> DeployError {
        DeployError(
            .gateRefused, what: "\(tenant.environment) cannot have its names",
            why: taken.joined(separator: "\n"),
            next:
                "stop the other one there, or change \"hosts\" in environments/\(tenant.environment).json")
    }

    /// Ends the way to a tenant, and the lobby with the last one.
    func dismiss(_ id: String) throws(DeployError) {
        guard files.kind(of: place.folder) == .folder else { return }
        try alone { () throws(DeployError) -> Void in
            let ports = register.present.flatMap { [$0.http, $0.https] }
            try files.remove(place.tenant(id))
            let rest = register.admitted.filter { $0.id != id }
            guard !rest.isEmpty else {
                if let master = running { try nginx.end(master, within: context.environment.drain) }
                return try nginx.end(nginx.orphans(in: place.folder), holding: ports)
            }
            guard let master = running else { return }
            let text = configuration(rest).text
            guard let before = try files.read(place.file), before != Data(text.utf8) else { return }
            try files.publish(Data(text.utf8), to: place.candidate)
            do throws(DeployError) {
                try exchange(before, reloading: master, until: [])
            } catch {
                // The next change of the lobby leaves out whoever is in the way; nobody is let in meanwhile.
                context.note("\(error.what): \(error.why)")
            }
        }
    }

    /// Starts it again, unless somebody else has; leaves out who would keep it from starting.
    func revive() throws(DeployError) -> String {
        try alone { () throws(DeployError) -> String in
            if let running { return "process \(running.pid)" }
            let done = try bringUp()
            guard let running else {
                throw DeployError(
                    .stepFailed, what: "The lobby does not run", why: done, next: "deployctl doctor")
            }
            return "process \(running.pid)"
        }
    }

    private func configuration(_ tenants: [Tenant]) -> LobbyConfiguration {
        LobbyConfiguration(
            place: place, worker: context.site.ownAccountOfNginx,
            runsAsRoot: context.ports.processes.runsAsRoot, tenants: tenants)
    }

    private func bringUp() throws(DeployError) -> String {
        let all = register.present
        let before = try files.read(place.file)
        let whole = configuration(all).text
        // Who started it may have ended before those that were there before it had.
        if running != nil { try nginx.end(nginx.orphans(in: place.folder), holding: []) }
        if let before, running != nil, before == Data(whole.utf8) { return "the lobby runs unchanged" }
        var (admitted, leftOut) = (all, register.faults)
        if try complaint(about: whole) != nil {
            admitted = []
            for tenant in all {
                guard let complaint = try complaint(about: configuration([tenant]).text) else {
                    admitted.append(tenant)
                    continue
                }
                leftOut[tenant.id] = complaint
                let plain = tenant.withoutTLS
                if plain != tenant, try self.complaint(about: configuration([plain]).text) == nil {
                    admitted.append(plain)
                }
            }
        }
        try files.publish(try JSON.data(leftOut), to: place.leftOut)
        guard !admitted.isEmpty else { return "the lobby has nobody to let visitors in to" }
        let text = configuration(admitted).text
        if let complaint = try complaint(about: text) {
            throw DeployError(
                .stepFailed, what: "nginx refuses the lobby's configuration", why: complaint,
                next: "deployctl doctor")
        }
        return try run(text, instead: before, of: admitted)
    }

    private func run(_ text: String, instead before: Data?, of tenants: [Tenant]) throws(DeployError)
        -> String
    {
        let ports = Set(tenants.flatMap { [$0.http] + ($0.certificate == nil ? [] : [$0.https]) }).sorted()
        if let master = running, let before {
            if before == Data(text.utf8) { return "the lobby runs unchanged" }
            try exchange(before, reloading: master, until: ports)
            return "the lobby took its new configuration"
        }
        let orphans = nginx.orphans(in: place.folder)
        let processes = context.ports.processes
        let listeners = nginx.listeners(of: orphans, for: text)
        if listeners == nil { try nginx.end(orphans, holding: ports) }
        let held = listeners?.places ?? []
        let taken = ports.filter { !held.contains(.port($0)) }.compactMap { port in
            processes.listener(onPort: port).map { "port \(port) is held by \(processes.named($0))" }
        }
        guard taken.isEmpty else {
            throw DeployError(
                .stepFailed, what: "The lobby cannot listen", why: taken.joined(separator: "\n"),
                next: "stop that program, or change \"front\": {\"http\": …, \"https\": …}")
        }
        try forgetFarewells()
        _ = try nginx.start(text, in: place.folder, goingOnWith: listeners)
        if listeners != nil {
            _ = try sayFarewell(in: before)
            try nginx.end(orphans, holding: ports)
            try forgetFarewells()
        }
        return "the lobby listens on port \(ports.map(String.init).joined(separator: ", "))"
    }

    /// For a moment each answer is its connection's last, before nginx is reloaded.
    ///
    /// A reload closes idle connections, and a request that is just coming in on one would be lost.
    private func exchange(
        _ before: Data, reloading master: ProcessIdentity, until ports: [Int]
    ) throws(DeployError) {
        let flag = try sayFarewell(in: before)
        try files.rename(place.candidate, to: place.file)
        do throws(DeployError) {
            try nginx.reload(master, in: place.folder, named: "The lobby", until: ports)
        } catch {
            try files.publish(before, to: place.file)
            if let flag { try files.remove(flag) }
            throw error
        }
    }

    /// What says it, to be removed where nothing comes after it; nil where nobody hears it.
    private func sayFarewell(in before: Data?) throws(DeployError) -> String? {
        try forgetFarewells()
        let generation = before.flatMap {
            LobbyConfiguration.generation(of: String(decoding: $0, as: UTF8.self))
        }
        guard let flag = generation.map(place.closing) else { return nil }
        try files.publish(Data(), to: flag)
        context.ports.clock.sleep(for: Self.farewell)
        return flag
    }

    /// What the last farewell left: old workers go on answering for a moment after new ones are there.
    private func forgetFarewells() throws(DeployError) {
        for name in files.names(in: place.folder) where name.begins(with: LobbyPlace.closing) {
            try files.remove("\(place.folder)/\(name)")
        }
    }

    private static let farewell = Duration.seconds(1)

    /// What nginx has against a configuration, which lies at `candidate` then; nil where it takes it.
    private func complaint(about text: String) throws(DeployError) -> String? {
        try files.publish(Data(text.utf8), to: place.candidate)
        let request = CommandRequest(NginxCommands.test(place.candidate), deadline: .seconds(30))
        let result = context.ports.commands.run(request)
        return result.succeeded ? nil : "\(request.command) \(result.explanation)"
    }

    private static let longestWait = 60.0

    /// `body` while no other run and no keeper changes the lobby.
    private func alone<Value>(_ body: () throws(DeployError) -> Value) throws(DeployError) -> Value {
        try place.prepare(at: context.site)
        let clock = context.ports.clock
        let deadline = clock.now().addingTimeInterval(Self.longestWait)
        while true {
            if let held = try files.lock(place.lock) {
                defer { withExtendedLifetime(held) {} }
                return try body()
            }
            guard clock.now() < deadline else {
                throw DeployError(
                    .stepFailed, what: "Somebody else does not let go of the lobby",
                    why: "\(place.lock) has been held for \(Int(Self.longestWait)) s",
                    next: "deployctl doctor")
            }
            clock.sleep(for: .milliseconds(20))
        }
    }
}
