/// A definition that deploys elsewhere than the one before leaves what that had deployed where it is.
extension Site {
    /// How to ask there; nil where the definition deploys to the same place, and where nobody can tell.
    func formerStatus(of instance: String) -> [String]? {
        guard let handed = (try? handed(instance)) ?? nil, environment.runtime.ownTool != nil,
            environment.user == handed.environment.user,
            environment.mayDeployElsewhere(than: handed.environment)
        else { return nil }
        return handed.environment.runtime.ownTool?.status
    }
}

extension StepContext {
    /// What is still there of a release that another took the place of, as a warning; nil where nothing is.
    func leftElsewhere(_ instance: String) throws(DeployError) -> String? {
        guard let handed = try site.handed(instance) else { return nil }
        let look = OwnToolLook(handed, on: ports)
        var seen = look.seen()
        // A status may take a moment to tell what took its place.
        _ = try wait(upTo: .seconds(5), every: .seconds(1), from: .milliseconds(250), stoppable: false) {
            () throws(DeployError) in
            seen = look.seen()
            return !handed.isStill(seen)
        }
        let there = "where an earlier definition deployed it"
        switch seen {
        case .silent(let why), .misspoken(let why):
            return "nobody can tell whether release \(handed.release) goes on \(there): \(why.firstLine)"
        case .said(let answer):
            guard handed.isStill(seen) else { return nil }
            return "release \(handed.release) goes on \(there): \(look.scrub(answer.words)); stop it there"
                + " with the tool itself"
        }
    }
}

extension HandedRelease {
    fileprivate func isStill(_ seen: OwnToolLook.Seen) -> Bool {
        if case .said(let answer) = seen { answer.names(self) && answer.state != .stopped } else { false }
    }
}
