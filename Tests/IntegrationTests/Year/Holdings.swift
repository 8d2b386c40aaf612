import DeployTestSupport
import Foundation

/// What a project takes of the machine at one moment.
struct Holdings {
    /// Bytes on the disk and of memory, numbers of files, rows and processes, by what they are.
    var amounts: [(name: String, amount: Int)] = []

    /// What may differ by so much from month to month whatever anybody does: one backup, one piece of a log more.
    private static let slack = [
        "memory bytes": 4_000_000, "files": 60, "descriptors": 3, "processes": 3,
    ]
    private static let usualSlack = 400_000

    /// What a run adds to the tool's memory for ever, at most: its row of the history and its audit entries.
    private static let bytesOfRun = 7_000
    private let state: (bytes: Int, runs: Int)

    init(_ world: YearWorld) throws {
        let tool = "\(world.project)/.deployctl"
        state = (
            Self.bytes("\(tool)/state.db") + Self.bytes("\(tool)/state.db-wal"),
            try world.number("SELECT count(*) FROM deployment")
        )
        for name in ["staging", "production"] {
            add("\(name) releases", Self.bytes("\(tool)/\(name)/releases"))
            add("\(name) backups", Self.bytes("\(world.project)/backups/\(name)"))
            add("\(name) logs", Self.bytes("\(world.project)/logs/\(name)"))
            add("\(name) rest", Self.bytes("\(tool)/\(name)", but: "/\(name)/releases"))
        }
        add("tool rest", Self.bytes(tool, but: "/.deployctl/staging", "/.deployctl/production", "/state.db"))
        add(
            "files",
            Self.files(tool) + Self.files("\(world.project)/backups") + Self.files("\(world.project)/logs"))
        add("processes", world.processes().count)
        let keeper = "/proc/\(world.keeper.pid)"
        add("descriptors", try FileManager.default.contentsOfDirectory(atPath: "\(keeper)/fd").count)
        let status = try String(contentsOfFile: "\(keeper)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        add("memory bytes", (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024)
    }

    private mutating func add(_ name: String, _ amount: Int) { amounts.append((name, amount)) }

    private subscript(name: String) -> Int { amounts.first { $0.name == name }?.amount ?? 0 }

    /// What is more than a fifth above what it was; of the tool's memory, what is more than its runs explain.
    func growth(since settled: Holdings) -> [String] {
        let runs = state.runs - settled.state.runs
        let bound = settled.state.bytes * 6 / 5 + runs * Self.bytesOfRun
        let more =
            state.bytes > bound ? ["state: \(state.bytes), \(runs) runs after \(settled.state.bytes)"] : []
        return more
            + amounts.compactMap { name, amount in
                let before = settled[name]
                let bound = before * 6 / 5 + (Self.slack[name] ?? Self.usualSlack)
                return amount > bound ? "\(name): \(amount), \(before) before" : nil
            }
    }

    var text: String {
        "state \(state.bytes / 1000)k of \(state.runs) runs, "
            + amounts.map { "\($0.name) \($0.amount >= 10_000 ? "\($0.amount / 1000)k" : "\($0.amount)")" }
            .joined(separator: ", ")
    }

    private static func paths(_ folder: String, but left: [String]) -> [String] {
        guard let found = FileManager.default.enumerator(atPath: folder) else { return [folder] }
        return [folder]
            + found.compactMap { $0 as? String }.map { "\(folder)/\($0)" }
            .filter { path in !left.contains { path.contains($0) } }
    }

    private static func bytes(_ folder: String, but left: String...) -> Int {
        paths(folder, but: left).reduce(0) { sum, path in
            var status = stat()
            return lstat(path, &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
        }
    }

    private static func files(_ folder: String) -> Int { paths(folder, but: []).count }
}
