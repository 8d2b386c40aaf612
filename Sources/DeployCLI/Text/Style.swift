/// Colour where a terminal shows it; text carries the meaning without it.
public struct Style: Sendable {
    public let colour: Bool
    /// Of the terminal it is written to; nil for a file or a pipe, where nothing is wrapped or folded.
    let size: (columns: Int, rows: Int)?

    public static let plain = Style(colour: false)

    public init(colour: Bool) {
        self.colour = colour
        size = nil
    }

    var width: Int? { size?.columns }

    /// Takes the process's environment variables.
    public init(for stream: OutputStreams.Stream, noColor: Bool, variables: [String: String]) {
        let refused = !(variables["NO_COLOR"] ?? "").isEmpty || noColor || variables["TERM"] == "dumb"
        colour = stream.isTerminal && !refused
        size = stream.isTerminal ? stream.size() : nil
    }

    private init(colour: Bool, size: (columns: Int, rows: Int)?) { (self.colour, self.size) = (colour, size) }

    func fitted(to stream: OutputStreams.Stream) -> Style {
        Style(colour: colour, size: stream.isTerminal ? stream.size() : nil)
    }

    public func bold(_ text: String) -> String { wrap(text, "1") }
    public func dim(_ text: String) -> String { wrap(text, "2") }
    public func good(_ text: String) -> String { wrap(text, "32") }
    public func bad(_ text: String) -> String { wrap(text, "31") }
    public func warning(_ text: String) -> String { wrap(text, "33") }

    private func wrap(_ text: String, _ code: String) -> String {
        colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
