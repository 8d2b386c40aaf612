/// Checks that services can run as the account that a definition names.
struct AccountCheck {
    let site: Site

    /// nil where it names none.
    var finding: Finding? {
        guard let name = site.environment.user else { return nil }
        let id = "\(site.environment.name) account"
        do throws(DeployError) { try UsableAccount(site: site).check() } catch {
            return Finding(id: id, verdict: .refused("\(error.what): \(error.why)", next: error.next))
        }
        return Finding(id: id, verdict: .passed("services run as \(name)"))
    }
}
