/// Looks at the groups that programs are started in, and ends what is left in one.
public protocol ResourceGroups: Sendable {
    /// Why this machine cannot limit these to the account deployctl runs as, and what to do about it; nil where it can.
    func obstacle(to kinds: Set<Limits.Kind>) -> Obstacle?

    /// nil where the group is not there.
    func use(of group: ResourceGroup) -> ResourceUse?

    /// Of the environment that the group is in; nil where that has no limit or is not there.
    func useAround(_ group: ResourceGroup) -> ResourceUse?

    /// Whether one of its processes was killed because there was no memory left for it, since the group was made.
    func lackedMemory(_ group: ResourceGroup) -> Bool

    /// Whether this machine's kernel says that it killed something in a container of this full id for that; false where the
    /// container is another machine's, or the kernel's log is not for this account.
    func lackedMemory(container id: String) -> Bool

    /// Kills what is in it and takes it away; true when nothing is left.
    func end(_ group: ResourceGroup) -> Bool
}

/// Why something cannot be, and what to do about it.
public struct Obstacle: Hashable, Sendable {
    public var why: String
    public var next: String

    public init(why: String, next: String) { (self.why, self.next) = (why, next) }
}
