extension StepContext {
    /// Runs a program of the project as the environment's account; a failure fails the step.
    ///
    /// What it leaves running, wherever that went, is ended with it and named.
    func runOwn(_ request: CommandRequest, failing code: ExitCode = .stepFailed, because what: String)
        throws(DeployError)
    {
        var own = try site.own(request)
        own.marker = layout.ownPrograms
        own.diesWithParent = true
        note("\(request.command)")
        endOwnPrograms("an earlier run")
        defer { endOwnPrograms(Shown.text(request.command.program, limit: 40)) }
        try run(own, failing: code, because: what)
    }

    /// Ends every program of the project that `starter` left, and says which.
    ///
    /// Only one run at a time has the environment, so that nobody else's are among them.
    func endOwnPrograms(_ starter: String) {
        // The last words of a pipeline are no leftovers.
        guard !areGone(within: .milliseconds(500)) else { return }
        let left = ports.processes.members(ofInstance: layout.ownPrograms)
        let names = left.prefix(3).map(ports.processes.named).joined(separator: ", ")
        let more = left.count > 3 ? " and \(left.count - 3) more" : ""
        note("\(names)\(more), left running by \(starter), \(left.count == 1 ? "is" : "are") ended")
        for process in left { ports.processes.signal(process, .terminate) }
        guard !areGone(within: .seconds(2)), !areGone(within: .seconds(10), killing: true) else { return }
        note("what \(starter) left running does not end; look for it: ps -e -o pid,stat,args")
    }

    private func areGone(within limit: Duration, killing: Bool = false) -> Bool {
        let gone = try? wait(upTo: limit, from: .milliseconds(1), stoppable: false) {
            () throws(DeployError) in
            let left = ports.processes.members(ofInstance: layout.ownPrograms)
            if killing { ports.processes.kill(left) }
            return left.isEmpty
        }
        return gone ?? false
    }
}
