/// Alert rules for Prometheus that go with what `metrics` says.
enum AlertRules {
    /// A file of rules, which promtool accepts.
    static var text: String {
        let rules = all.map { rule in
            """
                  - alert: \(rule.name)
                    expr: \(rule.expression)
                    for: \(rule.wait)
                    labels:
                      severity: \(rule.severity)
                    annotations:
                      summary: "\(rule.summary)"
                      action: "\(rule.action)"
            """
        }
        return "groups:\n  - name: deployctl\n    rules:\n" + rules.joined(separator: "\n") + "\n"
    }

    private struct Rule {
        var name: String
        var expression: String
        var wait: String
        var severity: String
        var summary: String
        var action: String

        init(
            _ name: String, _ severity: String, _ expression: String, for wait: String, _ summary: String,
            do action: String
        ) {
            (self.name, self.severity, self.expression, self.wait) = (name, severity, expression, wait)
            (self.summary, self.action) = (summary, action)
        }
    }

    private static let environment = "{{ $labels.environment }}"

    private static let all = serving + protecting

    private static let serving = [
        Rule(
            "DeployctlEnvironmentDown", "P0",
            #"deployctl_environment_state{state=~"unhealthy|crash loop|interrupted"} == 1"#, for: "2m",
            "\(environment) is {{ $labels.state }}", do: "deployctl status \(environment)"),
        Rule(
            "DeployctlErrorBudgetFastBurn", "P0",
            #"deployctl_slo_burn_rate_ratio{window="1h"} > 14.4 and on (environment) deployctl_slo_burn_rate_ratio{window="6h"} > 1"#,
            for: "2m",
            "\(environment) spends its error budget \\\"{{ $value | humanize }}\\\" times too fast",
            do: "deployctl logs \(environment)"),
        Rule(
            "DeployctlErrorBudgetSlowBurn", "P1",
            #"deployctl_slo_burn_rate_ratio{window="24h"} > 3 and on (environment) deployctl_slo_burn_rate_ratio{window="6h"} > 3"#,
            for: "1h", "\(environment) spends its error budget too fast",
            do: "deployctl history \(environment)"),
        Rule(
            "DeployctlServiceRestarts", "P1", "increase(deployctl_service_restarts_total[15m]) > 2",
            for: "1m", "{{ $labels.service }} of \(environment) ends again and again",
            do: "deployctl logs \(environment)"),
        Rule(
            "DeployctlRunFailed", "P1", "deployctl_last_run_success == 0", for: "1m",
            "The last {{ $labels.kind }} of \(environment) failed", do: "deployctl history \(environment)"),
        Rule(
            "DeployctlDrift", "P2", "deployctl_environment_drift > 0", for: "15m",
            "Something of \(environment) was changed by hand", do: "deployctl status \(environment)"),
    ]

    private static let protecting = [
        Rule(
            "DeployctlBackupOverdue", "P1", "time() - deployctl_backup_timestamp_seconds > 93600", for: "10m",
            "\(environment) has had no backup for 26 hours", do: "deployctl backup create \(environment)"),
        Rule(
            "DeployctlBackupUnproved", "P1", "deployctl_backup_proved == 0", for: "1h",
            "The newest backup of \(environment) was not proved to restore",
            do: "deployctl backup verify \(environment)"),
        Rule(
            "DeployctlCertificateExpires", "P1",
            "deployctl_certificate_not_after_timestamp_seconds - time() < 14 * 86400", for: "1h",
            "The certificate of \(environment) expires in {{ $value | humanizeDuration }}",
            do: "deployctl certificate renew \(environment)"),
        Rule(
            "DeployctlDiskFull", "P0", "deployctl_disk_free_bytes < 1e9", for: "5m",
            "Where {{ $labels.place }} of \(environment) lies {{ $value | humanize1024 }}B are free",
            do: "deployctl backup prune \(environment)"),
        Rule(
            "DeployctlScheduleFailed", "P2", "deployctl_schedule_last_success == 0", for: "5m",
            "{{ $labels.schedule }} of \(environment) failed", do: "deployctl schedules \(environment)"),
        Rule(
            "DeployctlNotificationsDead", "P1", #"deployctl_notifications{state="dead"} > 0"#, for: "1m",
            "Messages about \(environment) reach nobody", do: "deployctl notifications \(environment)"),
        Rule(
            "DeployctlMetricsStale", "P1", "time() - deployctl_collected_timestamp_seconds > 600", for: "5m",
            "Nothing was measured of \(environment) for ten minutes", do: "deployctl boot status"),
    ]
}
