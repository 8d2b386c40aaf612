/// Has the project's own tool bring a release, go back or stop, and believes only what its status says afterwards.
struct Handover {
    let context: StepContext
    let handed: HandedRelease

    private var tool: Environment.OwnTool? { handed.environment.runtime.ownTool }
    private var limit: Duration { tool?.timeout ?? .zero }
    private var look: OwnToolLook { OwnToolLook(handed, on: context.ports) }

    /// Whether the release served before what the plan brings.
    private var goesBack: Bool { context.plan.kind == .rollback || context.plan.release != handed.release }

    /// Starts the tool, and waits until its status shows that very release.
    ///
    /// - Throws: `.stepFailed` when the tool fails, hangs, or its status says something else.
    func bring(stoppable: Bool) throws(DeployError) -> OwnToolAnswer {
        let look = look
        let more = try ServiceVariables.variables(
            context, release: handed.release, database: handed.database, instance: nil)
        let vector = goesBack ? tool?.rollback ?? tool?.deploy : tool?.deploy
        if let request = try look.request(vector, within: limit, more) {
            do throws(DeployError) {
                try context.runOwn(
                    request, because: "The project's own tool did not bring release \(handed.release)")
            } catch { throw look.scrub(error) }
        }
        return try shown(to: look, stoppable: stoppable)
    }

    private func shown(to look: OwnToolLook, stoppable: Bool) throws(DeployError) -> OwnToolAnswer {
        var shown: OwnToolAnswer?
        var last = "nothing"
        _ = try context.wait(
            upTo: limit, every: .seconds(2), from: .milliseconds(50), stoppable: stoppable
        ) { () throws(DeployError) in
            switch look.seen() {
            case .said(let answer):
                last = "status says: \(answer.words)"
                if answer.runs(handed) { shown = answer }
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
            why: why, next: context.wayOutOfSickness)
    }

    /// Takes back what may have begun: what served before is there again, or nothing is.
    ///
    /// - Throws: `.needsPerson` where neither was seen.
    func withdraw() throws(DeployError) {
        guard let current = context.site.records.current, current.id != handed.instance,
            let earlier = context.site.handed(current.id)
        else { return try remove() }
        do throws(DeployError) {
            try Handover(context: context, handed: earlier).restore(over: handed)
        } catch { throw error.recast(as: .needsPerson, next: "deployctl doctor") }
    }

    /// One that runs as it did is left alone, unless nobody can tell it from what was to replace it.
    private func restore(over later: HandedRelease) throws(DeployError) {
        let differs = later.release != handed.release
        if differs, runsAgain { return }
        do throws(DeployError) { _ = try bring(stoppable: false) } catch {
            guard differs, runsAgain else { throw error }
        }
    }

    private var runsAgain: Bool {
        if case .said(let answer) = look.seen() { answer.runs(handed) } else { false }
    }

    /// Ends it, where the tool has it.
    func remove() throws(DeployError) {
        let look = look
        guard try isThere(look) else { return try refuseAnother(look) }
        try refuseFound()
        guard let request = try look.request(tool?.stop, within: limit) else {
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
        guard let found = handed.found?.release else { return }
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
            why: "status says: \(answer.words)", next: "put that right with the tool itself")
    }

    private func isThere(_ look: OwnToolLook) throws(DeployError) -> Bool {
        switch look.seen() {
        case .said(let answer): return answer.release == "\(handed.release)" && answer.state != .stopped
        case .misspoken(let why), .silent(let why):
            throw DeployError(
                .needsPerson, what: "Nobody can tell whether release \(handed.release) runs", why: why,
                next: "deployctl status \(handed.environment.name)")
        }
    }
}
