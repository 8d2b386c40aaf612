import FoundationEssentials

/// Gives the new data the live name and keeps what was live beside it; takes as long for much data as for little.
struct SwapDatabase: StepWork {
    static let id = "swap-database"
    var live: DatabaseLocation
    var next: DatabaseLocation
    var retired: DatabaseLocation
    /// Whether nothing had the live name before; nil stands for no.
    var isFirst: Bool?

    var title: String { "Swap the database \(live.name)" }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        try InstanceStopper(context: context).endDraining()
        let began = context.ports.clock.now()
        try context.database.swap(live, with: next, keeping: retired)
        let seconds = context.ports.clock.now().timeIntervalSince(began).rounded(toPlaces: 3)
        let former = isFirst == true ? "nothing was live before" : "what was live is \(retired.name)"
        return "in \(seconds) s; \(former)"
    }

    func undo(in context: StepContext) throws(DeployError) {
        guard isFirst == true, try !context.database.exists(retired) else {
            return try context.database.swap(live, with: retired, keeping: next)
        }
        guard try context.database.exists(live), try !context.database.exists(next) else { return }
        try context.database.swap(next, with: live, keeping: retired)
    }
}
