import FoundationEssentials

extension Environment {
    /// What a release must have proved before it may come here.
    public struct Promotion: Hashable, Codable, Sendable {
        public enum Trigger: String, CaseIterable, Codable, Sendable {
            /// A person asks for each promotion.
            case manual
            /// Each successful deployment of the source is promoted; only where the risk is accepted.
            case automatic
        }

        /// The environment whose proved release is promoted; nil: releases are built for this one directly.
        public var from: String?
        public var trigger: Trigger
        public var acceptsRisk: Bool
        /// How long the release must have run at the source without a restart.
        public var soak: Duration?
        /// Names of the source's checks that must pass.
        public var checks: [String]
        /// Texts no line of the source's service logs may hold since the deployment.
        public var forbiddenInLogs: [String]
        public var slo: SLO?
        /// What a person signs, item by item.
        public var checklist: [String]
        /// How many people approve the release.
        public var approvals: Int
        public var approvalsExpire: Duration?
        /// Whether the release's commit must be on a remote branch.
        public var pushed: Bool
        /// Any of them must be open; empty: always open.
        public var windows: [Window]
        public var freezes: [Freeze]
        /// Commands of the project's own, as argument vectors; each must end with 0.
        public var commands: [[String]]
        public var commandDeadline: Duration

        public init(from: String?) {
            self.from = from
            trigger = .manual
            acceptsRisk = false
            checks = []
            forbiddenInLogs = []
            checklist = []
            approvals = 0
            pushed = false
            windows = []
            freezes = []
            commands = []
            commandDeadline = .seconds(60)
        }
    }

    /// Load that the source must stand.
    public struct SLO: Hashable, Codable, Sendable {
        public var path: String
        public var requests: Int
        public var concurrency: Int
        /// Ninety-five of a hundred answers are faster.
        public var p95: Duration
        /// The share of requests that may fail.
        public var errorRate: Double

        public init(path: String, requests: Int, concurrency: Int, p95: Duration, errorRate: Double) {
            self.path = path
            self.requests = requests
            self.concurrency = concurrency
            self.p95 = p95
            self.errorRate = errorRate
        }
    }

    /// When promotions are open, in local time; `from` after `to` ends on the next day.
    public struct Window: Hashable, Codable, Sendable {
        /// Monday is 1, Sunday 7; in order, so that equal windows are stored as equal text.
        public let days: [Int]
        /// Minutes since midnight.
        public var from: Int
        public var to: Int
        public var timezone: String

        public init(days: Set<Int>, from: Int, to: Int, timezone: String) {
            self.days = days.sorted()
            self.from = from
            self.to = to
            self.timezone = timezone
        }
    }

    /// A span without promotions; `to` is the first moment after it.
    public struct Freeze: Hashable, Codable, Sendable {
        public var from: Date
        public var to: Date
        public var reason: String

        public init(from: Date, to: Date, reason: String) {
            self.from = from
            self.to = to
            self.reason = reason
        }
    }
}

extension Environment.Promotion {
    private enum CodingKeys: String, CodingKey {
        case from, trigger, acceptsRisk, soak, checks, forbiddenInLogs, slo, checklist, approvals,
            approvalsExpire, pushed, windows, freezes, commands, commandDeadline
    }

    /// Plans stored by an earlier version lack what is newer; the default stands for it.
    public init(from decoder: any Decoder) throws {
        let stored = try decoder.container(keyedBy: CodingKeys.self)
        self.init(from: try stored.decodeIfPresent(String.self, forKey: .from))
        func value<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
            try stored.decodeIfPresent(Value.self, forKey: key) ?? standard
        }
        trigger = try value(.trigger, trigger)
        acceptsRisk = try value(.acceptsRisk, acceptsRisk)
        soak = try stored.decodeIfPresent(Duration.self, forKey: .soak)
        checks = try value(.checks, checks)
        forbiddenInLogs = try value(.forbiddenInLogs, forbiddenInLogs)
        slo = try stored.decodeIfPresent(Environment.SLO.self, forKey: .slo)
        checklist = try value(.checklist, checklist)
        approvals = try value(.approvals, approvals)
        approvalsExpire = try stored.decodeIfPresent(Duration.self, forKey: .approvalsExpire)
        pushed = try value(.pushed, pushed)
        windows = try value(.windows, windows)
        freezes = try value(.freezes, freezes)
        commands = try value(.commands, commands)
        commandDeadline = try value(.commandDeadline, commandDeadline)
    }
}
