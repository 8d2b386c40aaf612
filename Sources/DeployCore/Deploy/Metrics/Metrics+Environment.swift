import FoundationEssentials

/// How environments and what runs in them stand.
extension Metrics {
    static func state(_ all: [MeasuredEnvironment]) -> [MetricFamily] {
        var state = MetricFamily("environment_state", .gauge, "1 for the word that says how it stands.")
        var healthy = MetricFamily("environment_healthy", .gauge, "Whether it serves its release well.")
        var release = MetricFamily("release_info", .gauge, "The release that is current.")
        var drift = MetricFamily("environment_drift", .gauge, "Things that were changed by hand.")
        var unfinished = MetricFamily("run_interrupted", .gauge, "Whether a run was cut off.")
        var maintenance = MetricFamily("maintenance", .gauge, "Whether visitors see a page instead.")
        var collected = MetricFamily(
            "collected_timestamp_seconds", .gauge, "When this was measured, in seconds since 1970.")
        for one in all {
            let name = one.name
            let words = ["healthy", "unhealthy", "stopped", "empty", "interrupted", "crash loop"]
            state.add(one.status.state.rawValue, of: words, as: "state", ["environment": name])
            healthy.add(one.status.state == .healthy, ["environment": name])
            if let made = one.status.look.facts.release {
                release.add(
                    true, ["environment": name, "release": "\(made.timestamp)", "commit": made.commit])
            }
            drift.add(Double(one.status.look.drift.count), ["environment": name])
            unfinished.add(one.status.unfinished?.concernsPeople == true, ["environment": name])
            maintenance.add(one.status.look.maintenance != nil, ["environment": name])
            collected.add(one.now, ["environment": name])
        }
        return [state, healthy, release, drift, unfinished, maintenance, collected]
    }

    static func services(_ all: [MeasuredEnvironment]) -> [MetricFamily] {
        var running = MetricFamily("service_running", .gauge, "Whether it runs.")
        var healthy = MetricFamily("service_healthy", .gauge, "Whether it runs and answers well.")
        var start = MetricFamily(
            "service_start_timestamp_seconds", .gauge, "When it was started, in seconds since 1970.")
        var restarts = MetricFamily(
            "service_restarts", .counter, "How often it ended unasked since its instance was started.")
        var up = MetricFamily("probe_success", .gauge, "Whether its health path answers.")
        var probe = MetricFamily(
            "probe_duration_seconds", .gauge, "How long its health path took to answer.")
        for one in all {
            for service in one.status.look.services {
                let (name, care) = (service.name, service.care?.ends ?? 0)
                running.add(service.isRunning, ["environment": one.name, "service": name])
                healthy.add(service.isHealthy, ["environment": one.name, "service": name])
                start.add(service.since, ["environment": one.name, "service": name])
                restarts.add(Double(care), ["environment": one.name, "service": name])
            }
            for asked in one.probes {
                up.add(asked.seconds != nil, ["environment": one.name, "service": asked.service])
                probe.add(asked.seconds, ["environment": one.name, "service": asked.service])
            }
        }
        return [running, healthy, start, restarts, up, probe]
    }

    static func runs(_ all: [MeasuredEnvironment]) -> [MetricFamily] {
        var runs = MetricFamily("runs", .counter, "Runs, by what they do and how they ended.")
        var spent = MetricFamily("run_duration_seconds", .summary, "How long runs took.")
        var steps = MetricFamily("step_duration_seconds", .summary, "How long steps took that ended well.")
        var last = MetricFamily(
            "last_run_timestamp_seconds", .gauge, "When the newest run ended, in seconds since 1970.")
        var succeeded = MetricFamily("last_run_success", .gauge, "Whether the newest run succeeded.")
        for one in all {
            for run in one.runs {
                let outcome = run.outcome?.rawValue ?? "unfinished"
                let kind = run.kind.rawValue
                runs.add(
                    Double(run.count), ["environment": one.name, "kind": kind, "outcome": outcome])
                guard run.outcome != nil else { continue }
                spent.add(
                    run.seconds, ["environment": one.name, "kind": kind, "outcome": outcome], suffix: "_sum")
                spent.add(
                    Double(run.count), ["environment": one.name, "kind": kind, "outcome": outcome],
                    suffix: "_count")
            }
            for step in one.steps {
                steps.add(step.seconds, ["environment": one.name, "step": step.step], suffix: "_sum")
                steps.add(
                    Double(step.count), ["environment": one.name, "step": step.step], suffix: "_count")
            }
            guard let run = one.status.lastDeployment, run.outcome != nil else { continue }
            last.add(run.finishedAt, ["environment": one.name, "kind": run.kind.rawValue])
            succeeded.add(
                run.outcome == .succeeded, ["environment": one.name, "kind": run.kind.rawValue])
        }
        return [runs, spent, steps, last, succeeded]
    }
}
