import DeployCore
import Glibc

/// Which processes belong to an instance, and which instances have any.
extension LinuxProcessTable {
    public func members(ofInstance marker: String, orLedBy leaders: [ProcessIdentity]) -> [ProcessIdentity] {
        let member = search(for: marker, orLedBy: leaders)
        return looks.compactMap(member)
    }

    public func instances(beneath folder: String) -> Set<String> {
        let named = instancesNamed(beneath: folder)
        return Set(looks.flatMap(named))
    }

    public func remains(
        ofInstance marker: String, orLedBy leaders: [ProcessIdentity], beneath folder: String
    ) -> InstanceRemains {
        let (member, named) = (search(for: marker, orLedBy: leaders), instancesNamed(beneath: folder))
        var found = InstanceRemains(members: [], instances: [])
        for process in looks {
            if let member = member(process) { found.members.append(member) }
            found.instances.formUnion(named(process))
        }
        return found
    }

    private var looks: LazyMapSequence<[Int32], ProcessLook> {
        let looks = ProcessLooks()
        return others.lazy.map(looks.look)
    }

    /// The process, where it is one of the instance's.
    private func search(for marker: String, orLedBy leaders: [ProcessIdentity])
        -> (ProcessLook) -> ProcessIdentity?
    {
        let leaders = byNumber(leaders)
        let isCarried = InstanceSign(marker).carriers
        return { process in
            if isCarried(process) { return identity(of: process.pid) }
            return leaders.isEmpty ? nil : follower(process.pid, of: leaders)
        }
    }

    /// The instances that the process's variables name.
    private func instancesNamed(beneath folder: String) -> (ProcessLook) -> [String] {
        let entry = Array("\(ServiceLaunch.instanceVariable)=\(folder)/".utf8)
        let walk = ProcessWalk { contains(ProcFile.read("/proc/\($0)/environ") ?? [], entry) }
        return { process in
            guard walk.isSigned(process) else { return [] }
            let variables = ProcFile.read("/proc/\(process.pid)/environ") ?? []
            return variables.split(separator: 0).compactMap { variable in
                guard variable.starts(with: entry) else { return nil }
                let name = variable.dropFirst(entry.count)
                guard !name.contains(UInt8(ascii: "/")), identity(of: process.pid) != nil else { return nil }
                return String(decoding: name, as: UTF8.self)
            }
        }
    }
}
