/// Checks that nobody else has the names of an environment, or the ports where they are asked for.
struct NamesCheck {
    let site: Site

    /// nil for an environment without names.
    var finding: Finding? {
        let environment = site.environment
        guard !environment.hosts.isEmpty else { return nil }
        let look = LobbyLook(site: site)
        let (taken, names) = (look.taken, environment.hosts.joined(separator: ", "))
        guard taken.isEmpty else {
            return Finding(
                id: "\(environment.name) names",
                verdict: .refused(
                    taken.joined(separator: "; "),
                    next: "stop what is there, or change \"hosts\" in environments/\(environment.name).json"))
        }
        let verdict: Verdict =
            look.complaint.map { .warned($0, next: "deployctl restart \(environment.name)") }
            ?? .passed("nobody else has \(names)")
        return Finding(id: "\(environment.name) names", verdict: verdict)
    }
}
