/// Which volumes hold what services kept until now; pure.
struct KeptVolumes {
    /// The services that outlive releases as they were written last; nil where they never were.
    let before: JSONTree?

    /// Where a service keeps something.
    struct Place: Hashable, Comparable {
        var service: String
        /// Absolute, in the container.
        var target: String

        static func < (one: Place, other: Place) -> Bool {
            (one.service, one.target) < (other.service, other.target)
        }
    }

    /// The engine's names of all volumes of a written document.
    static func names(in document: JSONTree?) -> Set<String> {
        Set(document?["volumes"]?.members.values.compactMap { $0["name"]?.text } ?? [])
    }

    /// The engine's names of the volumes of one service as it was written; none for nil.
    func names(of service: String?) -> Set<String> {
        Set(Self.mounts(of: before).filter { $0.key.service == service }.values)
    }

    /// The engine's name of what is mounted where.
    static func mounts(of document: JSONTree?) -> [Place: String] {
        var mounts: [Place: String] = [:]
        for (service, tree) in document?["services"]?.members ?? [:] {
            for mount in tree["volumes"]?.items ?? [] where mount["type"]?.text == "volume" {
                guard let source = mount["source"]?.text, let target = mount["target"]?.text else { continue }
                mounts[Place(service: service, target: target)] =
                    document?["volumes"]?[source]?["name"]?.text
            }
        }
        return mounts
    }

    /// What a document may have made for it.
    ///
    /// - Throws: `.gateRefused` where a volume that held something is gone, or a service would begin on a new one beside
    ///   the one it kept its data in.
    func mayBeMade(for document: JSONTree, missing: Set<String>, in environment: Environment)
        throws(DeployError) -> Set<String>
    {
        let known = Self.names(in: before)
        if let lost = missing.intersection(known).min() { throw Self.lost(lost, of: keeper(lost)) }
        let earlier = Self.mounts(of: before)
        for (place, name) in Self.mounts(of: document).sorted(by: { $0.key < $1.key }) {
            guard missing.contains(name), let old = earlier[place], old != name else { continue }
            throw DeployError(
                .gateRefused, what: "Service \(place.service) would begin on the empty volume \(name)",
                why: "it keeps what it has at \(Shown.text(place.target, limit: 200)) in volume \(old)",
                next:
                    "name \(old) in \"volumes\" of environments/\(environment.name).json; or, to begin anew, docker volume create \(name)"
            )
        }
        return missing
    }

    /// - Throws: `.gateRefused` naming one of these that the last written document needs.
    func require(missing: Set<String>) throws(DeployError) {
        if let lost = missing.min() { throw Self.lost(lost, of: keeper(lost)) }
    }

    /// The same; one of the database's comes back by `way` where that is known.
    ///
    /// - Throws: `.gateRefused`, with the way.
    func require(missing: Set<String>, of database: String?, filledBy way: String?) throws(DeployError) {
        do throws(DeployError) { try require(missing: missing) } catch {
            guard let way, !missing.isDisjoint(with: names(of: database)) else { throw error }
            throw error.recast(as: error.code, next: way)
        }
    }

    private func keeper(_ volume: String) -> String? {
        Self.mounts(of: before).filter { $0.value == volume }.keys.min()?.service
    }

    private static func lost(_ volume: String, of service: String?) -> DeployError {
        DeployError(
            .gateRefused, what: "Volume \(volume) is gone",
            why:
                "\(service.map { "service \($0)" } ?? "a service") kept its data in it, and would begin on an empty one",
            next: "bring it back; or, to begin anew, docker volume create \(volume)")
    }
}
