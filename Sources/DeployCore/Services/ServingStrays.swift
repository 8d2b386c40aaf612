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

    /// They themselves; nil where nothing serves or there is none.
    var named: String? {
        guard let instance = site.records.current else { return nil }
        let strays = found(in: instance)
        return strays.isEmpty ? nil : strays.named
    }

    private func found(in instance: Instance) -> [Stray] {
        site.environment.serviceRuntime.strays(of: instance.services, in: instance.release, at: site)
    }
}
