/// In this house two texts are equal when their bytes are.
///
/// Swift's own equality, which takes `"é"` and `"e\u{301}"` for one, is hidden by these wherever two texts are compared
/// by an operator or a `switch`. Sets and dictionaries still go by Swift's: names that come from elsewhere are ``ByteText`` there.
extension String {
    public static func == (left: String, right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }

    public static func != (left: String, right: String) -> Bool { !(left == right) }

    public static func ~= (pattern: String, text: String) -> Bool { pattern == text }
}

extension Substring {
    public static func == (left: Substring, right: Substring) -> Bool { left.utf8.elementsEqual(right.utf8) }

    public static func != (left: Substring, right: Substring) -> Bool { !(left == right) }
}

extension Optional where Wrapped == String {
    public static func == (left: String?, right: String?) -> Bool {
        switch (left, right) {
        case (let left?, let right?): left == right
        case (nil, nil): true
        default: false
        }
    }

    public static func != (left: String?, right: String?) -> Bool { !(left == right) }
}

/// A name from elsewhere as the key of a set or a dictionary, equal to another when the bytes are.
public struct ByteText: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static func == (left: ByteText, right: ByteText) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
