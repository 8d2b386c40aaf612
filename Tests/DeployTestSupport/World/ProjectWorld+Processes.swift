import Foundation

/// A process that has to do with the project.
public struct ProjectProcess: Hashable, Sendable {
    public let pid: Int32
    public let parent: Int32
    public let command: String
    /// What it carries in DEPLOYCTL_INSTANCE.
    public let instance: String?
}

extension ProjectWorld {
    /// Every process with this project in its command, environment, working folder or open files.
    public func processes() -> [ProjectProcess] {
        let pids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap {
            Int32($0)
        }
        return pids.filter { $0 != getpid() }.sorted().compactMap(look)
    }

    private func look(_ pid: Int32) -> ProjectProcess? {
        let place = "/proc/\(pid)"
        let words = Self.words("\(place)/cmdline")
        let variables = Self.words("\(place)/environ")
        guard let status = try? String(contentsOfFile: "\(place)/stat", encoding: .utf8),
            let state = status.components(separatedBy: ") ").last?.split(separator: " "), state.count > 1,
            state[0] != "Z"
        else { return nil }
        let names = words + variables + Self.links(place)
        guard names.contains(where: { $0.contains("\(folder)/") }) else { return nil }
        let marker = "DEPLOYCTL_INSTANCE="
        return ProjectProcess(
            pid: pid, parent: Int32(state[1]) ?? 0, command: words.joined(separator: " "),
            instance: variables.first { $0.hasPrefix(marker) }.map { String($0.dropFirst(marker.count)) })
    }

    private static func words(_ path: String) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func links(_ place: String) -> [String] {
        let files = FileManager.default
        let open = ((try? files.contentsOfDirectory(atPath: "\(place)/fd")) ?? []).map { "\(place)/fd/\($0)" }
        return (open + ["\(place)/cwd"]).compactMap { try? files.destinationOfSymbolicLink(atPath: $0) }
            .map { "\($0)/" }
    }

    /// Kills everything of this project, until nothing is left.
    public func killProcesses() {
        _ = eventually(within: 10) {
            let left = processes()
            for process in left { kill(process.pid, SIGKILL) }
            return left.isEmpty
        }
    }

    /// Folder of the instance that has the traffic.
    public func currentInstance(_ environment: String) throws -> String {
        let run = "\(project)/.deployctl/\(environment)/run"
        return "\(run)/\(try FileManager.default.destinationOfSymbolicLink(atPath: "\(run)/current"))"
    }

    /// Processes of an environment that belong neither to its one instance nor to its edge.
    public func strays(_ environment: String) throws -> [ProjectProcess] {
        let root = "\(project)/.deployctl/\(environment)/"
        let current = try currentInstance(environment)
        let all = processes()
        let known = all.filter {
            $0.instance == current || $0.command.contains("\(current)/")
                || $0.command.contains("\(root)edge/")
        }
        let pids = Set(known.map(\.pid))
        let elsewhere = Set(all.filter { $0.instance.map { !$0.hasPrefix(root) } ?? false }.map(\.pid))
            .union(
                all.filter { $0.command.contains("\(project)/.deployctl/") && !$0.command.contains(root) }
                    .map(\.pid))
        return all.filter {
            !pids.contains($0.pid) && !pids.contains($0.parent) && !elsewhere.contains($0.pid)
                && !elsewhere.contains($0.parent)
        }
    }
}
