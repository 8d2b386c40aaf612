import DeployCore
import Glibc

/// Groups of processes as the kernel keeps them, in both versions of its control groups.
public struct LinuxResourceGroups: ResourceGroups {
    public init() {}

    public func obstacle(to kinds: Set<Limits.Kind>) -> Obstacle? {
        let keeper = GroupKeeper.here
        let hierarchies = ControlHierarchy.all()
        let known = hierarchies.reduce(into: Set<Limits.Kind>()) { $0.formUnion($1.kinds) }
        if let missing = Limits.Kind.allCases.first(where: { kinds.contains($0) && !known.contains($0) }) {
            return Obstacle(
                why: "the kernel offers no control group for \(missing.rawValue)",
                next: "mount control groups, or remove \"\(missing.rawValue)\" from \"limits\"")
        }
        switch keeper {
        case .itself: return obstacleToItself(hierarchies)
        case .systemd(let scopes): return obstacle(to: kinds, scopes, hierarchies)
        }
    }

    private func obstacleToItself(_ hierarchies: [ControlHierarchy]) -> Obstacle? {
        guard geteuid() == 0 else {
            return Obstacle(
                why: "there is no systemd to ask, and only root may limit without it",
                next: "run deployctl as root, or remove \"limits\"")
        }
        let group = ResourceGroup(
            outer: "try.\(getpid())", name: "try", environmentLimits: Limits(), limits: Limits())
        let groups = GroupKeeper.itself.groups(group)
        defer { for group in groups { _ = group.remove() && group.parent.remove() } }
        guard let refusal = make(groups, group) else { return nil }
        return Obstacle(why: refusal, next: "give its account the right to write there, or remove \"limits\"")
    }

    private func obstacle(
        to kinds: Set<Limits.Kind>, _ scopes: SystemdScopes, _ hierarchies: [ControlHierarchy]
    ) -> Obstacle? {
        if let refusal = scopes.refusal {
            return Obstacle(
                why: "systemd does not answer: \(refusal)",
                next: scopes.user == 0
                    ? "apt-get install dbus" : "apt-get install dbus-user-session, and log in again")
        }
        guard scopes.user != 0 else { return nil }
        let given = hierarchies.filter(\.isUnified).reduce(into: Set<Limits.Kind>()) { found, hierarchy in
            guard let base = GroupKeeper.systemd(scopes).base(in: hierarchy) else { return }
            for word in ProcFile.lines("\(base)/cgroup.controllers").flatMap({ $0.split(at: " ") }) {
                if let kind = ControlHierarchy.controllers[String(word)] { found.insert(kind) }
            }
        }
        guard let missing = Limits.Kind.allCases.first(where: { kinds.contains($0) && !given.contains($0) })
        else { return nil }
        return Obstacle(
            why: "this user's systemd may not limit \(missing.rawValue)",
            next: hierarchies.contains { !$0.isUnified && $0.kinds.contains(missing) }
                ? "run deployctl as root, or start the machine with systemd.unified_cgroup_hierarchy=1"
                : "as root: systemctl edit user@.service, add [Service] and Delegate=cpu memory pids, and start the machine anew"
        )
    }

    /// Brings a process that does not do anything yet to its group; why it cannot be, or nil.
    ///
    /// Where it is only to yield, it may stay where it is.
    func place(_ pid: Int32, in group: ResourceGroup) -> String? {
        let keeper = GroupKeeper.here
        guard group.isLimited || keeper.isAble else { return nil }
        if group.yields == true, let limit = group.processors { Processors.keep(pid, within: limit) }
        let refusal = bring(pid, to: group, keeper)
        return group.isLimited ? refusal : nil
    }

    private func bring(_ pid: Int32, to group: ResourceGroup, _ keeper: GroupKeeper) -> String? {
        var group = group
        if case .systemd = keeper, group.isOfCommands { group = group.command(pid) }
        let groups = keeper.groups(group)
        let refusal: String?
        switch keeper {
        case .itself:
            func enter() -> String? { make(groups, group) ?? groups.lazy.compactMap { $0.add(pid) }.first }
            // A command that ends may take the group it shares away, as long as there is nothing in it.
            var failed = enter()
            for _ in 0..<20 where failed != nil { failed = enter() }
            refusal = failed
        case .systemd(let scopes):
            refusal = scopes.place(pid, in: group)
            if group.yields == true, refusal == nil, !groups.contains(where: \.root.yields) {
                scopes.letYield(group)
            }
        }
        return refusal ?? mismatch(of: pid, groups, group)
    }

    private func make(_ groups: [ControlGroup], _ group: ResourceGroup) -> String? {
        for one in groups {
            guard let base = GroupKeeper.itself.base(in: one.hierarchy) else { continue }
            // Another run may take the group around it away, as long as there is nothing in it.
            var refusal = one.make(beneath: base)
            for _ in 0..<20 where refusal != nil { refusal = one.make(beneath: base) }
            if let refusal = refusal ?? one.parent.set(group.environmentLimits) ?? one.set(group.limits) {
                return refusal
            }
            if group.yields == true, one.hierarchy.kinds.contains(.cpu), let refusal = one.root.letYield() {
                return refusal
            }
        }
        return nil
    }

