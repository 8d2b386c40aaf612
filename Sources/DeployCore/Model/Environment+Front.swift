extension Environment {
    /// What the nginx in front of the services takes in and serves.
    struct Front: Hashable, Codable, Sendable {
        /// What of its own nginx writes down, from the least to the most.
        enum Log: String, Hashable, Codable, Sendable, CaseIterable { case crit, error, warn, info }

        /// The most bytes the body of a request may have.
        var body: Int64 = 50_000_000
        /// Whether a body is read whole before the service gets it.
        var buffering = true
        /// How many bodies of a megabyte and more, or of unknown length, may be read at once.
        var uploads = 100
        /// Whether files and folders whose names begin with a dot are served.
        var dotFiles = false
        var log = Log.crit
        // Optional, so that plans stored by an earlier version can be read.
        /// Addresses and networks of proxies in front whose `X-Forwarded-` headers count; nil: none's.
        var trust: [String]?
        /// Whether answers in text are packed; nil: no.
        var gzip: Bool?
        /// Whether search engines are told to leave it out; nil: no.
        var noindex: Bool?
    }

    /// As the definition says, with defaults.
    var front: Front {
        get { definedFront ?? Front() }
        set { definedFront = newValue == Front() ? nil : newValue }
    }
}
