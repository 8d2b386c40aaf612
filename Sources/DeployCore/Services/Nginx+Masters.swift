extension Nginx {
    /// Observed, not assumed: the signal returns before nginx has changed anything.
    ///
    /// It begins new workers only when it took the configuration, every address included. `name`: begins a sentence.
    /// `hasLeft`: whether the workers from before do what they have to.
    func reload(
        _ master: ProcessIdentity, in folder: String, named name: String, until ports: [Int],
        hasLeft: (Set<ProcessIdentity>) -> Bool = { _ in true }
    ) throws(DeployError) {
        let processes = context.ports.processes
        let before = Set(processes.children(of: master))
        processes.signal(master, .reload)
        let took = try context.wait(upTo: .seconds(10), stoppable: false) { () throws(DeployError) in
            processes.children(of: master).contains { !before.contains($0) } && hasLeft(before)
                && ports.allSatisfy { processes.listener(onPort: $0) != nil }
        }
        guard took else {
            throw DeployError(
                .stepFailed, what: "\(name) did not take its new configuration",
                why: "no new worker came up within ten seconds; see \(folder)/error.log",
                next: "deployctl doctor")
        }
    }

    /// Lets it finish what it holds, at most so long.
    func end(_ master: ProcessIdentity, within drain: Duration) throws(DeployError) {
        context.ports.processes.signal(master, .quit)
        let gone = try context.wait(upTo: drain, stoppable: false) { () throws(DeployError) in
            !context.ports.processes.isRunning(master)
        }
        if !gone { context.ports.processes.signal(master, .kill) }
    }
}
