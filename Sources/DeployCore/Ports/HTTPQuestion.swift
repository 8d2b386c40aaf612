/// A question by HTTP without TLS to a place of this machine, which takes no program to ask.
public struct HTTPQuestion: Hashable, Sendable {
    public let address: ServiceAddress
    /// The request as it is sent; the connection ends with its answer.
    public let text: String
    /// How often it is asked, each time on a connection of its own.
    public let times: Int
    /// Whether the result holds an answer's body, or its head alone.
    public let tellsBody: Bool
    /// For one answer, from the connection to its last byte.
    public let patience: Duration

    /// nil for what cannot be written as it is: a path to be resolved first, or text that would end its line.
    ///
    /// `host`: what is asked for unless `headers` say so.
    init?(
        at address: ServiceAddress, host: String, path: String, headers: [String: String], times: Int,
        tellsBody: Bool, patience: Duration
    ) {
        let isPlain = path.utf8.allSatisfy { (0x21...0x7E).contains($0) } && path.begins(with: "/")
        guard isPlain, !path.holds("#"), !path.holds("/.") else { return nil }
        let own = headers.filter { $0.key.lowered != "connection" }
        let fixed = ["Host": host, "User-Agent": "deployctl", "Accept": "*/*", "Connection": "close"].filter {
            name, _ in
            !own.keys.contains { $0.lowered == name.lowered }
        }
        let lines = own.merging(fixed) { $1 }.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        guard lines.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else { return nil }
        self.address = address
        self.times = times
        self.tellsBody = tellsBody
        self.patience = patience
        text = (["GET \(path) HTTP/1.1"] + lines + ["", ""]).joined(separator: "\r\n")
    }
}
