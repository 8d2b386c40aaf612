/// How many terminal columns text takes.
enum DisplayWidth {
    /// Without colour sequences.
    static func of(_ text: String) -> Int {
        var (width, isColour) = (0, false)
        for character in text {
            if isColour {
                isColour = character != "m"
            } else if character == "\u{1B}" {
                isColour = true
            } else {
                width += of(character)
            }
        }
        return width
    }

    static func of(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if character.unicodeScalars.contains(where: { $0 == "\u{FE0F}" }) { return 2 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The text cut to `width` columns, its last one `mark` when something was cut.
    static func cut(_ text: String, to width: Int, mark: String = "…") -> String {
        guard of(text) > width else { return text }
        guard width > of(mark) else { return String(mark.prefix(max(0, width))) }
        var kept = ""
        var used = of(mark)
        for character in text {
            used += of(character)
            if used > width { break }
            kept.append(character)
        }
        return kept + mark
    }

    /// East Asian wide and fullwidth forms, and pictures.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}
