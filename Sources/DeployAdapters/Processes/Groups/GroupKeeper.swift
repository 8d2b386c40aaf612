import DeployCore
import Glibc

/// Who makes groups on this machine.
enum GroupKeeper {
    /// deployctl itself, where it is the superuser and no systemd is there.
    case itself
    /// systemd: the machine's for the superuser, else the user's own.
    case systemd(SystemdScopes)

    static var here: GroupKeeper {
        access("/run/systemd/system", F_OK) == 0 ? .systemd(SystemdScopes(user: geteuid())) : .itself
    }

    /// Whether there is any use in asking.
    var isAble: Bool {
        if case .itself = self { return geteuid() == 0 }
        return true
    }

    /// Folders down from `base(in:)`, the group's own last.
    func parts(of group: ResourceGroup) -> [String] {
        switch self {
        case .itself: [group.root, group.outer, group.name]
        case .systemd:
            ["\(group.root).slice", SystemdScopes.slice(of: group), SystemdScopes.scope(of: group)]
        }
    }

    /// Where groups are made in a tree: beside what runs in the machine's first process's own group.
    func base(in hierarchy: ControlHierarchy) -> String? {
        guard let first = hierarchy.folder(of: 1) else { return nil }
        switch self {
        case .itself: return first
        case .systemd(let scopes):
            let machine = first.before("/init.scope").map(String.init) ?? first
            return scopes.user == 0
                ? machine : "\(machine)/user.slice/user-\(scopes.user).slice/user@\(scopes.user).service"
        }
    }

    /// The group in each tree that can limit something; of what only yields, in the one for processors.
    func groups(_ group: ResourceGroup) -> [ControlGroup] {
        ControlHierarchy.all().filter { hierarchy in
            group.isLimited ? !hierarchy.kinds.isEmpty : hierarchy.kinds.contains(.cpu)
        }.compactMap { hierarchy in
            base(in: hierarchy).map { base in
                ControlGroup(
                    hierarchy: hierarchy, folder: ([base] + parts(of: group)).joined(separator: "/"))
            }
        }
    }
}

extension ResourceGroup {
    /// Of what lies beside everything else of the machine, and beside what yields to it.
    var root: String { yields == true ? "deployctl_yields" : "deployctl" }
}

extension ControlGroup {
    /// The one that it lies in.
    var parent: ControlGroup { ControlGroup(hierarchy: hierarchy, folder: parentFolder(of: folder)) }

    /// Of a service's or of commands': the one around all environments of its kind.
    var root: ControlGroup { parent.parent }
}
