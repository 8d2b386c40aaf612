/// A master that was killed leaves workers that go on serving. The next one goes on with the very sockets at which they
/// listen, so that at no moment nobody does.
extension Nginx {
    /// nginx processes of a folder that belong to no running master of it.
    ///
    /// `others`: processes that are none of it.
    func orphans(in folder: String, beside others: [ProcessIdentity] = []) -> [ProcessIdentity] {
        let processes = context.ports.processes
        let family = master(in: folder).map { [$0] + processes.children(of: $0) } ?? []
        return processes.members(ofInstance: folder).filter { process in
            Self.isNginx(process, processes) && !family.contains(process)
                && !others.contains { processes.isMember(process, ofSession: $0) }
        }
    }

    /// What orphans listen at of what `text` names; nil where that is nothing, or not to be had.
    ///
    /// nginx removes the file of a unix socket that it is given and has no use for, and a worker may have bound any.
    func listeners(of orphans: [ProcessIdentity], for text: String) -> (any HeldListeners)? {
        guard !orphans.isEmpty else { return nil }
        return context.ports.processes.listeners(heldBy: orphans) { place in
            switch place {
            case .port: true
            case .socket(let path): text.holds("listen \(NginxText.quoted("unix:\(path)"));")
            }
        }
    }

    /// Has orphans finish what they hold and let go of the ports; kills those that do not.
    func end(_ orphans: [ProcessIdentity], holding ports: [Int]) throws(DeployError) {
        let processes = context.ports.processes
        for orphan in orphans { processes.signal(orphan, .quit) }
        func holding() -> [ProcessIdentity] {
            orphans.filter { orphan in ports.contains { processes.isListening(orphan, onPort: $0) } }
        }
        let left = try context.wait(upTo: .seconds(2), every: .milliseconds(5), stoppable: false) {
            () throws(DeployError) in
            holding().isEmpty
        }
        if !left { for orphan in holding() { processes.signal(orphan, .kill) } }
    }

    /// Starts a master that goes on with `listeners`; nil where it does not serve.
    ///
    /// One that is given sockets does not leave who started it, so it is started as services are.
    func succeed(in folder: String, at listeners: any HeldListeners) throws(DeployError) -> ProcessIdentity? {
        let processes = context.ports.processes
        let numbers = listeners.places.indices.map { "\(ServiceLaunch.firstListener + $0);" }
        var launch = ServiceLaunch(
            command: NginxCommands.start(Self.file(in: folder)), directory: folder,
            environment: ["TZ": "UTC", "NGINX": numbers.joined()], log: "\(folder)/error.log")
        launch.listeners = listeners
        let started = try processes.start(launch)
        var serves = false
        _ = try context.wait(upTo: .seconds(5), from: .milliseconds(1), stoppable: false) {
            () throws(DeployError) in
            serves = master(in: folder) == started && !processes.children(of: started).isEmpty
            return serves || !processes.isRunning(started)
        }
        guard !serves else { return started }
        processes.signal(started, .kill)
        return nil
    }
}
