import DeployCore
import FoundationEssentials

extension Verb {
    static let report = Verb(
        "report", .look, operands: [.timestamp.optional],
        summary: "Make one page of everything, or the evidence of one deployment",
        paragraph: """
            Prints one HTML page that needs no network: how environments stand, gates, runs, what failed, backups, \
            requests by day, certificates and schedules. With a timestamp the page is the evidence of that deployment \
            for auditors: its plan, who agreed, gates, signatures, proofs, digests and entries of the audit log.
            """,
        examples: [
            "deployctl report --output report.html", "deployctl report 20261121021530 --output evidence.html",
            "deployctl report --json",
        ],
        flags: [
            Flag(
                "output", value: .text("FILE"),
                "Replace this file instead of printing; relative to the project")
        ],
        exits: [.invalidDefinition, .notFound, .stepFailed],
        body: .inProject(ReportCommand.run))
}

/// `report`.
struct ReportCommand: ProjectCommand {
    let context: CommandContext

    private struct Answer: Encodable, Sendable {
        /// Absolute: the file that holds the page; null where it was printed only.
        @OrNull var file: String?
        let page: String
    }

    func run() throws(DeployError) -> ExitCode {
        let text: String
        if let name = context.invocation.timestamp {
            text = try EvidencePage(context: context).page(of: name)
        } else {
            text = try ReportPage(context: context).page()
        }
        guard let file = context.invocation.text("output") else {
            try context.answer(Answer(file: nil, page: text)) { text }
            return .done
        }
        let path = file.begins(with: "/") ? file : "\(context.project)/\(file)"
        do throws(DeployError) { try context.ports.files.publish(Data(text.utf8), to: path) } catch {
            throw DeployError(
                .stepFailed, what: "The page could not be written to \(path)", why: error.why,
                next: "make its folder and let this account write there")
        }
        try context.answer(Answer(file: path, page: text)) { "" }
        return .done
    }
}
