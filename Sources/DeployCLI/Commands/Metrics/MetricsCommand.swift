import DeployCore
import FoundationEssentials

extension Verb {
    static let metrics = Verb(
        "metrics", .look, operands: [.environment.optional],
        summary: "Measure environments for Prometheus",
        paragraph: """
            Prints what is measured of environments as OpenMetrics text: runs and their steps, services, requests and \
            their error budget, backups, gates, certificates, disks. With --output a file is replaced as a whole, in \
            the text format that node_exporter's textfile collector reads. --rules and --dashboard print alert rules \
            for Prometheus and a dashboard for Grafana that go with it.
            """,
        examples: [
            "deployctl metrics", "deployctl metrics production",
            "deployctl metrics --output /var/lib/node_exporter/textfile/shop.prom",
            "deployctl metrics --rules", "deployctl metrics --dashboard",
        ],
        flags: [
            .environment, output,
            Flag("rules", "Print alert rules for Prometheus instead")
                .contradicting(output, because: "rules are printed")
                .contradicting(dashboard, because: "one of them is printed"),
            dashboard.contradicting(output, because: "the dashboard is printed"),
        ],
        exits: [.invalidDefinition, .notFound, .stepFailed],
        body: .inProject(MetricsCommand.run))

    private static let output = Flag(
        "output", value: .text("FILE"), "Replace this file instead of printing; relative to the project")
    private static let dashboard = Flag("dashboard", "Print a dashboard for Grafana instead")
}

/// `metrics`.
struct MetricsCommand: ProjectCommand {
    let context: CommandContext

    /// With `--json`.
    private struct Answer: Encodable, Sendable {
        /// In the format that was asked for.
        let text: String
        /// Absolute: the file that holds it; null where it was printed only.
        @OrNull var file: String?
    }

    func run() throws(DeployError) -> ExitCode {
        if context.invocation.has("rules") { return try answer(AlertRules.text) }
        if context.invocation.has("dashboard") { return try answer(Dashboard.text) }
        let families = try Metrics(context.workspace, definitions: context.definitions)
            .families(of: try context.environments(), version: CLI.version) {
                context.progress.consume(.warned($0))
            }
        guard let file = context.invocation.text("output") else {
            return try answer(MetricsText.text(families, in: .openMetrics))
        }
        let path = file.begins(with: "/") ? file : "\(context.project)/\(file)"
        let text = MetricsText.text(families, in: .textfile)
        try publish(text, to: path)
        try context.answer(Answer(text: text, file: path)) { "" }
        return .done
    }

    private func answer(_ text: String) throws(DeployError) -> ExitCode {
        try context.answer(Answer(text: text, file: nil)) { text }
        return .done
    }

    /// node_exporter runs as another account, and what is measured is no secret.
    private func publish(_ text: String, to path: String) throws(DeployError) {
        do throws(DeployError) {
            try context.ports.files.publishForAll(Data(text.utf8), to: path)
        } catch {
            throw DeployError(
                .stepFailed, what: "The metrics could not be written to \(path)", why: error.why,
                next: "make its folder and let this account write there")
        }
    }
}
