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
        /// Whether the edge writes a line for each request; nil: yes.
        var access: Bool?
        /// Addresses and networks of proxies in front whose `X-Forwarded-` headers count; nil: none's.
        var trust: [String]?
        /// Whether answers in text are packed; nil: no.
        var gzip: Bool?
        /// Whether search engines are told to leave it out; nil: no.
        var noindex: Bool?
        /// Relative to the folder of a static route: answers paths without a file; nil: none does.
        var fallback: String?
        /// Pages of the release by the status, relative to it; nil: nginx's own.
        var errors: [String: String]?
        /// Where the lines with users and passwords are; nil: anybody gets in.
        var password: SecretSource?
        /// IPv4 and IPv6 addresses of the public ports; nil: every IPv4 address.
        var listen: [String]?
        /// How long files of a release before go on being served; nil: not at all.
        var keepAssets: Duration?
        /// How often one client may ask; nil: as often as it likes.
        var rate: Rate?
        /// Where names are asked for without TLS; nil: 80.
        var http: Int?
        /// Where names are asked for with TLS; nil: 443.
        var https: Int?
        /// Whether further names lead to the first one; nil: no.
        var canonical: Bool?
    }

    /// So many requests in each second or minute.
    struct Rate: Hashable, Codable, Sendable {
        enum Unit: String, Codable, Sendable { case second = "s", minute = "m" }
        var requests: Int
        var per: Unit
    }

    /// Keys of the front that only an nginx can keep, as the definition sets them.
    var keysForNginx: [String] {
        let set: [(String, Bool)] = [
            ("password", front.password != nil), ("rate", front.rate != nil), ("listen", front.listen != nil),
            ("errors", front.errors != nil), ("fallback", front.fallback != nil),
            ("keepAssets", front.keepAssets != nil),
        ]
        let spread = services.first { $0.replicaOf != nil && $0.listen != .none }
        return (hosts.isEmpty ? [] : ["hosts"]) + set.filter(\.1).map { "front.\($0.0)" }
            + (spread.map { ["services.\($0.definedName).replicas"] } ?? [])
    }

    /// Whether deployctl's own questions must not come by the public ports: they would be asked for a password, be
    /// counted, not be heard, or depend on a name.
    var isAskedInside: Bool {
        runtime.strategy == .blueGreen && isReached
            && (front.password != nil || front.rate != nil || front.listen != nil || !hosts.isEmpty)
    }

    /// As the definition says, with defaults.
    var front: Front {
        get { definedFront ?? Front() }
        set { definedFront = newValue == Front() ? nil : newValue }
    }
}
