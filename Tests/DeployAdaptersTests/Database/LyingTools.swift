import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// A program that takes another's place and lies.
struct LyingTool {
    let program: String
    /// In bash, where `real` runs what it stands for and `honest` any other program; nil where there is none at all.
    let script: String?
    /// What it answers when asked for its version, if that is a lie too.
    var version: String?
    /// Whether it never ends by itself.
    var hangs = false

    init(_ program: String, _ script: String?, saying version: String? = nil, hangs: Bool = false) {
        (self.program, self.script) = (program, script)
        (self.version, self.hangs) = (version, hangs)
    }

    var name: String { "\(program): \(version ?? "")\(script ?? "missing")" }
}

/// Liars about one database, of which none may be believed (T10).
struct LyingTools {
    let live: DatabaseLocation
    let proof: DatabaseLocation
    let folder: String
    /// As a backup is read back that no restore proves.
    let readingBack: Bool
    /// An adapter of its own for each liar; `longest` is how long one program may take.
    let engine: (_ longest: Duration?) throws -> any ApplicationDatabase
    private let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

    init(
        live: DatabaseLocation, proof: DatabaseLocation, folder: String, readingBack: Bool = false,
        engine: @escaping (Duration?) throws -> any ApplicationDatabase
    ) {
        (self.live, self.proof, self.folder, self.engine) = (live, proof, folder, engine)
        self.readingBack = readingBack
    }

    /// Liars about any stream that is packed.
    static let compressors = [
        "exit 1", "cat > /dev/null; exit 0", "cat; exit 0", "head -c 900 | real -q -c; exit 0",
        "real \"$@\" | head -c 900; exit 0", "real \"$@\"; exit 3", "kill -9 $$",
    ].map { LyingTool("zstd", $0) }

    /// Every second of a list that takes long; all of it in a soak.
    static func sample(_ tools: [LyingTool]) -> [LyingTool] {
        stride(from: 0, to: tools.count, by: StoredBackups.count(1, sample: 2)).map { tools[$0] }
    }

    /// Prints how many were refused, and expects it of all.
    func check(_ tools: [LyingTool], of engine: String, andThen late: () throws -> LyingTool? = { nil })
        throws
    {
        var believed: [String] = []
        var tools = tools
        try check(tools, &believed)
        if let last = try late() {
            try check([last], &believed)
            tools.append(last)
        }
        print("T10: \(tools.count - believed.count) of \(tools.count) refused, \(engine)")
        XCTAssertEqual(believed, [])
        XCTAssertGreaterThanOrEqual(tools.count, 20)
        XCTAssertTrue(isAccepted(by: try self.engine(nil), "honest"), "honest programs are believed")
        try self.engine(nil).remove(proof)
    }

    private func check(_ tools: [LyingTool], _ believed: inout [String]) throws {
        for tool in tools {
            let database = try engine(tool.hangs ? .seconds(1) : nil)
            if try with(tool, { isAccepted(by: database, tool.name) }) { believed.append(tool.name) }
            try engine(nil).remove(proof)
        }
    }

    /// Whether a backup is taken, restored and found equal, as a deployment demands before it begins.
    func isAccepted(by database: any ApplicationDatabase, _ name: String) -> Bool {
        let payload = "\(folder)/lie/\(database.payloadName)"
        try? FileManager.default.removeItem(atPath: "\(folder)/lie")
        try? FileManager.default.createDirectory(
            atPath: "\(folder)/lie", withIntermediateDirectories: true)
        guard let taken = try? database.backUp(live, to: payload, readingBack: readingBack) else {
            XCTAssertEqual(
                LocalFileStore().names(in: "\(folder)/lie"), [], "a backup that fails leaves nothing: \(name)"
            )
            return false
        }
        let restored = try? database.restoreAndSummarise(payload, to: proof, atMost: nil, being: nil)
        return restored?.differences(from: taken.summary) == []
    }

    /// Puts the liar first in the search path while `body` runs.
    func with<Value>(_ tool: LyingTool, _ body: () throws -> Value) throws -> Value {
        let tools = "\(folder)/tools"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        defer {
            setenv("PATH", path, 1)
            try? FileManager.default.removeItem(atPath: tools)
        }
        if let script = tool.script {
            let version = tool.version.map { "echo '\($0)'" } ?? "real \"$@\""
            let text = """
                #!/bin/bash
                honest() { PATH='\(path)' "$@"; }
                real() { honest \(tool.program) "$@"; }
                here='\(tools)'
                case " $* " in *' --version '*) \(version); exit;; esac
                \(script)

                """
            XCTAssertTrue(
                FileManager.default.createFile(
                    atPath: "\(tools)/\(tool.program)", contents: Data(text.utf8),
                    attributes: [.posixPermissions: 0o755]))
        }
        setenv("PATH", tool.script == nil ? tools : "\(tools):\(path)", 1)
        return try body()
    }
}
