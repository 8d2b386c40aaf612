/// What is asked of the newest deployments takes as long however many there are.
extension StateStore {
    /// Moves to releases, newest first, and no more of them than it takes until they are enough.
    func releaseMoves(of environment: String, until areEnough: ([Deployment]) -> Bool) throws(DeployError)
        -> [Deployment]
    {
        try newest(until: areEnough) { limit throws(DeployError) in
            try releaseMoves(of: environment, limit: limit)
        }
    }

    /// Moves to releases, newest first: all that may have led to one of these, which were made before anything moved to them.
    func releaseMoves(of environment: String, to releases: Set<Timestamp>) throws(DeployError) -> [Deployment]
    {
        guard let oldest = releases.min() else { return [] }
        return try releaseMoves(of: environment) { $0.last.map { $0.timestamp < oldest } ?? true }
            .filter { $0.release.map(releases.contains) == true }
    }

    /// Deployments of any kind and outcome, newest first, that were about one of these releases.
    func deployments(of environment: String, about releases: Set<Timestamp>) throws(DeployError)
        -> [Deployment]
    {
        guard let oldest = releases.min() else { return [] }
        return try newest(until: { $0.last.map { $0.timestamp < oldest } ?? true }) {
            limit throws(DeployError) in
            try deployments(of: environment, limit: limit)
        }.filter { $0.release.map(releases.contains) == true }
    }

    private func newest(
        until areEnough: ([Deployment]) -> Bool, _ read: (Int) throws(DeployError) -> [Deployment]
    ) throws(DeployError) -> [Deployment] {
        var limit = 100
        while true {
            let found = try read(limit)
            if found.count < limit || areEnough(found) { return found }
            limit *= 4
        }
    }
}
