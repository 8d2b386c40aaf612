import FoundationEssentials

extension Edge {
    /// Has the plain port answer an authority too, and changes nothing else of what is served.
    ///
    /// Where nothing serves yet the edge is started, without the https port that has no certificate.
    func answerAuthority() throws(DeployError) {
        guard let webroot = context.layout.certificates.challenges else { return }
        if running != nil, try isAnswering(from: webroot) { return }
        let site = serving ?? context.site
        _ = try open(EdgeConfiguration(site: site, challenges: webroot), until: [])
    }

    private func isAnswering(from webroot: String) throws(DeployError) -> Bool {
        let data = try context.ports.files.read(Nginx.file(in: context.layout.edge)) ?? Data()
        let place = ChallengeLocation(webroot: webroot, environment: context.environment).lines.first ?? ""
        let text = String(decoding: data, as: UTF8.self)
        return text.holds(place) && text.holds(NginxText.quoted(webroot))
    }

    /// Puts back the configuration of what serves.
    func answerAsBefore() throws(DeployError) {
        guard running != nil, let serving else { return }
        _ = try open(EdgeConfiguration(site: serving), until: [])
    }

    /// The place of the definition that started what serves; nil where nothing does.
    private var serving: Site? {
        guard running != nil, let run = context.site.records.currentID.flatMap(Timestamp.init(digits:)),
            let environment = (try? context.ports.state.definition(of: run)) ?? nil
        else { return nil }
        return context.site.workspace.site(environment)
    }
}
