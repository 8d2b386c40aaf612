/// One step of a plan, as it is shown.
public struct PlannedStep: Hashable, Sendable {
    /// Stable name for scripts, in kebab case.
    public let id: String
    public let title: String
    /// The programs it starts, in the order of its work.
    public let calls: [ProgramCall]
}

extension Plan {
    /// Its steps in order, with the programs each starts where `layout` says that everything lies.
    public func outline(in layout: Layout) -> [PlannedStep] {
        steps.map(\.work).map { work in
            PlannedStep(id: work.id, title: work.title, calls: work.programs(in: layout))
        }
    }
}
