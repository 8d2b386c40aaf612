/// Rows in aligned columns, without trailing spaces.
public struct TextTable: Sendable {
    private var rows: [[String]] = []
    private let indent: String

    public init(header: [String] = [], indent: String = "") {
        self.indent = indent
        if !header.isEmpty { rows.append(header) }
    }

    /// Adds a row; cells are foreign text and made inert.
    public mutating func add(_ cells: String...) { add(cells) }
    public mutating func add(_ cells: [String]) { rows.append(cells.map(InertText.line)) }

    /// One text a row.
    ///
    /// On a terminal of so many columns the last cell is wrapped below itself, or below the row where too little room
    /// is left of it; nil for a file or a pipe.
    public func lines(width: Int? = nil) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count - 1 ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var head = indent
            for (column, cell) in row.dropLast().enumerated() {
                head += cell + String(repeating: " ", count: widths[column] - DisplayWidth.of(cell) + 2)
            }
            return Self.trimmed(Self.row(head, row.last ?? "", indent, width))
        }
    }

    private static func row(_ head: String, _ last: String, _ indent: String, _ width: Int?) -> String {
        guard let width,
            DisplayWidth.of(head) + DisplayWidth.of(last) > width,
            width - DisplayWidth.of(head) < Wrap.narrowest
        else { return Wrap.hanging(last, after: head, width: width) }
        return trimmed(head) + "\n" + Wrap.hanging(last, after: indent + "    ", width: width)
    }

    private static func trimmed(_ text: String) -> String {
        var line = text
        while let shorter = line.before(" ") { line = String(shorter) }
        return line
    }

    public func text(width: Int? = nil) -> String { lines(width: width).map { $0 + "\n" }.joined() }
}
