import FoundationEssentials

/// Ends an instance that a run left to finish what it holds, a little with each look, so that nothing else waits for it.
struct DrainingInstance {
    let context: StepContext
    let id: String

    private var ports: Ports { context.ports }
    private var records: InstanceRecords { context.site.records }

    /// Whether it has gone now; the caller has the turn.
    func goOn() throws(DeployError) -> Draining? {
        guard var draining = records.draining(id) else { return nil }
        let now = ports.clock.now()
        let instance = records.read(id)
        if draining.cut == nil {
            let open = PublicSockets(site: context.site).connections(to: id)
            guard open == 0 || draining.isOver(at: now) else { return nil }
            // Nobody waits for an answer, or nobody may any longer.
            if let front = instance?.front { ports.processes.signal(front, open == 0 ? .quit : .terminate) }
            draining.cut = open
            try records.write(draining, of: id)
        }
        let services = instance?.services ?? []
        let groups = context.environment.stopOrder(of: services.map(\.name)).map { names in
            services.filter { names.contains($0.name) }
        }
        while draining.ended < groups.count {
            guard try hasEnded(groups[draining.ended], &draining, at: now) else { return nil }
            draining.ended += 1
            draining.asked = nil
        }
        guard try hasEndedWhatTheyLeft(services, &draining, at: now) else { return nil }
        try InstanceStopper(context: context).discardUndisturbed(id)
        return draining
    }

    private func hasEnded(_ group: [RunningService], _ draining: inout Draining, at now: Date)
        throws(DeployError) -> Bool
    {
        guard let asked = draining.asked else {
            try ask(group, &draining, at: now)
            return false
        }
        let stopping = StoppingTime(drain: context.environment.drain, isOver: draining.cut != 0)
        let late = group.filter { hasPassed(stopping.limit(of: $0), since: asked, at: now) }
        ports.end(late, politely: false)
        return ports.running(group).isEmpty
    }

    /// Where none had to be killed, what they began may end as politely.
    private func hasEndedWhatTheyLeft(
        _ services: [RunningService], _ draining: inout Draining, at now: Date
    ) throws(DeployError) -> Bool {
        guard !ports.processes.members(ofInstance: context.layout.instance(id)).isEmpty else { return true }
        guard let asked = draining.asked else {
            try ask(services, &draining, at: now)
            return false
        }
        return hasPassed(context.environment.drain, since: asked, at: now)
    }

    private func ask(_ services: [RunningService], _ draining: inout Draining, at now: Date)
        throws(DeployError)
    {
        ports.end(services, politely: true)
        draining.asked = now
        try records.write(draining, of: id)
    }

    private func hasPassed(_ limit: Duration, since asked: Date, at now: Date) -> Bool {
        let passed = now.timeIntervalSince(asked)
        return passed >= limit.seconds || passed < 0
    }
}
