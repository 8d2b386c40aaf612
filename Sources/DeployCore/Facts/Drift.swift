import FoundationEssentials

/// Finds where the world was changed by hand since the last deployment.
struct Drift {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// What differs, in words.
    func found(by facts: EnvironmentFacts) -> [String] {
        var found: [String] = []
        if let serving = facts.serving, let release = facts.release?.timestamp, serving.release != release {
            found.append("release \(serving.release) serves, the state says \(release)")
        }
        if let release = facts.release?.timestamp, facts.serving != nil {
            if files.kind(of: layout.release(release)) != .folder {
                found.append("the folder of release \(release) is gone")
            }
            if let target = files.linkTarget(layout.currentRelease), target != "releases/\(release)" {
                found.append("current points to \(target) instead of releases/\(release)")
            }
        }
        if let id = site.records.currentID, site.records.read(id)?.holds != nil {
            found.append("writes are answered with 503: a run ended while it held them")
        }
        found += StrayInstances(site).found.map {
            "deployment \($0) still runs, although it does not serve; the next deployment ends it"
        }
        if let database = facts.serving?.database, let linked = facts.database, database != linked {
            found.append(
                "the services use \(Path.name(database.name)), the link names \(Path.name(linked.name))")
        }
        if facts.environment.runtime.strategy == .blueGreen, facts.serving != nil {
            switch EdgeConfiguration(site: site).drift {
            case .none: break
            case .certificate:
                let lying = site.certificateFiles?.look(for: site.environment.certificateNames)
                let isGood =
                    switch lying {
                    case .missing, .wrong: false
                    default: true
                    }
                found.append(
                    isGood
                        ? "another certificate is served than lies there now: deployctl restart \(facts.environment.name)"
                        : "the certificate that lies there now is no good, and another is served: deployctl doctor"
                )
            case .other:
                found.append(
                    "the edge's configuration is not what the definition gives: deployctl restart \(facts.environment.name)"
                )
            }
        }
        if facts.serving != nil, let release = facts.release?.timestamp {
            found += LinkedFiles(site: site).drift(of: release)
        }
        return found + facts.environment.serviceRuntime.drift(of: site, serving: facts.serving)
    }
}
