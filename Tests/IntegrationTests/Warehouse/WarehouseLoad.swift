import DeployTestSupport
import Foundation

/// Clients of the warehouse system that never try twice, until stopped.
final class WarehouseLoad {
    struct Summary: Decodable {
        struct Failure: Decodable {
            var time: String
            var request: String
            var text: String
        }

        var requests: Int
        var failed: Int
        var failures: [Failure]
        var refusedWrites: Int
        /// How long writes were refused, all together.
        var refusedMs: Int
        var written: Int
        var releases: [String: Int]

        var complaint: String {
            failures.prefix(10).map { "\($0.time) \($0.request): \($0.text)" }.joined(separator: "\n")
        }
    }

    private let process = Process()
    private let output: String

    init(_ world: WarehouseWorld, _ environment: String) throws {
        let isStaging = environment == "staging"
        output = "\(world.folder)/load-\(UUID().uuidString.prefix(8))"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "python3", "-B", "\(ProjectWorld.package)/Tests/Load/warehouse.py",
                isStaging ? "http://127.0.0.1:8080" : "https://127.0.0.1",
            ]
            // A login and an item of staging end with its data, at each deployment.
            + (isStaging
                ? ["--anonymous"]
                : [
                    "--writes", "--user", "admin", "--password-file",
                    "\(world.project)/.secrets/production/ADMIN_PASSWORD",
                ])
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        try process.run()
    }

    /// Lets the requests in flight finish.
    func stop() throws -> Summary {
        process.terminate()
        process.waitUntilExit()
        let text = try String(contentsOfFile: output, encoding: .utf8)
        guard let last = text.split(separator: "\n").last else { throw Unexpected("the load said nothing") }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Summary.self, from: Data(last.utf8))
    }
}
