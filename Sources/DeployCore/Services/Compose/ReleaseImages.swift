import FoundationEssentials

/// The images a release was built with, by service; sealed with its folder.
struct ReleaseImages: Hashable, Codable, Sendable {
    /// One image: the name it was made under, and the id that is run.
    struct Image: Hashable, Codable, Sendable {
        var image: String
        var id: String
    }

    var services: [String: Image]

    /// The file's name in a release folder.
    static let fileName = "IMAGES"

    var ids: [String: String] { services.mapValues(\.id) }

    /// The record of a release folder; nil when it has none.
    static func read(_ files: any FileStore, in folder: String) throws(DeployError) -> ReleaseImages? {
        guard let data = try files.read(fileName, beneath: folder) else { return nil }
        return ReleaseImages(
            services: try JSON.value([String: Image].self, from: data, named: "\(folder)/\(fileName)"))
    }

    func write(_ files: any FileStore, to folder: String) throws(DeployError) {
        try files.publish(try JSON.data(services) + Data("\n".utf8), to: "\(folder)/\(Self.fileName)")
    }

    /// Under what name deployctl builds a service's image.
    static func name(_ environment: Environment, _ service: String, _ release: Timestamp) -> String {
        (environment.runtime.registry.map { "\($0)/" } ?? "") + "\(environment.project)-\(service):\(release)"
    }
}
