/// Services as containers of the project's own Compose file.
struct ComposeHost: ServiceHost {
    let context: StepContext

    func start(
        _ services: [Service], of instance: Instance,
        record: (RunningService) throws(DeployError) -> Void
    ) throws(DeployError) {
        throw Self.missing
    }

    func restart(_ service: Service, of instance: Instance, as before: RunningService) throws(DeployError)
        -> RunningService
    {
        throw Self.missing
    }

    func end(_ services: [RunningService], politely: Bool) {}

    func sweep(_ id: String) throws(DeployError) -> Bool { throw Self.missing }

    func stranger(onPort port: Int, insteadOf service: RunningService) -> String? { nil }

    private static var missing: DeployError {
        DeployError(
            .unexpected, what: "Compose is not supported yet", why: "it is not built", next: "use process")
    }
}
