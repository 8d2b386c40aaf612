/// Checks that no other program listens where an environment is to be reached.
struct PortCheck {
    let site: Site

    /// nil for an environment without public ports.
    var finding: Finding? {
        let environment = site.environment
        guard !environment.ports.isEmpty else { return nil }
        let id = "\(environment.name) ports"
        do throws(DeployError) {
            let taken = try TakenPorts(site: site).all()
            guard taken.isEmpty else {
                return Finding(
                    id: id,
                    verdict: .refused(taken.joined(separator: "; "), next: TakenPorts.next(environment)))
            }
        } catch {
            return Finding(id: id, verdict: .skipped("not looked at: \(error.what)"))
        }
        let list = Set(environment.ports.values).sorted().map { "\($0)" }.joined(separator: ", ")
        return Finding(id: id, verdict: .passed("no other program holds \(list)"))
    }

    /// Whether this account may listen there; nil where it may.
    var right: Finding? {
        let low = RootsPorts(site: site)
        return low.complaint.map {
            Finding(id: "\(site.environment.name) low ports", verdict: .refused($0, next: low.next))
        }
    }
}
