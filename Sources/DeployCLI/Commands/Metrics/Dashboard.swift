import DeployCore
import FoundationEssentials

/// A dashboard for Grafana that goes with what `metrics` says.
enum Dashboard {
    /// What Grafana imports.
    static var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Content()) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private struct Source: Encodable {
        let type = "prometheus"
        let uid = "${source}"
    }

    private struct Content: Encodable {
        struct Variables: Encodable { let list = [Variable.source, .environment] }
        struct Span: Encodable { let from = "now-24h", to = "now" }

        let title = "deployctl"
        let uid = "deployctl"
        let schemaVersion = 39
        let editable = true
        let refresh = "1m"
        let tags = ["deployctl"]
        let time = Span()
        let templating = Variables()
        let panels = Dashboard.panels.enumerated().map { Panel($0.element, at: $0.offset) }
    }

    private struct Variable: Encodable {
        let name: String
        let type: String
        let query: String
        var datasource: Source?
        var includeAll: Bool?
        var multi: Bool?
        var refresh: Int?

        static let source = Variable(name: "source", type: "datasource", query: "prometheus")
        static let environment = Variable(
            name: "environment", type: "query",
            query: "label_values(deployctl_environment_healthy, environment)",
            datasource: Source(), includeAll: true, multi: true, refresh: 2)
    }

    private struct Panel: Encodable {
        struct Place: Encodable { let h = 8, w = 12, x: Int, y: Int }
        struct Target: Encodable {
            let datasource = Source()
            let expr: String
            let legendFormat: String
            let refId = "A"
        }
        struct Fields: Encodable {
            struct Defaults: Encodable { let unit: String }
            let defaults: Defaults
        }

        let id: Int
        let title: String
        let type: String
        let datasource = Source()
        let gridPos: Place
        let targets: [Target]
        let fieldConfig: Fields

        init(_ drawn: Drawn, at index: Int) {
            (id, title, type) = (index + 1, drawn.title, drawn.type)
            gridPos = Place(x: index % 2 * 12, y: index / 2 * 8)
            targets = [Target(expr: drawn.expression, legendFormat: drawn.legend)]
            fieldConfig = Fields(defaults: .init(unit: drawn.unit))
        }
    }

    private struct Drawn {
        let title: String
        let type: String
        let expression: String
        let legend: String
        let unit: String

        init(
            _ title: String, _ expression: String, by legend: String, unit: String = "short",
            as type: String = "timeseries"
        ) {
            (self.title, self.type, self.expression) = (title, type, expression)
            (self.legend, self.unit) = (
                legend.isEmpty ? "{{environment}}" : "{{environment}} \(legend)", unit
            )
        }
    }

    private static let chosen = #"environment=~"$environment""#

    private static let panels = [
        Drawn("Healthy", "deployctl_environment_healthy{\(chosen)}", by: "", as: "stat"),
        Drawn("Release", "deployctl_release_info{\(chosen)}", by: "{{release}} {{commit}}", as: "stat"),
        Drawn(
            "Requests per second",
            "sum by (environment, code) (rate(deployctl_http_requests_total{\(chosen)}[5m]))",
            by: "{{code}}", unit: "reqps"),
        Drawn(
            "95 of 100 requests are faster than",
            "histogram_quantile(0.95, sum by (environment, le) (rate(deployctl_http_request_duration_seconds_bucket{\(chosen)}[5m])))",
            by: "", unit: "s"),
        Drawn(
            "Error budget left", "deployctl_slo_error_budget_ratio{\(chosen)}", by: "", unit: "percentunit"),
        Drawn("Burn rate", "deployctl_slo_burn_rate_ratio{\(chosen)}", by: "{{window}}"),
        Drawn("Health probes", "deployctl_probe_duration_seconds{\(chosen)}", by: "{{service}}", unit: "s"),
        Drawn(
            "Restarts", "increase(deployctl_service_restarts_total{\(chosen)}[1h])", by: "{{service}}"),
        Drawn(
            "Runs a day", "increase(deployctl_runs_total{\(chosen)}[1d])", by: "{{kind}} {{outcome}}"),
        Drawn(
            "Seconds of a step",
            "deployctl_step_duration_seconds_sum{\(chosen)} / deployctl_step_duration_seconds_count{\(chosen)}",
            by: "{{step}}", unit: "s"),
        Drawn(
            "Age of the newest backup", "time() - deployctl_backup_timestamp_seconds{\(chosen)}", by: "",
            unit: "s"),
        Drawn("Size of the newest backup", "deployctl_backup_size_bytes{\(chosen)}", by: "", unit: "bytes"),
        Drawn("Free space", "deployctl_disk_free_bytes{\(chosen)}", by: "{{place}}", unit: "bytes"),
        Drawn(
            "Certificate expires in",
            "deployctl_certificate_not_after_timestamp_seconds{\(chosen)} - time()", by: "", unit: "s"),
        Drawn(
            "Gates that refuse", #"deployctl_gate_verdict{verdict="refused"}"#, by: "{{gate}}"),
    ]
}
