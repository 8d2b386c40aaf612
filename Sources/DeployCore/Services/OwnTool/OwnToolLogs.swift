extension Site {
    /// The last lines services wrote, as the project's own tool prints them; nil where it does not run them.
    ///
    /// - Throws: `.notFound` where nothing was deployed or nobody can tell, `.stepFailed` when the tool fails.
    public func ownToolLogs() throws(DeployError) -> [String]? {
        guard environment.runtime.ownTool != nil else { return nil }
        guard let id = records.current?.id, let handed = try handed(id) else {
            throw DeployError(
                .notFound, what: "Nothing is deployed to \(environment.name)",
                why: "the project's own tool was given no release", next: "deployctl status")
        }
        let look = OwnToolLook(handed, on: ports)
        guard let request = look.request(handed.environment.runtime.ownTool?.logs, within: .seconds(60))
        else {
            throw DeployError(
                .notFound, what: "The logs of \(environment.name) are kept elsewhere",
                why: "the definition it was deployed with has no \"logs\" in \"runtime\"",
                next: "ask the tool itself, or add \"logs\" to \"runtime\" and deploy")
        }
        let result = ports.commands.run(try own(request))
        guard result.succeeded else {
            throw DeployError(
                .stepFailed, what: "The project's own tool does not show the logs of \(environment.name)",
                why: look.words(for: result, of: request), next: "deployctl doctor")
        }
        return look.scrub(result.output).lines.map { String($0) }
    }
}