    /// What the kernel shows is what was meant, or it is said.
    private func mismatch(of pid: Int32, _ groups: [ControlGroup], _ group: ResourceGroup) -> String? {
        for kind in Limits.Kind.allCases {
            let wanted = [group.limits, group.environmentLimits]
            guard wanted.contains(where: { $0.kinds.contains(kind) }) else { continue }
            guard let one = groups.first(where: { $0.hierarchy.kinds.contains(kind) }),
                one.hierarchy.folder(of: pid) == one.folder
            else { return "its \(kind.rawValue) is not limited: it is not in the group that was made for it" }
            for (kept, wanted) in zip([one.limits, one.parent.limits], wanted)
            where wanted.kinds.contains(kind) && !kept.keeps(wanted, kind) {
                return "the kernel keeps another limit of \(kind.rawValue) than the one that was set"
            }
        }
        return nil
    }

    public func use(of group: ResourceGroup) -> ResourceUse? { use(of: GroupKeeper.here.groups(group)) }

    public func useAround(_ group: ResourceGroup) -> ResourceUse? {
        group.environmentLimits.kinds.isEmpty ? nil : use(of: GroupKeeper.here.groups(group).map(\.parent))
    }

    private func use(of groups: [ControlGroup]) -> ResourceUse? {
        let groups = groups.filter(\.isThere)
        guard !groups.isEmpty else { return nil }
        var use = ResourceUse(memory: nil, processes: nil, limits: Limits(), kills: 0)
        for one in groups {
            let limits = one.limits
            use.limits = Limits(
                memory: use.limits.memory ?? limits.memory, cpu: use.limits.cpu ?? limits.cpu,
                processes: use.limits.processes ?? limits.processes)
            if one.hierarchy.kinds.contains(.memory) { (use.memory, use.kills) = (one.memory, one.kills) }
            if one.hierarchy.kinds.contains(.processes) { use.processes = one.processCount }
        }
        return use
    }

    public func lackedMemory(_ group: ResourceGroup) -> Bool {
        let keeper = GroupKeeper.here
        if keeper.groups(group).contains(where: { $0.kills > 0 }) { return true }
        if case .systemd(let scopes) = keeper { return scopes.lackedMemory(group) }
        return false
    }

    /// The engine makes the group itself, or has systemd make it.
    public func lackedMemory(container id: String) -> Bool {
        KernelLog.saysMemoryLacked(in: [id, "docker-\(id).scope"])
    }

    public func end(_ group: ResourceGroup) -> Bool {
        let keeper = GroupKeeper.here
        let groups = keeper.groups(group).filter(\.isThere)
        for one in groups { one.kill() }
        switch keeper {
        case .systemd(let scopes):
            let gone = groups.allSatisfy { $0.processes.isEmpty }
            if gone { scopes.forget(group) }
            return gone
        case .itself:
            // A killed process takes its time.
            for _ in 0..<100 where !groups.allSatisfy(\.processes.isEmpty) { usleep(2000) }
            tidy(group)
            return !groups.contains(where: \.isThere)
        }
    }
}

extension LinuxResourceGroups {
    /// Takes away what is empty; systemd does that itself.
    func tidy(_ group: ResourceGroup) {
        guard case .itself = GroupKeeper.here else { return }
        for one in GroupKeeper.itself.groups(group) where one.remove() && one.parent.remove() {
            _ = one.root.remove()
        }
    }

    /// Why a command that failed could not go on, as far as that is a matter of its group; nil where it is none.
    ///
    /// The group of a command is gone when nothing runs in it.
    func leave(_ group: ResourceGroup, of pid: Int32, failed: Bool) -> String? {
        let complaint = failed && lackedMemory(group.command(pid)) || failed && lackedMemory(group)
        tidy(group)
        return complaint ? "a process of it was killed \(group.shortage)" : nil
    }
}

extension ResourceGroup {
    var isOfCommands: Bool { name.begins(with: Self.commands) }

    /// The lower limit of its own and its environment's; nil where there is none.
    var processors: Double? { [limits.cpu, environmentLimits.cpu].compactMap(\.self).min() }

    /// As systemd has it, which knows one command from another.
    func command(_ pid: Int32) -> ResourceGroup {
        var own = self
        own.name += ".\(pid)"
        return own
    }
}

extension Limits {
    /// The kernel counts memory in pages and processors in parts of a period.
    fileprivate func keeps(_ wanted: Limits, _ kind: Kind) -> Bool {
        switch kind {
        case .memory: memory.map { $0 / 65536 } == wanted.memory.map { $0 / 65536 }
        case .cpu: abs((cpu ?? 0) - (wanted.cpu ?? 0)) < 0.011
        case .processes: processes == wanted.processes
        }
    }
}
