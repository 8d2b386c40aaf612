extension EdgeNames {
    /// Whom the lobby has to know while an authority asks for names that it does not let in yet; nil where it lets in all.
    static func asked(_ site: Site) throws(DeployError) -> Tenant? {
        guard var tenant = try Tenant(site) else { return nil }
        if let present = present(site), (present.http, present.https) == (tenant.http, tenant.https) {
            tenant.hosts = tenant.hosts.filter { !present.hosts.contains($0) }
        }
        guard !tenant.hosts.isEmpty else { return nil }
        (tenant.certificate, tenant.isAsked) = (nil, true)
        return tenant
    }

    /// Has the lobby lead to the edge what an authority asks for, and nothing else by the same names.
    func answerAuthority() throws(DeployError) {
        guard let tenant = try Self.asked(context.site) else { return }
        _ = try lobby(of: tenant).admit(tenant)
    }

    /// Ends that.
    func stopAnswering() throws(DeployError) {
        let id = Tenant.id(of: context.layout, isAsked: true)
        guard let place = try LobbyPlace(context.site), context.ports.files.kind(of: place.tenant(id)) != nil
        else { return }
        try Lobby(context: context, place: place).dismiss(id)
    }
}
