/// Whether services that outlive releases were ever started for an environment.
struct DataTraces {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var ports: Ports { site.ports }
    private var layout: Layout { site.layout }

    /// No written description, and none of the volumes: then there is no data anywhere that could be asked for.
    ///
    /// An engine that does not answer leaves it open, which is no.
    var areNone: Bool {
        let environment = layout.environment
        guard environment.database?.service != nil,
            ports.files.kind(of: "\(layout.data)/compose.json") == nil
        else { return false }
        let result = ports.commands.run(CommandRequest(ContainerCommands.names(of: .volume)))
        let prefix = "\(environment.composeProject)_"
        return result.succeeded
            && !result.output.split(whereSeparator: \.isNewline).contains {
                environment.volumes.contains(String($0)) || $0.hasPrefix(prefix)
            }
    }
}
