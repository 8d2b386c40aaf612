/// Where a key stands in the text of a Compose file; the engine's parser does not say.
struct ComposeLines {
    private let lines: [Line]

    private struct Line {
        /// Leading spaces.
        var indent: Int
        var text: Substring
    }

    init(_ text: String) {
        lines = text.split(at: "\n", keepsEmpty: true).map { line in
            let text = Substring(line)
            let indent = text.utf8.prefix { $0 == UInt8(ascii: " ") }.count
            return Line(indent: indent, text: Substring(text.utf8.dropFirst(indent)))
        }
    }

    /// Counted from 1: the line of a path such as `services.web.ports`, else of the nearest key above it, as what
    /// anchors, `extends` and `include` bring stands elsewhere; nil where not even the first is there.
    func line(of path: String) -> Int? {
        var found: Int?
        var (first, end, outer) = (0, lines.count, -1)
        for key in path.split(at: ".") {
            guard let place = child(String(key), in: first..<end, below: outer) else { break }
            found = place
            (first, outer) = (place + 1, lines[place].indent)
            end =
                lines[first..<end].firstIndex {
                    isSaying($0) && $0.indent <= outer && !$0.text.begins(with: "-")
                } ?? end
        }
        return found.map { $0 + 1 }
    }

    /// The first line that names a variable, counted from 1; nil where none does.
    func line(naming variable: String) -> Int? {
        lines.firstIndex { $0.text.holds("${\(variable)") || $0.text.holds("$\(variable)") }.map { $0 + 1 }
    }

    private func child(_ key: String, in range: Range<Int>, below outer: Int) -> Int? {
        guard let indent = range.first(where: { isSaying(lines[$0]) }).map({ lines[$0].indent }),
            indent > outer
        else { return nil }
        return range.first { index in
            let line = lines[index]
            return line.indent == indent
                && [key, "\"\(key)\"", "'\(key)'"].contains {
                    line.text.after($0)?.trimmed.begins(with: ":") == true
                }
        }
    }

    private func isSaying(_ line: Line) -> Bool {
        !line.text.isBlank && !line.text.begins(with: "#") && line.text != "---"
    }
}
