/// Foreign text made safe to show on a terminal: logs, git subjects, names, what other programs said.
///
/// Keeps line feeds and tabs. Colour sequences disappear; any other control, bidirectional or
/// invisible character is shown as its number, because swallowing it would hide that it was there.
public enum InertText {
    public static let longestLine = 2_000

    /// Text of several lines.
    public static func block(_ text: String) -> String {
        inert(text).split(separator: "\n", omittingEmptySubsequences: false).map(bounded).joined(
            separator: "\n")
    }

    /// Text for the middle of a line: line feeds and tabs become spaces.
    public static func line(_ text: String) -> String {
        bounded(Substring(String(inert(text).map { $0 == "\n" || $0 == "\t" ? " " : $0 })))
    }

    private static func inert(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\n", "\t": result.append(scalar)
            case "\r":
                // A lone return would overwrite what the line already shows.
                if rest.first != "\n" { result.append("\n") }
            case "\u{1B}" where rest.first == "[": dropColour(&rest, &result)
            case _ where isUnsafe(scalar): result.append(contentsOf: shown(scalar))
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Drops `ESC [ … m`; any other sequence loses only its escape character.
    private static func dropColour(
        _ rest: inout Substring.UnicodeScalarView, _ result: inout String.UnicodeScalarView
    ) {
        let parameters = rest.dropFirst().prefix { ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }
        if parameters.endIndex < rest.endIndex, rest[parameters.endIndex] == "m" {
            rest = rest[rest.index(after: parameters.endIndex)...]
        } else {
            result.append(contentsOf: shown("\u{1B}"))
        }
    }

    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E,
            0x2060...0x206F,
            0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        "<U+\(hexadecimal(scalar))>".unicodeScalars
    }

    static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func bounded(_ line: Substring) -> String {
        guard line.count > longestLine else { return String(line) }
        return "\(line.prefix(longestLine))… (\(line.count - longestLine) more characters)"
    }
}
