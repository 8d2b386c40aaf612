/// Requests to an environment's front door, in order, and what they must answer.
public struct HTTPCheck: Hashable, Codable, Sendable {
    public var name: String
    public var steps: [Step]
    /// Values for `{name}` in requests, fetched when the check runs.
    public var secrets: [String: SecretSource]

    public init(name: String, steps: [Step], secrets: [String: SecretSource] = [:]) {
        self.name = name
        self.steps = steps
        self.secrets = secrets
    }

    public struct Step: Hashable, Codable, Sendable {
        /// Such as `GET`.
        public var method: String
        /// With query, below the front door.
        public var path: String
        /// Sent with the request.
        public var headers: [String: String]
        /// Sent as JSON; nil: none.
        public var body: JSONField?
        public var expect: Expectation
        /// Names for later steps: a way into the JSON answer such as `data.0.id`, or `header:Location`.
        public var capture: [String: String]

        public init(
            _ method: String, _ path: String, headers: [String: String] = [:], body: JSONField? = nil,
            expect: Expectation = Expectation(), capture: [String: String] = [:]
        ) {
            self.method = method
            self.path = path
            self.headers = headers
            self.body = body
            self.expect = expect
            self.capture = capture
        }
    }

    /// What an answer must be; a status from 200 to 299 unless one is named.
    public struct Expectation: Hashable, Codable, Sendable {
        /// nil: any from 200 to 299.
        public var status: Int?
        /// By name: what each must be, byte for byte.
        public var headers: [String: String]
        /// The answer holds at least this.
        public var json: JSONField?
        /// The longest the answer may take; nil: as long as the check.
        public var latency: Duration?

        public init(
            status: Int? = nil, headers: [String: String] = [:], json: JSONField? = nil,
            latency: Duration? = nil
        ) {
            self.status = status
            self.headers = headers
            self.json = json
            self.latency = latency
        }
    }
}
