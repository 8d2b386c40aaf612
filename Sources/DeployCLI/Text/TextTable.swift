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
    /// is left of it; cells for which the terminal has no room stand below the row too. nil for a file or a pipe.
    public func lines(width: Int? = nil) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count - 1 ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
        }
        let room = fitting(widths, width)
        return rows.map { row in
            var head = indent
            for (column, cell) in row.prefix(room).dropLast(row.count > room ? 0 : 1).enumerated() {
                head += cell + String(repeating: " ", count: widths[column] - DisplayWidth.of(cell) + 2)
            }
            let below = row.dropFirst(room).filter { !$0.isEmpty }
            guard row.count > room else {
                return Self.trimmed(Self.row(head, row.last ?? "", indent, width))
            }
            guard !below.isEmpty else { return Self.trimmed(head) }
            return Self.trimmed(head) + "\n"
                + Self.trimmed(
                    Wrap.hanging(below.joined(separator: "  "), after: indent + "    ", width: width))
        }
    }

    /// How many columns of every row fit; all where all but the last do.
    private func fitting(_ widths: [Int], _ width: Int?) -> Int {
        guard let width else { return widths.count }
        var end = DisplayWidth.of(indent) - 2
        for (column, cell) in widths.dropLast().enumerated() {
            end += cell + 2
            if end > width, column > 0 { return column }
        }
        return widths.count
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
