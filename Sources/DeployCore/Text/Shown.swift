/// Makes foreign text safe to print: short, on one line, without control or formatting characters.
public enum Shown {
    /// At most `limit` scalars of it.
    public static func text(_ text: String, limit: Int = 60) -> String {
        var result = ""
        var marks = 0
        for (position, scalar) in text.unicodeScalars.enumerated() {
            guard position < limit else { return result + "…" }
            marks = isMark(scalar) ? marks + 1 : 0
            guard marks <= mostMarks else { continue }
            result.unicodeScalars.append(isVisible(scalar) ? scalar : "\u{FFFD}")
        }
        return result
    }

    /// More marks on one sign than a language has are drawn over other lines.
    private static let mostMarks = 4

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .enclosingMark, .spacingMark].contains(scalar.properties.generalCategory)
    }

    /// Whether a terminal shows the scalar as itself and nothing else happens.
    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            false
        default: true
        }
    }
}
