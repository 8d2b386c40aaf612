extension Environment {
    /// How an environment's logs are kept within bounds, and who else gets their lines.
    struct LogRules: Hashable, Codable, Sendable {
        /// A log of the machine that takes lines of many programs.
        enum Target: String, Hashable, Codable, Sendable, CaseIterable {
            case journal
            case syslog
        }

        /// Bytes after which a log's beginning is taken off.
        var size: Int64 = 20_000_000
        /// After so long it is taken off a smaller log too.
        var every: Duration = .seconds(86_400)
        /// How long what was taken off is kept at most.
        var keepFor: Duration = .seconds(30 * 86_400)
        /// Bytes that all logs of the environment may take together, packed as they lie.
        var within: Int64 = 500_000_000
        /// Where each line is handed on to; nil for nowhere.
        var to: Target?

        static let sizes: ClosedRange<Int64> = 65_536...200_000_000
    }

    var logRules: LogRules {
        get { definedLogRules ?? LogRules() }
        set { definedLogRules = newValue == LogRules() ? nil : newValue }
    }
}
