extension DefinitionLoader {
    /// What is said of the machine that serves, however wrong the rest of the definitions is.
    public struct FarWords: Sendable {
        /// nil where no definition names a host.
        public var address: FarAddress?
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
            guard let text = tree?["host"]?.text else { continue }
            guard let address = FarAddress(text) else {
                throw wrong("\"\(Shown.text(text))\" is no host", "it is \(TextRule.farAddress.expectation)")
            }
            guard words.address.map({ $0 == address }) ?? true else {
                throw wrong(
                    "Two hosts are named", "one project is served by one machine, in every environment")
            }
            words.address = address
        }
        return words
    }

    private func wrong(_ what: String, _ why: String) -> DeployError {
        DeployError(
            .invalidDefinition, what: what, why: why, next: "correct \"host\" in \(folder), best in base.json"
        )
    }
}
