/// That the state was put together again from what lay on disk of an environment.
public struct Rebuilding: Hashable, Sendable {
    public var environment: String
    /// The number of the last run that the state had then: those with a later one began after it.
    public var sequence: Int64
    /// The latest name that was given away then; nil where there was none.
    public var newest: Timestamp?
    /// Why what the environment proved until then is not believed; nil where it is.
    public var doubt: String?

    public init(environment: String, sequence: Int64, newest: Timestamp?, doubt: String?) {
        self.environment = environment
        self.sequence = sequence
        self.newest = newest
        self.doubt = doubt
    }

    /// Why what the newest move of each environment proved is not believed; without those where it is.
    public static func doubts(in state: any StateStore) throws(DeployError) -> [String: String] {
        var doubts: [String: String] = [:]
        for rebuilding in try state.rebuildings() {
            guard let doubt = rebuilding.doubt else { continue }
            let move = try state.releaseMoves(of: rebuilding.environment, limit: 1).first
            if move.map({ $0.sequence > rebuilding.sequence }) != true {
                doubts[rebuilding.environment] = doubt
            }
        }
        return doubts
    }
}
