/// What can be known before anything is done: paths, names, room for sockets.
struct Preflight {
    let site: Site

    /// - Throws: `.invalidDefinition` with the first thing that could not work, `.stepFailed` where the container engine
    ///   does not answer.
    func check() throws(DeployError) {
        let layout = site.layout
        let socket = layout.longestSocket
        guard socket.utf8.count <= Layout.socketPathLimit else {
            throw DeployError(
                .invalidDefinition, what: "The project's path is too long for unix sockets",
                why: "\(socket) has \(socket.utf8.count) bytes, the kernel allows \(Layout.socketPathLimit)",
                next:
                    "set \"runtime\": {\"kind\": \"process\", \"sockets\": \"/run/\(site.environment.project)\"}, or move the project"
            )
        }
        if site.environment.runtime.strategy == .recreate { try refuseUnheldPorts() }
        try refuseUnwritablePaths()
        try site.environment.serviceRuntime.refuseUnkeptLimits(at: site)
        try UsableAccount(site: site).check()
        try refuseOtherTool()
        try refuseSilence()
        try site.environment.serviceRuntime.refuseOthers(at: site)
    }

    /// - Throws: `.stepFailed` where nobody can tell what runs, or change it.
    func refuseSilence() throws(DeployError) {
        // The very deployment may mend a tool that does not answer.
        guard site.environment.runtime.strategy != .ownTool,
            let silence = site.environment.serviceRuntime.silence(at: site)
        else { return }
        throw silence
    }

    private func refuseOtherTool() throws(DeployError) {
        let (name, services) = (site.environment.name, site.records.current?.services ?? [])
        guard let kinds = ServiceRuntimes.impossibleChange(from: services, in: site.environment) else {
            return
        }
        throw DeployError(
            .invalidDefinition,
            what: "\(name) cannot change from \(kinds.from) to \(kinds.to) while it serves",
            why:
                "\"runtime.kind\" was \(kinds.from) when it was deployed, and what runs so is ended in no other way",
            next: "deployctl stop \(name), then the same command again")
    }

    private func refuseUnwritablePaths() throws(DeployError) {
        let (environment, project) = (site.environment, site.layout.project)
        let paths = [
            ("The project's path", project), ("tls.certificate", environment.tls?.certificate ?? ""),
            ("tls.key", environment.tls?.key ?? ""), ("runtime.sockets", environment.runtime.sockets ?? ""),
        ]
        for (subject, path) in paths where !NginxText.isWritable(path) {
            throw DeployError(
                .invalidDefinition, what: "\(subject) cannot be written to an nginx file",
                why: "\(path) contains one of $ \" \\ ; { }",
                next: path == project ? "move the project" : "give it another path")
        }
    }

    /// Without an edge a public port must be held by a service that listens on TCP.
    private func refuseUnheldPorts() throws(DeployError) {
        let environment = site.environment
        let held = environment.services.filter { $0.role == .app && $0.listen == .tcp }
            .compactMap { environment.directPort(of: $0) }
        guard let port = environment.edgePorts.first(where: { !held.contains($0) }) else { return }
        throw DeployError(
            .invalidDefinition, what: "Nothing would listen on port \(port) of \(environment.name)",
            why: "strategy recreate has no edge, and no service with \"listen\": \"tcp\" holds that port",
            next: "let a service listen on tcp, or use strategy blue-green with nginx")
    }
}
