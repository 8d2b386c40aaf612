/// Foreign text made safe to show on a terminal: logs, git subjects, names, what other programs said.
///
/// Keeps line feeds and tabs. Colour sequences disappear; any other control, bidirectional or
/// invisible character is shown as its number, because swallowing it would hide that it was there.
public enum InertText {
    public static let longestLine = 2_000

    /// Text of several lines.
    public static func block(_ text: String) -> String {
        inert(text).split(at: "\n", keepsEmpty: true).map(bounded).joined(separator: "\n")
    }

    /// Text for the middle of a line: line feeds and tabs become spaces.
    public static func line(_ text: String) -> String {
        bounded(Substring(inert(text).replacing("\n", by: " ").replacing("\t", by: " ")))
    }

    private static func inert(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        var marks = 0
        while let scalar = rest.popFirst() {
            marks = isMark(scalar) ? marks + 1 : 0
            guard marks <= mostMarks else { continue }
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

    /// More marks on one sign than a language has are drawn over other lines.
    private static let mostMarks = 4

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .enclosingMark, .spacingMark].contains(scalar.properties.generalCategory)
    }

    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        // One that asks for the coloured form of a sign is seen by what it does.
        if properties.isDefaultIgnorableCodePoint { return scalar != "\u{FE0F}" }
        return [.control, .format, .lineSeparator, .paragraphSeparator].contains(properties.generalCategory)
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        "<U+\(hexadecimal(scalar))>".unicodeScalars
    }

    static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func bounded(_ line: Substring) -> String {
        let scalars = line.unicodeScalars
        guard scalars.count > longestLine else { return String(line) }
        let kept = String(String.UnicodeScalarView(scalars.prefix(longestLine)))
        return "\(kept)… (\(scalars.count - longestLine) more characters)"
    }
}
