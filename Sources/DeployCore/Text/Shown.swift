/// Makes foreign text safe to print: short, on one line, without control or formatting characters.
enum Shown {
    static func text(_ text: String, limit: Int = 60) -> String {
        var result = ""
        for (position, scalar) in text.unicodeScalars.enumerated() {
            guard position < limit else { return result + "…" }
            result.unicodeScalars.append(isVisible(scalar) ? scalar : "\u{FFFD}")
        }
        return result
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
