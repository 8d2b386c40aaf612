/// Data services that run and serve nobody, because somebody touched their containers.
struct DataWaking {
    let context: StepContext

    /// Lets those go on that somebody paused, and brings back those that somebody took off the network.
    func wake(_ states: [ContainerState]) throws(DeployError) {
        let paused = states.filter { $0.status == "paused" }.map(\.id)
        if !paused.isEmpty {
            try context.run(
                CommandRequest(ContainerCommands.unpause(paused), deadline: .seconds(60)),
                because: "The data services do not go on")
            // Its health check failed while it was paused, and says so until it runs again.
            _ = try context.wait(upTo: .seconds(60), every: .milliseconds(500)) { () throws(DeployError) in
                try !context.ports.engine.inspect(paused).contains { $0.health == "unhealthy" }
            }
        }
        let network = context.environment.networkName
        for state in states where state.isRunning && state.isOff(network) {
            try context.run(
                CommandRequest(ContainerCommands.connect(state.id, to: network, as: state.service)),
                because: "Service \(state.service) cannot be brought back to network \(network)")
        }
    }
}
