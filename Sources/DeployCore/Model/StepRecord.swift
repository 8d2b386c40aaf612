import FoundationEssentials

/// What the journal knows of one step of one deployment.
public struct StepRecord: Hashable, Codable, Sendable {
    /// How far a step came.
    public enum State: String, CaseIterable, Codable, Sendable {
        /// Intent is recorded; whether the effect happened is known only by looking.
        case started
        case finished, failed
        /// Its work was taken back.
        case undone
        /// It failed where failure does not undo the deployment.
        case warned
    }

    /// In the plan, from 0.
    public var position: Int
    public var step: String
    public var title: String
    public var state: State
    public var note: String
    public var startedAt: Date
    /// nil while it is under way, and after it was cut off.
    public var finishedAt: Date?
    /// What it found of columns; of a rehearsal, what the migrations do to them.
    public var columns: [ColumnChange]

    public init(
        position: Int, step: String, title: String, state: State, note: String, startedAt: Date,
        finishedAt: Date?, columns: [ColumnChange] = []
    ) {
        self.position = position
        self.step = step
        self.title = title
        self.state = state
        self.note = note
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.columns = columns
    }
}
