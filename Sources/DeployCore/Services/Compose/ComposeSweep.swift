/// Removes everything with some labels from the engine.
struct ComposeSweep {
    let engine: ContainerCommands
    let commands: any CommandRunner

    /// Ends containers at once and removes them, then their own networks; true when nothing is left.
    func sweep(_ labels: [String: String]) throws(DeployError) -> Bool {
        let containers = try engine.ids(labels)
        if let result = engine.remove(containers), !result.succeeded { return false }
        for network in try engine.networks(labels) {
            let result = commands.run(CommandRequest(Command("docker", ["network", "rm", "--", network])))
            guard result.succeeded else { return false }
        }
        return true
    }
}
