import DeployCore
import Glibc

/// One tree of the kernel's control groups, as it is mounted here.
struct ControlHierarchy: Hashable {
    /// Where it is mounted.
    var mount: String
    /// Which group of it is mounted there.
    var root: String
    /// Of the second version: one tree for every controller.
    var isUnified: Bool
    /// What can be limited in it.
    var kinds: Set<Limits.Kind>
    /// As the first version's lists of processes name it; empty for the second's.
    var names: [String]

    /// By the names that the kernel has for them.
    static let controllers: [String: Limits.Kind] = ["memory": .memory, "cpu": .cpu, "pids": .processes]

    /// Those of this machine, each once; also the one in which systemd counts, which limits nothing.
    static func all() -> [ControlHierarchy] { all(ProcFile.lines("/proc/self/mountinfo")) }

    static func all(_ mounts: [Substring]) -> [ControlHierarchy] {
        var found: [ControlHierarchy] = []
        for line in mounts where line.holds(" - cgroup") {
            let words = line.split(at: " ").map(String.init)
            guard let dash = words.firstIndex(where: { $0 == "-" }), words.count > dash + 3, dash > 4 else {
                continue
            }
            let (root, mount) = (words[3], words[4])
            switch words[dash + 1] {
            case "cgroup":
                let names = words[dash + 3].split(at: ",").map(String.init)
                let kinds = names.compactMap { controllers[$0] }
                guard !kinds.isEmpty || names.contains(where: { $0 == "name=systemd" }),
                    !found.contains(where: { $0.names == names })
                else { continue }
                found.append(
                    ControlHierarchy(
                        mount: mount, root: root, isUnified: false, kinds: Set(kinds), names: names))
            case "cgroup2" where !found.contains(where: \.isUnified):
                let given =
                    ProcFile.lines("\(mount)/cgroup.controllers").first.map { $0.split(at: " ") } ?? []
                found.append(
                    ControlHierarchy(
                        mount: mount, root: root, isUnified: true,
                        kinds: Set(given.compactMap { controllers[String($0)] }), names: []))
            default: break
            }
        }
        return found
    }

    /// The folder of the group that a process is in; nil where there is no such process, or it lies outside of what is mounted.
    func folder(of pid: Int32) -> String? {
        for line in ProcFile.lines("/proc/\(pid)/cgroup") {
            let parts = line.split(at: ":", keepsEmpty: true).map(String.init)
            guard parts.count >= 3 else { continue }
            let controllers = parts[1].split(at: ",").map(String.init)
            guard isUnified ? parts[0] == "0" : controllers.contains(where: names.contains) else { continue }
            return folder(ofGroup: parts[2...].joined(separator: ":"))
        }
        return nil
    }

    private func folder(ofGroup path: String) -> String? {
        guard root != "/" else { return path == "/" ? mount : mount + path }
        if path == root { return mount }
        return path.after("\(root)/").map { "\(mount)/\($0)" }
    }
}
