import Foundation

/// Whether a process still does something; one that ended and was not yet collected by its parent does nothing.
public func isRunning(_ pid: Int32) -> Bool { processState(pid).map { $0 != "Z" && $0 != "X" } ?? false }

/// What the kernel calls the state of a process, such as R, S, D, or Z for one that ended uncollected.
public func processState(_ pid: Int32) -> String? { processStatus(pid)?.first }

private func processStatus(_ pid: Int32) -> [String]? {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return nil }
    return status.components(separatedBy: ") ").last?.split(separator: " ").map(String.init)
}

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
        guard isRunning(pid), let status = processStatus(pid), status.count > 1 else { return nil }
        let names = words + variables + Self.links(place)
        guard names.contains(where: { $0.contains("\(folder)/") }) else { return nil }
        let marker = "DEPLOYCTL_INSTANCE="
        return ProjectProcess(
            pid: pid, parent: Int32(status[1]) ?? 0, command: words.joined(separator: " "),
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
