/// Files that what serves keeps beside its code.
struct ServingStrays {
    let site: Site

    /// What becomes of them, as a sentence; nil where nothing serves or there is none.
    var warning: String? {
        guard let instance = site.records.current else { return nil }
        return found(in: instance).warning(of: instance.release, in: site.environment)
    }

    /// They themselves, the first of them by name; nil where nothing serves or there is none.
    var named: String? {
        guard let instance = site.records.current else { return nil }
        let strays = found(in: instance)
        return strays.isEmpty ? nil : strays.named
    }

    private func found(in instance: Instance) -> [Stray] {
        site.environment.serviceRuntime.strays(of: instance.services, in: instance.release, at: site)
    }
}
