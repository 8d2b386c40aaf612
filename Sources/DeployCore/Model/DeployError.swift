/// A failure the operator can act on: what happened, why, and what to do next.
///
/// Every throwing function in the core is declared `throws(DeployError)`, so the compiler proves
/// that no failure reaches the terminal without a next step and a documented exit code.
public struct DeployError: Error, Hashable, Codable, Sendable {
    public let code: ExitCode
    /// What happened, in the operator's words and without a trailing full stop.
    public let what: String
    /// The cause: usually the last lines an external program printed; of long ones the beginning and the end.
    public let why: String
    /// The command to type, or the file to edit, next.
    public let next: String
    /// Whether what was looked at is spoiled itself, so that looking again would not help.
    public var isDamage: Bool { damage == true }
    private let damage: Bool?
    /// What users have after a run that failed or was refused; nil where nobody looked.
    public private(set) var aftermath: Aftermath?
    /// The machine it happened on, as ssh knows it; nil for this one.
    public private(set) var machine: String?

    /// What is left of a run that did not succeed.
    public struct Aftermath: Hashable, Codable, Sendable {
        /// What serves now; nil after a run that touches nothing that serves.
        public var serving: String?
        /// Absolute: the run's own log; nil where no run had begun.
        public var log: String?
    }

    public init(_ code: ExitCode, what: String, why: String, next: String, isDamage: Bool = false) {
        self.code = code
        self.what = what
        self.why = CutText.bounded(why)
        self.next = next
        damage = isDamage ? true : nil
    }
}

extension DeployError {
    /// The same failure under another exit code, for a caller that knows what it means for the environment.
    public func recast(as code: ExitCode, next: String? = nil) -> DeployError {
        var error = DeployError(code, what: what, why: why, next: next ?? self.next, isDamage: isDamage)
        (error.aftermath, error.machine) = (aftermath, machine)
        return error
    }

    /// The same failure, with the machine it happened on.
    public func happening(on machine: String) -> DeployError {
        var error = self
        error.machine = machine
        return error
    }

    /// The same failure, with what it left.
    func leaving(_ aftermath: Aftermath?) -> DeployError {
        var error = self
        error.aftermath = aftermath
        return error
    }
}
