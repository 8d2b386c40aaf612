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

    /// Lines cut at the terminal's columns; nil for a file or a pipe.
    public func lines(width: Int? = nil) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = indent
            for (column, cell) in row.enumerated() {
                line += cell
                guard column < row.count - 1 else { break }
                line += String(repeating: " ", count: widths[column] - DisplayWidth.of(cell) + 2)
            }
            while let shorter = line.before(" ") { line = String(shorter) }
            return width.map { DisplayWidth.cut(line, to: $0) } ?? line
        }
    }

    public func text(width: Int? = nil) -> String { lines(width: width).map { $0 + "\n" }.joined() }
}
