extension Environment {
    /// Who is told of what, and how.
    public struct Route: Hashable, Codable, Sendable {
        /// How a message is brought.
        public enum Target: Hashable, Codable, Sendable {
            case webhook(Webhook)
            case mail(Mail)
            /// A program of the project, which gets the message as JSON on standard input.
            case command([String])
            /// A file, relative to the project, that holds the latest messages as JSON.
            case file(String)
        }

        /// An address that takes messages.
        public struct Webhook: Hashable, Codable, Sendable {
            /// Whose form the message has.
            public enum Form: String, CaseIterable, Codable, Sendable {
                case json, slack, teams, telegram, matrix, pagerduty
            }
            /// Where the address is to be found, which is a secret.
            public var url: SecretSource
            public var form: Form
            /// Where a bearer token, or the routing key of PagerDuty, is to be found; nil: none is sent.
            public var token: SecretSource?
            /// The chat of Telegram.
            public var chat: String?
        }

        /// Letters to people.
        public struct Mail: Hashable, Codable, Sendable {
            public var to: [String]
            public var from: String
            /// Where the server's address with account and password is to be found; nil: the machine's sendmail.
            public var server: SecretSource?
        }

        /// Who is told when nobody answers.
        public struct Escalation: Hashable, Codable, Sendable {
            /// From when it happened, or was told to this route.
            public var after: Duration
            /// Name of a route.
            public var to: String
        }

        /// Unlike that of any other route of the environment.
        public var name: String
        public var target: Target
        /// Kinds of events and severities it is told of; none: only what is escalated to it.
        public var on: [String]
        /// Instead of the event's own; nil: as it is.
        public var severity: Event.Severity?
        /// nil: nobody else is told.
        public var escalation: Escalation?

        /// Where everything is to be found that is nobody else's business, by its key in the definition.
        var secrets: [String: SecretSource] {
            let all: [String: SecretSource?] =
                switch target {
                case .webhook(let webhook): ["webhook": webhook.url, "token": webhook.token]
                case .mail(let mail): ["mail.server": mail.server]
                case .command, .file: [:]
                }
            return all.compactMapValues(\.self)
        }

        /// Whether its messages open and close incidents, so that it is told of nothing else.
        var keepsIncidents: Bool {
            if case .webhook(let webhook) = target { webhook.form == .pagerduty } else { false }
        }

        /// Whether it is told of an event of this kind.
        func takes(_ kind: Event.Kind) -> Bool {
            on.contains { $0 == kind.rawValue || $0 == kind.severity.rawValue }
        }
    }

    /// In the order of the definition.
    public var routes: [Route] {
        get { definedRoutes ?? [] }
        set { definedRoutes = newValue.isEmpty ? nil : newValue }
    }
}
