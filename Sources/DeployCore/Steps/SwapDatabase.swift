import FoundationEssentials

/// Gives the new data the live name and keeps what was live beside it; takes as long for much data as for little.
struct SwapDatabase: StepWork {
    static let id = "swap-database"
    var live: DatabaseLocation
    var next: DatabaseLocation
    var retired: DatabaseLocation

    var title: String { "Swap the database \(live.name)" }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let began = context.ports.clock.now()
        try context.database.swap(live, with: next, keeping: retired)
        let seconds = context.ports.clock.now().timeIntervalSince(began).rounded(toPlaces: 3)
        return "in \(seconds) s; what was live is \(retired.name)"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try context.database.swap(live, with: retired, keeping: next)
    }
}
