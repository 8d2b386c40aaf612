import Foundation

@testable import DeployCore

/// A container engine with Compose, on a file system in memory.
///
/// Compose files are JSON. What is listening at a container's port, and what a container does, is not imitated: a
/// container runs until it is stopped, and a command in it succeeds unless it is called `false`.
public final class SimulatedEngine: CommandRunner, @unchecked Sendable {
    struct Container {
        var id: String
        var name: String
        var project: String
        var labels: [String: String]
        var image: String
        var ports: [String: [[String: String]]]
        var mounts: [[String: Any]] = []
        var startedAt: Int
        var isRunning = true
    }

    private let files: MemoryFileStore
    private let base: any CommandRunner
    private let guarded = NSLock()
    private var containers: [Container] = []
    private var stores: [String: [String: [String: String]]] = [
        "network": [:], "volume": [:], "image": ["busybox": [:]],
    ]
    private var starts = 0

    /// `base` runs every program but the engine's.
    public init(files: MemoryFileStore, base: any CommandRunner) {
        (self.files, self.base) = (files, base)
    }

    /// Labels of the containers that run.
    public var running: [[String: String]] {
        guarded.withLock { containers.filter(\.isRunning).map(\.labels) }
    }

    public func runTogether(_ requests: [CommandRequest]) -> [CommandResult] { requests.map(run) }

    public func run(_ request: CommandRequest) -> CommandResult {
        let words = request.command.arguments
        switch (request.command.program, words.first) {
        case ("docker", "compose"): return guarded.withLock { compose(Array(words.dropFirst())) }
        case ("docker", _): return guarded.withLock { docker(words) }
        case ("stat", _): return said("0:0")
        case ("chmod", _): return said("")
        default: return base.run(request)
        }
    }

    private func said(_ output: String) -> CommandResult { CommandResult(.exited(0), output: output) }
    private func refused(_ why: String) -> CommandResult { CommandResult(.exited(1), errors: why) }

    private func docker(_ words: [String]) -> CommandResult {
        let operands = Array(words.drop { $0 != "--" }.dropFirst())
        switch words[0] {
        case "ps": return said(lines(containers.filter { fits($0.labels, words) }.map(\.id)))
        case "container": return inspect(operands, format: words[3])
        case "exec": return words.contains("false") ? refused("false") : said("")
        case "pull":
            stores["image"]?[operands[0]] = [:]
            return said("")
        case "stop":
            for id in operands { change(id) { $0.isRunning = false } }
            return said("")
        case "rm":
            containers.removeAll { operands.contains($0.id) }
            return said("")
        default: return store(words[0], words[1], words, operands)
        }
    }

    private func store(_ kind: String, _ verb: String, _ words: [String], _ operands: [String])
        -> CommandResult
    {
        let known = stores[kind] ?? [:]
        switch verb {
        case "ls": return said(lines(known.filter { fits($0.value, words) }.keys.sorted()))
        case "create":
            let labels = words.enumerated().filter { $0.element == "--label" }.map { words[$0.offset + 1] }
            stores[kind]?[operands[0]] = Dictionary(uniqueKeysWithValues: labels.map(pair))
            return said("")
        case "rm":
            for name in operands { stores[kind]?[name] = nil }
            return said("")
        default:
            let name = operands[0].replacingOccurrences(of: "sha256:", with: "")
            guard let labels = known[name] else { return refused("no such \(kind)") }
            guard kind == "image" else { return said(json(labels)) }
            return said(words.contains { $0.contains(".Config") } ? "{}" : "sha256:\(name)")
        }
    }

    private func inspect(_ ids: [String], format: String) -> CommandResult {
        let found = containers.filter { ids.contains($0.id) }
        let isShort = format.contains("if .State.Running")
        let output = lines(
            isShort ? found.filter(\.isRunning).map(\.id) : found.map { json(answer($0)) })
        return found.count == ids.count
            ? said(output) : CommandResult(.exited(1), output: output, errors: "No such container")
    }

    /// The answers to all questions at once; who asks picks out their own.
    private func answer(_ container: Container) -> [String: Any] {
        [
            "id": container.id, "name": "/\(container.name)", "labels": container.labels,
            "status": container.isRunning ? "running" : "exited", "startedAt": "\(container.startedAt)",
            "exitCode": 0, "restarts": 0, "image": container.image, "ports": container.ports,
            "mounts": container.mounts,
            "networks": (stores["network"] ?? [:]).mapValues { _ in ["IPAddress": "", "Gateway": ""] }
                .merging(["one": ["IPAddress": "10.0.0.\(container.startedAt)", "Gateway": "10.0.0.254"]]) {
                    $1
                },
        ]
    }

    private func compose(_ words: [String]) -> CommandResult {
        func value(_ option: String) -> String? {
            words.firstIndex(of: option).map { words[$0 + 1] }
        }
        guard let file = value("--file") else { return said("2.0") }
        guard file != "-" else { return said("{}") }
        guard let data = try? files.read(file),
            let tree = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let services = tree["services"] as? [String: [String: Any]]
        else { return refused("no such file: \(file)") }
        let project = value("--project-name") ?? ""
        if words.contains("config") { return said(String(decoding: data, as: UTF8.self)) }
        if words.contains("up") {
            let forced = words.contains("--force-recreate") ? words.last : nil
            for (key, service) in services.sorted(by: { $0.key < $1.key })
            where forced == nil || key == forced {
                start(service, "\(project)-\(key)", project, again: forced != nil)
            }
        } else if words.contains("rm") {
            containers.removeAll { $0.project == project }
        } else if words.contains("run") {
            return words.last == "false" ? refused("false") : said("")
        }
        return said("")
    }

    private func start(_ service: [String: Any], _ fallback: String, _ project: String, again: Bool) {
        let name = service["container_name"] as? String ?? fallback
        if again { containers.removeAll { $0.name == name } }
        guard !containers.contains(where: { $0.name == name && $0.isRunning }) else { return }
        containers.removeAll { $0.name == name }
        starts += 1
        var ports: [String: [[String: String]]] = [:]
        for port in service["ports"] as? [[String: Any]] ?? [] {
            ports["\(port["target"] ?? 0)/tcp"] = [
                ["HostIp": "\(port["host_ip"] ?? "")", "HostPort": "\(port["published"] ?? "")"]
            ]
        }
        let mounts = (service["volumes"] as? [[String: Any]] ?? []).filter { $0["type"] as? String == "bind" }
            .map {
                ["Type": "bind", "Source": $0["source"] ?? "", "RW": $0["read_only"] as? Bool != true]
                    as [String: Any]
            }
        containers.append(
            Container(
                id: String(repeating: "0", count: 58) + "\(100_000 + starts)", name: name, project: project,
                labels: service["labels"] as? [String: String] ?? [:],
                image: service["image"] as? String ?? "", ports: ports, mounts: mounts, startedAt: starts))
    }

    private func change(_ id: String, _ change: (inout Container) -> Void) {
        for index in containers.indices where containers[index].id == id { change(&containers[index]) }
    }

    private func fits(_ labels: [String: String], _ words: [String]) -> Bool {
        words.filter { $0.hasPrefix("label=") }.map { pair(String($0.dropFirst("label=".count))) }
            .allSatisfy { labels[$0.0] == $0.1 }
    }

    private func pair(_ text: String) -> (String, String) {
        (String(text.prefix { $0 != "=" }), String(text.drop { $0 != "=" }.dropFirst()))
    }

    private func lines(_ texts: [String]) -> String { texts.map { $0 + "\n" }.joined() }

    private func json(_ value: Any) -> String {
        (try? JSONSerialization.data(withJSONObject: value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
