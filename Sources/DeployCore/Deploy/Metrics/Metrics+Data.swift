import FoundationEssentials

/// What visitors got, what protects the data, and whether a promotion would happen.
extension Metrics {
    /// Windows of the burn rate, in hours.
    private static let windows = [1, 6, 24, 72, 720]

    static func traffic(_ all: [MeasuredEnvironment]) -> [MetricFamily] {
        var requests = MetricFamily("http_requests", .counter, "Requests that were answered.")
        var times = MetricFamily(
            "http_request_duration_seconds", .histogram, "How long requests took to be answered.")
        var objective = MetricFamily("slo_objective_ratio", .gauge, "What part must not fail.")
        var left = MetricFamily(
            "slo_error_budget_ratio", .gauge, "What is left of the failures of thirty days; 1 for all.")
        var burn = MetricFamily(
            "slo_burn_rate_ratio", .gauge,
            "How fast failures are spent; at 1 the budget lasts just as long as the window.")
        for one in all {
            objective.add(ErrorBudget.objective, ["environment": one.name])
            guard !one.traffic.isEmpty else { continue }
            for (statusClass, count) in one.traffic.requests {
                requests.add(Double(count), ["environment": one.name, "code": "\(statusClass)xx"])
            }
            one.traffic.addBuckets(to: &times, of: one.name)
            let budget = ErrorBudget(one.traffic, at: one.now)
            left.add(budget.left, ["environment": one.name])
            for hours in windows {
                burn.add(budget.burnRate(hours: hours), ["environment": one.name, "window": "\(hours)h"])
            }
        }
        return [requests, times, objective, left, burn]
    }

    static func data(_ all: [MeasuredEnvironment]) -> [MetricFamily] {
        var count = MetricFamily("backups", .gauge, "Backups that are kept.")
        var taken = MetricFamily(
            "backup_timestamp_seconds", .gauge, "When the newest backup was made, in seconds since 1970.")
        var size = MetricFamily("backup_size_bytes", .gauge, "Of the newest backup.")
        var proved = MetricFamily("backup_proved", .gauge, "Whether the newest backup was proved to restore.")
        var proof = MetricFamily(
            "backup_proof_timestamp_seconds", .gauge, "When the newest backup was proved last.")
        var restore = MetricFamily("backup_restore_seconds", .gauge, "How long its proof took to restore it.")
        var free = MetricFamily("disk_free_bytes", .gauge, "What may still be written where something lies.")
        var expiry = MetricFamily(
            "certificate_not_after_timestamp_seconds", .gauge, "When the certificate expires.")
        var ran = MetricFamily("schedule_last_run_timestamp_seconds", .gauge, "When a schedule began last.")
        var well = MetricFamily("schedule_last_success", .gauge, "Whether its last run ended well.")
        var notices = MetricFamily("notifications", .gauge, "Messages by what became of them.")
        for one in all {
            notices.add(Double(one.notices.waiting), ["environment": one.name, "state": "waiting"])
            notices.add(Double(one.notices.dead), ["environment": one.name, "state": "dead"])
            count.add(Double(one.backups), ["environment": one.name])
            if let backup = one.status.lastBackup {
                taken.add(backup.createdAt, ["environment": one.name])
                size.add(Double(backup.bytes), ["environment": one.name])
                proved.add(backup.verified == .restored, ["environment": one.name])
                proof.add(backup.provedAt, ["environment": one.name])
                restore.add(backup.restoreSeconds, ["environment": one.name])
            }
            for (place, bytes) in one.freeBytes {
                free.add(Double(bytes), ["environment": one.name, "place": place])
            }
            expiry.add(one.status.look.certificate?.certificate?.until, ["environment": one.name])
            for look in one.schedules {
                guard let last = look.last, let status = last.status else { continue }
                ran.add(last.started, ["environment": one.name, "schedule": look.schedule.name])
                well.add(status == 0, ["environment": one.name, "schedule": look.schedule.name])
            }
        }
        return [count, taken, size, proved, proof, restore, free, expiry, ran, well, notices]
    }

    static func promotion(_ status: Status) -> [MetricFamily] {
        var ready = MetricFamily("promotion_ready", .gauge, "Whether no gate refuses.")
        var gates = MetricFamily("gate_verdict", .gauge, "1 for what a gate says.")
        guard let promotion = status.promotion else { return [] }
        ready.add(promotion.isReady, [:])
        for gate in promotion.gates {
            gates.add(
                gate.verdict.kind.rawValue, of: Verdict.Kind.allCases.map(\.rawValue), as: "verdict",
                ["gate": gate.id])
        }
        return [ready, gates]
    }
}

extension [Traffic] {
    /// By class of status, in order.
    fileprivate var requests: [(Int, Int)] {
        Dictionary(grouping: self, by: \.statusClass)
            .mapValues { $0.reduce(0) { $0 + $1.requests } }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    fileprivate func addBuckets(to family: inout MetricFamily, of environment: String) {
        var below = 0
        for (slot, limit) in (Traffic.limits + [.infinity]).enumerated() {
            below += lazy.filter { $0.slot == slot }.reduce(0) { $0 + $1.requests }
            family.add(
                Double(below), ["environment": environment, "le": limit.isInfinite ? "+Inf" : "\(limit)"],
                suffix: "_bucket")
        }
        family.add(reduce(0) { $0 + $1.seconds }, ["environment": environment], suffix: "_sum")
        family.add(Double(below), ["environment": environment], suffix: "_count")
    }
}
