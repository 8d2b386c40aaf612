import DeployTestSupport
import Foundation
import XCTest

/// Somebody's application out of `Tests/Applications`, deployed by the definition that <doc:Applications> shows.
///
/// Its folders `one`, `two` and `broken` are what three commits bring. Whatever it is made of, it answers `/` with its
/// version, keeps what is posted to `/items`, and answers that path with one kept item per line.
final class ApplicationWorld: ProjectWorld, @unchecked Sendable {
    /// Of each environment's front, and of services that have one by their name.
    let ports: [String: Int]
    /// How many items each environment was told to keep.
    private(set) var posted: [String: Int] = [:]
    let stranger: Stranger
    private let fixture: String

    /// - Parameters:
    ///   - stranger: whose application it is.
    ///   - test: the test it ends with.
    ///   - programs: what has to be installed.
    ///   - own: what the page says, and what it is here, such as a database's name.
    ///   - ports: of the environments' fronts; nil takes two that are free.
    /// - Throws: a skip, or a failure when everything is required, where a program is missing.
    init(
        _ stranger: Stranger, for test: XCTestCase, needing programs: [String] = [],
        own: [String: String] = [:], ports: [String: Int]? = nil
    ) throws {
        if ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_WITHOUT"] == "applications" {
            throw XCTSkip("skipped: the packages of other people's applications could not be fetched")
        }
        for program in programs { try require(program) }
        self.ports = try ports ?? Self.ownPorts()
        self.stranger = stranger
        fixture = "\(Self.package)/Tests/Applications/\(stranger.folder)"
        try super.init(for: test)
        patience = 180
        // The interpreter itself; a shim in front of it would cost more than the application.
        variables["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin:\((binary as NSString).deletingLastPathComponent)"
        for (path, text) in try Self.definition(stranger.title) {
            try write(adapted(text, isBase: path.hasSuffix("base.json"), own), to: path)
        }
        switch stranger.python {
        case .wheels: try usePython()
        case .shared: try sharePython()
        case nil: break
        }
    }

    /// What the page says, and whose it is.
    private static let usualPorts = [
        "8080": "staging", "8081": "production",
    ]

    private static func ownPorts() throws -> [String: Int] {
        var ports: [String: Int] = [:]
        while ports.count < usualPorts.count {
            let port = try HTTP.freePort()
            guard !ports.values.contains(port) else { continue }
            ports[usualPorts.values.sorted()[ports.count]] = port
        }
        return ports
    }

    /// Fills the project with the first release.
    func begin() throws {
        try bring("one")
        try append(".secrets/\n", to: ".gitignore")
        try beginRepository()
    }

    /// Commits the next release.
    func commitRelease(_ name: String) throws {
        try bring(name)
        try commit(name)
    }

    func get(_ path: String, from environment: String) -> HTTPAnswer {
        HTTP.ask("GET", path, port: ports[environment] ?? 0)
    }

    /// Which release says that it serves.
    func version(_ environment: String) throws -> String {
        let answer = get("/", from: environment)
        try expectEqual(answer.status, 200, "\(environment) answers: \(answer.body)")
        return answer.body.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func post(_ item: String, to environment: String) throws {
        let answer = HTTP.ask("POST", "/items", port: ports[environment] ?? 0, body: item)
        try expectEqual(answer.status, 201, "\(environment) keeps \(item): \(answer.body)")
        posted[environment, default: 0] += 1
    }

    /// Waits for workers that still have to do their part, in whatever order they do it.
    func expectItems(_ wanted: [String], in environment: String) throws {
        var found: [String] = []
        let same = eventually(within: 20) {
            found = get("/items", from: environment).body.split(separator: "\n").map(String.init)
            return found.sorted() == wanted.sorted()
        }
        try expect(same, "\(environment) keeps \(found) instead of \(wanted)")
    }
}

extension ApplicationWorld {
    /// Wheels that `.ci/applications` fetched, so that no test waits for a registry.
    private func usePython() throws {
        let wheels = try fetched("wheels")
        let settings = "[global]\nfind-links = \(wheels)\nno-index = true\n"
        try FileManager.default.createDirectory(
            atPath: "\(folder)/.config/pip", withIntermediateDirectories: true)
        try Data(settings.utf8).write(to: URL(fileURLWithPath: "\(folder)/.config/pip/pip.conf"))
    }

