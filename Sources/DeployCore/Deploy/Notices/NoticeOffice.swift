import FoundationEssentials

/// Decides who is told of what happened, and tells them; whoever runs next does it, and the keeper.
///
/// A message may be sent twice where its sender was killed in between, with the same id. It never changes how a run ends.
public final class NoticeOffice {
    let workspace: Workspace
    private let definitions: DefinitionLoader

    public init(_ workspace: Workspace, definitions: DefinitionLoader) {
        (self.workspace, self.definitions) = (workspace, definitions)
    }

    private var ports: Ports { workspace.ports }
    private var deployed: DeployedDefinitions { DeployedDefinitions(ports, written: definitions) }

    private var known: [String: Environment?] = [:]

    /// What is older is nobody's news any more, in seconds.
    private static let newsworthy = 86_400.0
    /// After so many tries a message is given up: about eight hours.
    private static let tries = 18
    /// After so many of those that can never be taken.
    private static let triesOfWhatIsRefused = 3
    /// How long events and who was told of them are kept, in seconds.
    private static let kept = 90 * 86_400.0
    /// With less time than that nothing is begun.
    private static let shortestCall = 1.0

    /// Routes, escalates and sends what is due, until nothing is, or `limit` has passed.
    ///
    /// - Returns: how many messages were sent; nil where somebody else is at it.
    @discardableResult
    public func work(within limit: Duration) throws(DeployError) -> Int? {
        guard try ports.state.hasNotices(at: ports.clock.now()) else { return 0 }
        try ports.files.makeFolder(Layout.tool(workspace.project))
        guard let held = try ports.files.lock("\(Layout.tool(workspace.project))/notices") else { return nil }
        defer { withExtendedLifetime(held) {} }
        let end = ports.clock.now().addingTimeInterval(limit.seconds)
        var sent = 0
        while ports.interruption.requested() == nil {
            try routeEvents()
            try escalate()
            let due = try ports.state.dueDeliveries(at: ports.clock.now())
            let left = end.timeIntervalSince(ports.clock.now())
            guard !due.isEmpty, left > Self.shortestCall else { break }
            sent += try send(Array(due.prefix(16)), before: end)
        }
        try ports.state.pruneNotices(before: ports.clock.now().addingTimeInterval(-Self.kept))
        return sent
    }

    private func routeEvents() throws(DeployError) {
        while true {
            let events = try ports.state.unroutedEvents(limit: 500)
            guard let first = events.first else { return }
            // Who is told that something is over depends on who was told of it.
            let rest = events.dropFirst().prefix { $0.kind != .recovered }
            try ports.state.route(
                try ([first] + rest).map { event throws(DeployError) in
                    (event: event.sequence, to: try deliveries(of: event))
                })
        }
    }

    private func deliveries(of event: Event) throws(DeployError) -> [Delivery] {
        let now = ports.clock.now()
        guard now.timeIntervalSince(event.at) < Self.newsworthy else { return [] }
        return try routes(toTellOf: event).map { route, severity in
            var delivery = Delivery(event, to: route.name, severity: severity, at: now)
            if let escalation = route.escalation, event.kind.isTrouble {
                delivery.escalateAt = now.addingTimeInterval(escalation.after.seconds)
                delivery.escalateTo = escalation.to
            }
            return delivery
        }
    }

    /// That something is over is told to those who were told of it.
    private func routes(toTellOf event: Event) throws(DeployError) -> [(Environment.Route, Event.Severity)] {
        let routes = routes(for: event)
        guard event.kind == .recovered, let first = event.detail.flatMap(Int64.init) else {
            return routes.filter { $0.takes(event.kind) && (event.kind.isTrouble || !$0.keepsIncidents) }.map
            { ($0, $0.severity ?? event.kind.severity) }
        }
        let told = try ports.state.routes(toldOfTroubleSince: first)
        let kind = event.subject.split(at: " ").first.flatMap { Event.Kind(rawValue: String($0)) }
        return routes.filter { route in route.takes(.recovered) || told.contains { $0 == route.name } }
            .map { ($0, $0.severity ?? kind?.severity ?? event.kind.severity) }
    }

    private func routes(for event: Event) -> [Environment.Route] {
        definition(for: event)?.routes ?? []
    }

