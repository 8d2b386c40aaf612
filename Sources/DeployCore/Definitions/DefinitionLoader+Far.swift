extension DefinitionLoader {
    /// What is said of the machine that serves, however wrong the rest of the definitions is.
    public struct FarWords: Sendable {
        /// In the order they are written; none where no definition names a host.
        public var addresses: [FarAddress] = []
        /// nil where no definition says.
        public var batch: Int?
        /// The project's name; nil where no definition has one.
        public var project: String?
    }

    /// - Throws: `.invalidDefinition` when a host cannot be one, or when two are named.
    public func farWords() throws(DeployError) -> FarWords {
        var words = FarWords()
        for name in names() {
            let tree = try source.merged(source.path(of: "\(name).json")).tree
            if let project = tree?["project"]?.text, TextRule.name.accepts(project) {
                words.project = words.project ?? project
            }
            words.batch = words.batch ?? tree?["batch"]?.integer
            guard let host = tree?["host"] else { continue }
            let addresses = try Self.hosts(host).map { text throws(DeployError) in
                guard let address = FarAddress(text) else {
                    throw wrong(
                        "\"\(Shown.text(text))\" is no host", "it is \(TextRule.farAddress.expectation)")
                }
                return address
            }
            guard words.addresses.isEmpty || words.addresses == addresses else {
                throw wrong(
                    "Environments name other hosts",
                    "one project is served by the same machines, in every environment")
            }
            words.addresses = addresses
        }
        return words
    }

    /// The texts of the key.
    static func hosts(_ host: Located) -> [String] { host.text.map { [$0] } ?? host.texts }

    private func wrong(_ what: String, _ why: String) -> DeployError {
        DeployError(
            .invalidDefinition, what: what, why: why, next: "correct \"host\" in \(folder), best in base.json"
        )
    }
}
