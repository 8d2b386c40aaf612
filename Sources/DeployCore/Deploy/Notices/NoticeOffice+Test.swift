extension NoticeOffice {
    /// Sends a message to every route now, and says what is wrong with each; nil where it took it.
    public func test(_ environment: Environment) -> [(route: String, problem: String?)] {
        environment.routes.map { route in
            var event = Event(
                .succeeded, in: environment.name, on: "test", at: workspace.ports.clock.now(),
                detail: "This is a test; nothing happened.")
            event.sequence = 0
            let notice = Notice(
                Delivery(event, to: route.name, severity: route.severity ?? .p2, at: event.at),
                of: environment.project, at: event.at, run: nil)
            let sender = NoticeSender(
                workspace: workspace, route: route, notice: notice, secrets: secrets(of: environment),
                isTest: true)
            do throws(DeployError) {
                let errand = try sender.errand()
                guard let request = errand.request else { return (route.name, nil) }
                defer { errand.finish() }
                return (route.name, errand.complaint(workspace.ports.commands.run(request))?.words)
            } catch {
                return (route.name, "\(error.what): \(error.why)")
            }
        }
    }
}
