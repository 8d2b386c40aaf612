import Foundation

@testable import DeployCore

/// Groups that are whatever a test says.
public final class FakeResourceGroups: ResourceGroups, @unchecked Sendable {
    private let guarded = NSLock()
    private var inTheWay: Obstacle?
    private var uses: [String: ResourceUse] = [:]
    private var short: Set<String> = []
    private var gone: [ResourceGroup] = []

    public init() {}

    /// From now on this machine cannot limit anything.
    public func refuse(_ obstacle: Obstacle?) { guarded.withLock { inTheWay = obstacle } }
    /// From now on the group of this name takes so much.
    public func take(_ use: ResourceUse, in name: String) { guarded.withLock { uses[name] = use } }
    /// From now on memory lacked in the group of this name, or the container of this id.
    public func lackMemory(in name: String) { guarded.withLock { _ = short.insert(name) } }
    /// Those that were ended.
    public var ended: [ResourceGroup] { guarded.withLock { gone } }

    public func obstacle(to kinds: Set<Limits.Kind>) -> Obstacle? { guarded.withLock { inTheWay } }
    public func use(of group: ResourceGroup) -> ResourceUse? { guarded.withLock { uses[group.name] } }
    public func useAround(_ group: ResourceGroup) -> ResourceUse? { guarded.withLock { uses[group.outer] } }
    public func lackedMemory(_ group: ResourceGroup) -> Bool {
        guarded.withLock { short.contains(group.name) }
    }
    public func lackedMemory(container id: String) -> Bool { guarded.withLock { short.contains(id) } }
    public func end(_ group: ResourceGroup) -> Bool {
        guarded.withLock { gone.append(group) }
        return true
    }
}
