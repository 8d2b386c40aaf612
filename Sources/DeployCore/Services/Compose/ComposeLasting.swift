/// What services write may not lie where it goes away with a release; pure.
struct ComposeLasting {
    let unit: ComposeUnit

    /// - Throws: `.invalidDefinition` naming the service that would write into its release.
    func check() throws(DeployError) {
        for service in (unit.environment.appServices + unit.environment.jobs).map(\.name) {
            for mount in try unit.file.required(service)["volumes"]?.items ?? [] {
                try check(mount, of: service)
            }
        }
    }

    /// What has content is only read; a folder to be filled is where uploads are kept.
    private func check(_ mount: JSONTree, of service: String) throws(DeployError) {
        let ground = unit.file.ground
        guard mount["type"]?.text == "bind", mount["read_only"] != .bool(true),
            let source = mount["source"]?.text.map(ComposeText.plain),
            ground.objectionToSource(source) == nil, !ground.isContent(source)
        else { return }
        let place = Shown.text(ground.name(of: source), limit: 200)
        throw unit.file.refusal(
            "services.\(service).volumes",
            "the service may write to \(place), which is a part of its release: with the next one it is as committed again",
            next:
                "add \":ro\" where it is only read; where it is to stay add \"\(place)\" to \"shared\" of environments/\(unit.environment.name).json"
        )
    }
}
