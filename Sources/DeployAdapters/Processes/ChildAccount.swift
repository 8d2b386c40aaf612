import CSpawn
import DeployCore
import Glibc

/// The account that a child becomes: its user, its group and the groups it is a member of.
struct ChildAccount {
    let user: uid_t
    let group: gid_t
    let groups: [gid_t]

    /// nil where there is no such account or group.
    init?(_ asked: AccountCommand) {
        guard let entry = getpwnam(asked.user)?.pointee, let own = getgrnam(asked.group)?.pointee,
            let groups = memberships(of: asked.user, and: own.gr_gid)
        else { return nil }
        (user, group, self.groups) = (entry.pw_uid, own.gr_gid, groups)
    }

    /// Makes this process the account's, for good; an error number, or 0.
    func take() -> Int32 { withPointer { become_account($0) } }

    func withPointer<Value>(_ body: (UnsafePointer<child_account>) -> Value) -> Value {
        groups.withUnsafeBufferPointer { members in
            var account = child_account(
                user: user, group: group, groups: members.baseAddress, group_count: members.count)
            return withUnsafePointer(to: &account, body)
        }
    }
}

/// The groups of an account, and `group`; nil where they are not to be had.
func memberships(of account: String, and group: gid_t) -> [gid_t]? {
    var count: Int32 = 1024
    var groups = [gid_t](repeating: 0, count: Int(count))
    let found = account.withCString { getgrouplist($0, group, &groups, &count) }
    return found < 0 ? nil : Array(groups.prefix(Int(count)))
}
