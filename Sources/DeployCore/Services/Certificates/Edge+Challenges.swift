import FoundationEssentials

extension Edge {
    /// Has the plain port answer an authority too, and changes nothing else of what is served.
    ///
    /// Where nothing serves yet the edge is started, without the https port that has no certificate. Of names the lobby
    /// leads nothing else to it until they are let in.
    func answerAuthority() throws(DeployError) {
        guard let webroot = context.layout.certificates.challenges else { return }
        let door = try askedDoor
        let isAnswering = try isAnswering(from: webroot, at: door)
        if running == nil || !isAnswering {
            let site = serving ?? context.site
            _ = try open(EdgeConfiguration(site: site, challenges: webroot, askedDoor: door), until: [])
        }
        let names = EdgeNames(context: context)
        if door != nil {
            try context.site.undisturbed { () throws(DeployError) in try names.answerAuthority() }
        }
    }

    /// nil where the lobby lets in every name, or there is none.
    private var askedDoor: String? {
        get throws(DeployError) {
            guard try EdgeNames.asked(context.site) != nil else { return nil }
            return try LobbyPlace(context.site)?.askedDoor(of: context.layout)
        }
    }

    private func isAnswering(from webroot: String, at door: String?) throws(DeployError) -> Bool {
        let data = try context.ports.files.read(Nginx.file(in: context.layout.edge)) ?? Data()
        let place = ChallengeLocation(webroot: webroot, environment: context.environment).lines.first ?? ""
        let text = String(decoding: data, as: UTF8.self)
        return text.holds(place) && text.holds(NginxText.quoted(webroot))
            && door.map { text.holds(NginxText.quoted("unix:\($0)")) } ?? true
    }

    /// Puts back the configuration of what serves.
    func answerAsBefore() throws(DeployError) {
        var failure: DeployError?
        do throws(DeployError) { try stopAnswering() } catch { failure = error }
        if running != nil, let serving { _ = try open(EdgeConfiguration(site: serving), until: []) }
        if let failure { throw failure }
    }

    /// Ends the way of an authority through the lobby.
    func stopAnswering() throws(DeployError) {
        let names = EdgeNames(context: context)
        try context.site.undisturbed { () throws(DeployError) in try names.stopAnswering() }
    }

    /// The place of the definition that started what serves; nil where nothing does.
    private var serving: Site? {
        guard running != nil, let run = context.site.records.currentID.flatMap(Timestamp.init(digits:)),
            let environment = (try? context.ports.state.definition(of: run)) ?? nil
        else { return nil }
        return context.site.workspace.site(environment)
    }
}
