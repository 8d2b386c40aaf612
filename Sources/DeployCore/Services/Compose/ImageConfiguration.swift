/// What an image says about itself.
struct ImageConfiguration: Hashable, Codable, Sendable {
    private var volumes: [String: JSONTree]?
    private var ports: [String: JSONTree]?

    /// Absolute paths at which it wants volumes, in order.
    var volumePaths: [String] { (volumes ?? [:]).keys.sorted() }

    /// The only port it says it listens on by TCP; nil where it names none, or several.
    var port: Int? {
        let all = (ports ?? [:]).keys.filter { !$0.ends(with: "/udp") && !$0.ends(with: "/sctp") }
        return all.count == 1 ? all.first.flatMap { Int($0.leadingDigits) } : nil
    }

    /// A line of JSON for the engine to fill in.
    static let format =
        #"{"volumes":{{json .Config.Volumes}},"ports":{{json .Config.ExposedPorts}}}"#
}