    /// That of the run that it is about, otherwise of the one that serves.
    private func definition(for event: Event) -> Environment? {
        let run = Timestamp(digits: event.subject)
        let name = "\(event.environment) \(run.map { "\($0)" } ?? "")"
        if let found = known[name] { return found }
        let own = run.flatMap { (try? ports.state.definition(of: $0)) ?? nil }
        let found = own ?? (try? deployed.load(event.environment))
        known[name] = .some(found)
        return found
    }

    private func escalate() throws(DeployError) {
        let now = ports.clock.now()
        for one in try ports.state.escalations(at: now) {
            let route = routes(for: one.event).first { $0.name == one.escalateTo ?? "" }
            guard one.event.answeredBy == nil, one.event.overAt == nil, let route else {
                try ports.state.escalate(one.sequence, to: nil)
                continue
            }
            var next = Delivery(one.event, to: route.name, severity: one.severity, at: now)
            if let further = route.escalation {
                next.escalateAt = now.addingTimeInterval(further.after.seconds)
                next.escalateTo = further.to
            }
            try ports.state.escalate(one.sequence, to: next)
        }
    }

    /// All at once; each queue has one among them at most.
    private func send(_ due: [Delivery], before end: Date) throws(DeployError) -> Int {
        var done: [Delivery] = []
        var open: [(delivery: Delivery, errand: NoticeSender.Errand)] = []
        for delivery in due where ports.clock.now() < end {
            do throws(DeployError) {
                let errand = try errand(delivery)
                if errand.request == nil {
                    done.append(settled(delivery, nil))
                } else {
                    open.append((delivery, errand))
                }
            } catch {
                done.append(settled(delivery, NoticeFailure("\(error.what): \(error.why)")))
            }
        }
        let left = Duration.seconds(max(Self.shortestCall, end.timeIntervalSince(ports.clock.now())))
        let results = ports.commands.runTogether(
            open.compactMap(\.errand.request).map { request in
                var request = request
                request.deadline = min(request.deadline, left)
                return request
            })
        for (one, result) in zip(open, results) {
            one.errand.finish()
            // Somebody who goes away is no fault of the route.
            if result.ending == .interrupted { continue }
            done.append(settled(one.delivery, one.errand.complaint(result)))
        }
        try ports.state.update(done)
        return done.filter { $0.state == .sent }.count
    }

    private func errand(_ delivery: Delivery) throws(DeployError) -> NoticeSender.Errand {
        let event = delivery.event
        guard let route = routes(for: event).first(where: { $0.name == delivery.route }) else {
            throw DeployError(
                .notFound, what: "There is no route \(delivery.route) any more",
                why: "the definition of \(event.environment) names none", next: "deployctl notifications")
        }
        let run = try Timestamp(digits: event.subject).flatMap { run throws(DeployError) in
            try ports.state.deployment(run)
        }
        let project = definition(for: event)?.project ?? Path.name(workspace.project)
        let notice = Notice(delivery, of: project, at: ports.clock.now(), run: run)
        let secrets = definition(for: event).map(secrets) ?? []
        return try NoticeSender(workspace: workspace, route: route, notice: notice, secrets: secrets).errand()
    }

    /// Values that can be had without running anything.
    func secrets(of environment: Environment) -> [String] {
        environment.allSecrets.compactMap { name, source in
            if case .command = source { return nil }
            return (try? ports.secrets.fetch(source, named: name))?.exposed
        }
    }

    private func settled(_ delivery: Delivery, _ complaint: NoticeFailure?) -> Delivery {
        let (now, before) = (ports.clock.now(), delivery.error)
        var delivery = delivery
        delivery.attempts += 1
        delivery.error = complaint.map { Shown.text($0.words, limit: 400) }
        guard let complaint else {
            (delivery.state, delivery.sentAt) = (.sent, now)
            return delivery
        }
        // What a route answers while it is being replaced is seen once only.
        let isRefused = complaint.isFinal && before == delivery.error
        if delivery.attempts >= (isRefused ? Self.triesOfWhatIsRefused : Self.tries) {
            delivery.state = .dead
        }
        var pause = 5.0
        for _ in 1..<delivery.attempts { pause = min(pause * 2, Delivery.longestPause) }
        if let asked = complaint.pause { pause = max(pause, min(asked.seconds, Delivery.longestPause)) }
        delivery.nextAt = now.addingTimeInterval(pause)
        return delivery
    }
}
