extension Handover {
    /// How long what was told to begin may take to show, once nobody waits for it any more.
    private static let settling = Duration.seconds(10)

    /// Takes back what may have begun: what served before is there again, or nothing is.
    ///
    /// - Throws: `.needsPerson` where neither was seen.
    func withdraw() throws(DeployError) {
        guard let earlier = try earlier() else {
            _ = try lands(within: Self.settling)
            return try remove()
        }
        do throws(DeployError) {
            try Handover(context: context, handed: earlier, isTakenBack: true).restore(over: handed)
            try refuseElsewhere(than: earlier)
        } catch { throw error.recast(as: .needsPerson, next: "deployctl doctor") }
    }

    /// What has the traffic, as it takes the place of this one again; nil where nothing has it.
    private func earlier() throws(DeployError) -> HandedRelease? {
        let (site, layout) = (context.site, context.layout)
        guard let id = site.records.currentID, id != handed.instance,
            context.ports.files.kind(of: layout.instance(id)) != nil
        else { return nil }
        guard var earlier = try site.handed(id) else {
            throw HandedRelease.unreadable(HandedRelease.path(of: id, in: layout), "it is gone")
        }
        earlier.previous = handed.release
        return earlier
    }

    /// One that runs as it did is left alone, unless nobody can tell it from what was to replace it.
    private func restore(over later: HandedRelease) throws(DeployError) {
        if try goesOn(under: later) { return }
        do throws(DeployError) { _ = try bring(stoppable: false) } catch {
            guard later.release != handed.release, runsAgain else { throw error }
        }
    }

    /// Whether it runs as it did, and goes on doing so: what was told to replace it may take its time.
    private func goesOn(under later: HandedRelease) throws(DeployError) -> Bool {
        let look = look
        return try !wait(within: Self.settling) { () throws(DeployError) in
            guard case .said(let answer) = look.seen(), answer.runs(handed) else { return true }
            return later.release == handed.release && !later.isAsBefore(answer)
        }
    }

    private func lands(within limit: Duration) throws(DeployError) -> Bool {
        let look = look
        return try wait(within: limit) { () throws(DeployError) in try isThere(look) }
    }

    private func wait(within limit: Duration, until condition: () throws(DeployError) -> Bool)
        throws(DeployError) -> Bool
    {
        try context.wait(
            upTo: min(limit, self.limit), every: .seconds(2), from: .milliseconds(250), stoppable: false,
            until: condition)
    }

    private var runsAgain: Bool {
        if case .said(let answer) = look.seen() { answer.runs(handed) } else { false }
    }

    /// What another definition deployed elsewhere goes on there, whatever serves here again.
    private func refuseElsewhere(than earlier: HandedRelease) throws(DeployError) {
        guard handed.environment.mayDeployElsewhere(than: earlier.environment),
            earlier.release != handed.release, try isThere(look)
        else { return }
        throw DeployError(
            .needsPerson,
            what: "Release \(handed.release) goes on where the new definition deploys to",
            why: "it led elsewhere than where release \(earlier.release) runs, which serves as before",
            next: "stop it there with the tool itself")
    }
}

extension HandedRelease {
    /// Whether the tool has the very deployment it had before this was handed to it.
    func isAsBefore(_ answer: OwnToolAnswer) -> Bool {
        answer.deployment != nil && found == answer.found
    }

    /// Whether an answer that names this release shows that something was deployed.
    func tells(_ answer: OwnToolAnswer) -> Bool {
        guard let found else { return previous != release }
        return found.release != answer.release || found.deployment != nil && answer.deployment != nil
    }
}
