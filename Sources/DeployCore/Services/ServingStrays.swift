/// Files that what serves keeps beside its code.
struct ServingStrays {
    let site: Site

    /// nil where nothing serves or there is none.
    var warning: String? {
        guard let instance = site.records.current else { return nil }
        return warning(of: instance)
    }

    func warning(of instance: Instance) -> String? {
        found(in: instance).warning(of: instance.release, in: site.environment)
    }

    /// Databases among them, named; nil where there is none.
    var databases: String? {
        guard let instance = site.records.current else { return nil }
        let databases = found(in: instance).filter(\.isDatabase)
        return databases.isEmpty ? nil : databases.named
    }

    private func found(in instance: Instance) -> [Stray] {
        site.environment.serviceRuntime.strays(of: instance.services, in: instance.release, at: site)
    }
}
