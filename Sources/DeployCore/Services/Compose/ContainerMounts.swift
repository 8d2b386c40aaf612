/// What a data service's container mounts, as the engine sees it.
struct ContainerMounts: Hashable, Codable, Sendable {
    /// One place in the container.
    private struct Mount: Hashable, Codable, Sendable {
        var Kind: String
        /// The volume's, also where the engine made one up.
        var Name: String?
        var Destination: String

        enum CodingKeys: String, CodingKey {
            case Kind = "Type"
            case Name, Destination
        }
    }

    private var service: String?
    private var mounts: [Mount]?

    /// The engine's names of its volumes.
    var volumes: [KeptVolumes.Place: String] {
        var found: [KeptVolumes.Place: String] = [:]
        for mount in mounts ?? [] where mount.Kind == "volume" {
            found[.init(service: service ?? "", target: mount.Destination)] = mount.Name
        }
        return found
    }

    /// A line of JSON for the engine to fill in.
    static let format =
        #"{"service":{{json (index .Config.Labels "\#(ContainerLabels.service)")}},"mounts":{{json .Mounts}}}"#
}