    /// Packages too large to be installed in each release: its virtualenv names the folder where they are.
    private func sharePython() throws {
        let packages = try fetched("site")
        let install =
            #"["python3", "-m", "pip", "--python", ".venv/bin/python", "install", "-r", "requirements.txt"]"#
        let share =
            "import glob; open(glob.glob('.venv/lib/*/site-packages')[0] + '/shared.pth', 'w').write('\(packages)')"
        try replace(install, with: #"["python3", "-c", "\#(share)"]"#, in: "environments/base.json")
    }

    private func fetched(_ name: String) throws -> String {
        let place = "\(Self.package)/.build/\(name)"
        guard FileManager.default.fileExists(atPath: place) else {
            throw lacking("Python packages in .build/\(name), which .ci/applications fetches")
        }
        return place
    }

    /// Writes a secret that the definition reads.
    func keep(_ value: String, as path: String) throws {
        try write(value, to: ".secrets/\(path)")
        chmod("\(project)/.secrets/\(path)", 0o600)
    }

    /// Starts a broker that both environments have a part of, each by a secret of this name; its process.
    func startBroker(as secret: String) throws -> Int32 {
        let port = try HTTP.freePort()
        let broker = try start(["redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", ""])
        for (environment, number) in [("staging", 0), ("production", 1)] {
            try keep("redis://127.0.0.1:\(port)/\(number)", as: "\(environment)/\(secret)")
        }
        return broker.pid
    }

    private func bring(_ release: String) throws {
        try runProgram(["cp", "-r", "\(fixture)/\(release)/.", project]).expect(0)
    }

    /// Ports, names and waits of this test's own.
    private func adapted(_ text: String, isBase: Bool, _ own: [String: String]) -> String {
        var text = text
        for (old, new) in own { text = text.replacingOccurrences(of: old, with: new) }
        for (old, name) in Self.usualPorts {
            text = text.replacingOccurrences(of: old, with: "\(ports[name] ?? 0)")
        }
        guard isBase, let brace = text.firstIndex(of: "{") else { return text }
        text.insert(contentsOf: #""watch": "1s", "drain": "1s","#, at: text.index(after: brace))
        return text
    }
}

extension ApplicationWorld {
    private static let page = "\(package)/Sources/DeployCore/Documentation.docc/Applications.md"

    /// The headings of the page that have a definition.
    static func titles() throws -> [String] {
        try sections().keys.filter { try !definition($0).isEmpty }.sorted()
    }

    /// Path and text of each file of the definition under this heading.
    static func definition(_ title: String) throws -> [(path: String, text: String)] {
        guard let section = try sections()[title] else { throw Unexpected("no heading \(title) on the page") }
        let blocks = section.components(separatedBy: "```")
        guard blocks.count > 1, blocks[1].hasPrefix("json5\n") else { return [] }
        return blocks[1].components(separatedBy: "// environments/").dropFirst().map { part in
            let name = part.prefix { $0 != "\n" }
            return ("environments/\(name)", String(part.dropFirst(name.count + 1)))
        }
    }

    private static func sections() throws -> [String: String] {
        let parts = try String(contentsOfFile: page, encoding: .utf8).components(separatedBy: "\n## ")
        return Dictionary(
            uniqueKeysWithValues: parts.dropFirst().map { part in
                let title = part.prefix { $0 != "\n" }
                return (String(title), String(part.dropFirst(title.count)))
            })
    }
}
