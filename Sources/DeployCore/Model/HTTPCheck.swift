/// Requests to an environment's front door, in order, and what they must answer.
public struct HTTPCheck: Hashable, Codable, Sendable {
    public var name: String
    var steps: [Step]
    /// Values for `{name}` in requests, fetched when the check runs.
    public var secrets: [String: SecretSource]

    init(name: String, steps: [Step], secrets: [String: SecretSource] = [:]) {
        self.name = name
        self.steps = steps
        self.secrets = secrets
    }

    struct Step: Hashable, Codable, Sendable {
        /// Such as `GET`.
        var method: String
        /// With query, below the front door.
        var path: String
        /// Sent with the request.
        var headers: [String: String]
        /// Sent as JSON; nil: none.
        var body: JSONField?
        var expect: Expectation
        /// Names for later steps: a way into the JSON answer such as `data.0.id`, or `header:Location`.
        var capture: [String: String]

        init(
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
    struct Expectation: Hashable, Codable, Sendable {
        /// nil: any from 200 to 299.
        var status: Int?
        /// By name: what each must be, byte for byte.
        var headers: [String: String] = [:]
        /// The answer holds at least this.
        var json: JSONField?
        /// The longest the answer may take; nil: as long as the check.
        var latency: Duration?
    }
}
