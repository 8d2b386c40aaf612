/// Has the project's own tool bring a release, go back or stop, and believes only what its status says afterwards.
struct Handover {
    let context: StepContext
    let handed: HandedRelease
    /// Whether it is brought back because what was to replace it failed.
    var isTakenBack = false

    private var tool: Environment.OwnTool? { handed.environment.runtime.ownTool }
    var limit: Duration { tool?.timeout ?? .zero }
    var look: OwnToolLook { OwnToolLook(handed, on: context.ports) }

    /// Whether it is older than what it takes the place of, and meant to be.
    private var goesBack: Bool {
        guard isTakenBack || context.plan.kind == .rollback, let previous = handed.previous else {
            return false
        }
        return handed.release < previous
    }

    /// Starts the tool, and waits until its status shows that very release.
    ///
    /// - Throws: `.stepFailed` when the tool fails, hangs, or its status says something else.
    func bring(stoppable: Bool) throws(DeployError) -> OwnToolAnswer {
        let look = look
        try look.demandSecrets()
        let more = try variables(look)
        let vector = goesBack ? tool?.rollback ?? tool?.deploy : tool?.deploy
        if let request = look.request(vector, within: limit, more) {
            do throws(DeployError) {
                try context.runOwn(
                    request, because: "The project's own tool did not bring release \(handed.release)")
            } catch { throw look.scrub(error) }
        }
        return try shown(to: look, stoppable: stoppable)
    }

    /// As the definition it was handed over with has them, which is not the plan's where it is brought back.
    private func variables(_ look: OwnToolLook) throws(DeployError) -> [String: String] {
        var plan = context.plan
        plan.environment = handed.environment
        (plan.release, plan.commit, plan.previousRelease) = (handed.release, handed.commit, handed.previous)
        let own = StepContext(
            Workspace(ports: context.ports, project: handed.project), plan: plan, origin: context.origin,
            secrets: look.allSecrets, note: context.note)
        return try ServiceVariables.variables(
            own, release: handed.release, database: handed.database, instance: nil)
    }

    private func shown(to look: OwnToolLook, stoppable: Bool) throws(DeployError) -> OwnToolAnswer {
        var shown: OwnToolAnswer?
        var last = "nothing"
        _ = try context.wait(
            upTo: limit, every: .seconds(2), from: .milliseconds(50), stoppable: stoppable
        ) { () throws(DeployError) in
            switch look.seen() {
            case .said(let answer):
                let isAsBefore = !isTakenBack && handed.isAsBefore(answer)
                last = "status says: \(answer.words)" + (isAsBefore ? answer.asBefore : "")
                if answer.runs(handed), !isAsBefore { shown = answer }
                if answer.names(handed), answer.state == .failed { throw refusal(last) }
                return shown != nil
            case .misspoken(let why): throw refusal(why)
            case .silent(let why): last = why
            }
            return false
        }
        if let shown { return shown }
        throw refusal("\(last); waited \(Int(limit.seconds)) s")
    }

    private func refusal(_ why: String) -> DeployError {
        DeployError(
            .stepFailed,
            what: "The project's own tool ended well, and release \(handed.release) does not run",
            why: look.scrub(why), next: context.wayOutOfSickness)
    }

    /// Ends it, where the tool has it.
    func remove() throws(DeployError) {
        let look = look
        guard try isThere(look) else { return try refuseAnother(look) }
        try refuseFound()
        guard let request = look.request(tool?.stop, within: limit) else {
            throw DeployError(
                .needsPerson, what: "Release \(handed.release) stays where the project's own tool put it",
                why: "nothing served before it, and its definition has no \"stop\" in \"runtime\"",
                next: "stop it with the tool itself")
        }
        do throws(DeployError) {
            try context.runOwn(
                request, failing: .needsPerson,
                because: "The project's own tool did not stop release \(handed.release)")
        } catch { throw look.scrub(error) }
        let gone = try context.wait(
            upTo: limit, every: .seconds(2), from: .milliseconds(50), stoppable: false
        ) { () throws(DeployError) in !(try isThere(look)) }
        guard !gone else { return }
        throw DeployError(
            .needsPerson, what: "Release \(handed.release) does not stop",
            why:
                "the tool's stop command ended well, and after \(Int(limit.seconds)) s status names it still",
            next: "deployctl status \(handed.environment.name)")
    }

    /// What ran before deployctl came is nobody's to stop because bringing it up anew failed.
    private func refuseFound() throws(DeployError) {
        guard handed.previous == nil, let found = handed.found?.release else { return }
        throw DeployError(
            .needsPerson, what: "Release \(handed.release) stays where the project's own tool has it",
            why:
                "status named release \(Shown.text(found)) before anything was handed to it, so it is not stopped",
            next: "look at it with the tool itself, and stop it there if it is not to run")
    }

    /// What nobody handed over is not there because of this run, and goes on whatever was stopped.
    private func refuseAnother(_ look: OwnToolLook) throws(DeployError) {
        guard case .said(let answer) = look.seen(), answer.state != .stopped,
            answer.release != handed.found?.release, answer.release != "\(handed.release)"
        else { return }
        throw DeployError(
            .needsPerson, what: "The project's own tool has what nobody handed to it",
            why: look.scrub("status says: \(answer.words)"), next: "put that right with the tool itself")
    }

    func isThere(_ look: OwnToolLook) throws(DeployError) -> Bool {
        switch look.seen() {
        case .said(let answer): return answer.release == "\(handed.release)" && answer.state != .stopped
        case .misspoken(let why), .silent(let why):
            throw DeployError(
                .needsPerson, what: "Nobody can tell whether release \(handed.release) runs", why: why,
                next: "deployctl status \(handed.environment.name)")
        }
    }
}
