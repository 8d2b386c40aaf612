import DeployTestSupport
import Foundation
import XCTest

/// A Compose file of a usual shape out of `Tests/Compose`, with the definition that deploys it.
///
/// The folder is the project: `PROJECT`, `HTTP` and `DATA` in its files become a name and two ports of this test. A file
/// `refused` says `LINE: WHY` of a Compose file that is not to be deployed.
final class ComposeShape: ProjectWorld, @unchecked Sendable {
    static let folder = "\(package)/Tests/Compose"
    static var all: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    let engineName = "dcs\(UInt32.random(in: 100_000...999_999))"
    private let port: Int
    /// nil: it is to be deployed.
    private(set) var refusal: (line: Int, why: String)?

    /// `end` takes it away.
    init(_ name: String) throws {
        port = try HTTP.freePort()
        let dataPort = try HTTP.freePort(except: port)
        try super.init(for: nil)
        patience = 600
        let source = "\(Self.folder)/\(name)"
        let paths = try FileManager.default.subpathsOfDirectory(atPath: source).sorted()
        for path in paths {
            guard let text = try? String(contentsOfFile: "\(source)/\(path)", encoding: .utf8) else {
                continue
            }
            guard path != "refused" else {
                let parts = text.trimmingCharacters(in: .newlines).split(separator: ":", maxSplits: 1)
                refusal = (try XCTUnwrap(Int(parts[0])), parts[1].trimmingCharacters(in: .whitespaces))
                continue
            }
            let filled = text.replacingOccurrences(of: "PROJECT", with: engineName)
                .replacingOccurrences(of: ": HTTP", with: ": \(port)")
                .replacingOccurrences(of: ": DATA", with: ": \(dataPort)")
            try write(filled, to: path)
        }
        for (secret, text) in ["DB": "shape", "TOKEN": "hush"] {
            try write(text, to: ".secrets/\(secret)")
            chmod("\(project)/.secrets/\(secret)", 0o600)
        }
        try write(".deployctl/\nbackups/\nlogs/\n.secrets/\n", to: ".gitignore")
        try beginRepository()
    }

    override func end() {
        removeFromEngine(engineName)
        super.end()
    }

    /// A line of the table, and what is wrong with it; nil where it is as it should be.
    func deploy() throws -> (line: String, complaint: String?) {
        let run = try self.run("staging")
        guard let refusal else {
            let answer = run.status == 0 ? HTTP.ask("GET", "/", port: port) : nil
            let isGood = answer?.status == 200 && answer?.body.trimmingCharacters(in: .newlines) == "ok"
            return ("deployed", isGood ? nil : "exit \(run.status), \(answer?.body ?? "")\n\(run.errors)")
        }
        let said = run.errors
        let isGood = run.status == 10 && said.contains("(line \(refusal.line))") && said.contains(refusal.why)
        return (
            "refused   line \(refusal.line): \(refusal.why)", isGood ? nil : "exit \(run.status)\n\(said)"
        )
    }
}
