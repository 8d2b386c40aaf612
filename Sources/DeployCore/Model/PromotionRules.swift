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
        var acceptsRisk: Bool
        /// How long the release must have run at the source without a restart.
        var soak: Duration?
        /// Names of the source's checks that must pass.
        public var checks: [String]
        /// Texts no line of the source's service logs may hold since the deployment.
        var forbiddenInLogs: [String]
        var slo: SLO?
        /// What a person signs, item by item.
        public var checklist: [String]
        /// How many people approve the release.
        public var approvals: Int
        var approvalsExpire: Duration?
        /// Whether the release's commit must be on a remote branch.
        public var pushed: Bool
        /// Any of them must be open; empty: always open.
        var windows: [Window]
        var freezes: [Freeze]
        /// Commands of the project's own, as argument vectors; each must end with 0.
        public var commands: [[String]]
        var commandDeadline: Duration

        init(from: String?) {
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
    struct SLO: Hashable, Codable, Sendable {
        var path: String
        var requests: Int
        var concurrency: Int
        /// Ninety-five of a hundred answers are faster.
        var p95: Duration
        /// The share of requests that may fail.
        var errorRate: Double
    }

    /// When promotions are open, in local time; `from` after `to` ends on the next day.
    struct Window: Hashable, Codable, Sendable {
        /// Monday is 1, Sunday 7; in order, so that equal windows are stored as equal text.
        let days: [Int]
        /// Minutes since midnight.
        var from: Int
        var to: Int
        var timezone: String

        init(days: Set<Int>, from: Int, to: Int, timezone: String) {
            self.days = days.sorted()
            self.from = from
            self.to = to
            self.timezone = timezone
        }
    }

    /// A span without promotions; `to` is the first moment after it.
    struct Freeze: Hashable, Codable, Sendable {
        var from: Date
        var to: Date
        var reason: String
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
