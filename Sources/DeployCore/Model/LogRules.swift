extension Environment {
    /// How large logs get, and how long what they held is kept.
    struct LogRules: Hashable, Codable, Sendable {
        /// Bytes after which a log's beginning is taken off.
        var size: Int64 = 20_000_000
        /// After so long it is taken off a smaller log too.
        var every: Duration = .seconds(86_400)
        /// How long what was taken off is kept at most.
        var keepFor: Duration = .seconds(30 * 86_400)
        /// Bytes that all logs of the environment may take together, packed as they lie.
        var within: Int64 = 500_000_000

        static let sizes: ClosedRange<Int64> = 65_536...200_000_000
    }

    var logRules: LogRules {
        get { definedLogRules ?? LogRules() }
        set { definedLogRules = newValue == LogRules() ? nil : newValue }
    }
}
