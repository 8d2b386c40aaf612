import FoundationEssentials

/// Gives the new data the live name and keeps what was live beside it; takes as long for much data as for little.
public struct SwapDatabase: StepWork {
    public static let id = "swap-database"
    public var live: DatabaseLocation
    public var next: DatabaseLocation
    public var retired: DatabaseLocation

    public init(live: DatabaseLocation, next: DatabaseLocation, retired: DatabaseLocation) {
        self.live = live
        self.next = next
        self.retired = retired
    }

    public var title: String { "Swap the database \(live.name)" }

    public func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking)
    }

    public func perform(in context: StepContext) throws(DeployError) -> String {
        let began = context.ports.clock.now()
        try context.database.swap(live, with: next, keeping: retired)
        let seconds = context.ports.clock.now().timeIntervalSince(began).rounded(toPlaces: 3)
        return "in \(seconds) s; what was live is \(retired.name)"
    }

    public func undo(in context: StepContext) throws(DeployError) {
        try context.database.swap(live, with: retired, keeping: next)
    }
}
