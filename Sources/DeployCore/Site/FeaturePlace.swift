import FoundationEssentials

/// The features of an environment: as its definition says, until somebody switches one.
///
/// What was switched stays through deployments, restarts and rollbacks. Services read a file that is replaced as a whole,
/// so whoever reads it sees the switches before or after.
struct FeaturePlace {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// In the folder that services see: an object with the percent of each feature.
    static let file = "features.json"

    /// Where the file lies on this machine.
    var path: String { "\(layout.features)/\(Self.file)" }

    /// Sorted by name.
    func all() throws(DeployError) -> [Feature] { features(switched: try switches()) }

    /// As they are now; nil where the definition has none.
    var shares: [String: FeatureShare]? {
        get throws(DeployError) {
            let all = try all()
            return all.isEmpty ? nil : Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.share) })
        }
    }

    /// nil: the definition has none of this name.
    func feature(_ name: String) throws(DeployError) -> Feature? { try all().first { $0.name == name } }

    /// Gives a feature a share; nil: the one of its definition.
    ///
    /// What services read is written last, and once more at each start, so a run that is cut off leaves them as before.
    func set(_ name: String, to change: FeatureChoice?) throws(DeployError) {
        var switched = try switches()
        switched[name] = change
        try files.publish(try JSON.data(switched), to: layout.switches)
        try publish()
    }

    /// Writes what services read; what another release has besides stays in it, as that may still serve.
    func publish() throws(DeployError) {
        guard let shares = try shares else { return }
        let all = (try? published())?.merging(shares) { $1 } ?? shares
        try files.makeFolder(layout.features)
        // Whoever watches the file may read it from its first moment.
        let ahead = "\(layout.features)/.next"
        try files.publish(try JSON.data(all), to: ahead)
        try files.grant(.readingForAll, at: ahead)
        try files.grant(.readingForAll, at: layout.features)
        try files.rename(ahead, to: path)
    }

    /// What services read now; nil where there is nothing.
    func published() throws(DeployError) -> [String: FeatureShare]? {
        try files.read(path).map { data throws(DeployError) in
            try JSON.value([String: FeatureShare].self, from: data, named: path)
        }
    }

    /// What a service that starts now gets of them beside the file.
    func variables() throws(DeployError) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try all().map {
                (Environment.featureVariable($0.name), $0.share.description)
            })
    }

    private func features(switched: [String: FeatureChoice]) -> [Feature] {
        site.environment.features.sorted { $0.key < $1.key }.map { name, share in
            let change = switched[name]
            return Feature(name: name, share: change?.share ?? share, switched: change)
        }
    }

    private func switches() throws(DeployError) -> [String: FeatureChoice] {
        guard let data = try files.read(layout.switches) else { return [:] }
        return try JSON.value([String: FeatureChoice].self, from: data, named: layout.switches)
    }
}
