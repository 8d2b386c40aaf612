/// The way from the top of a definition to one value, as shown in messages: `services.backend.command[0]`.
enum DefinitionPath {
    static func key(_ key: String, in path: String) -> String {
        let plain =
            !key.isEmpty
            && key.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "$")
            }
        guard plain else { return "\(path)[\"\(Shown.text(key))\"]" }
        return path.isEmpty ? key : "\(path).\(key)"
    }

    static func index(_ index: Int, in path: String) -> String { "\(path)[\(index)]" }

    /// Whether one path is the other or lies below it.
    static func overlap(_ left: String, _ right: String) -> Bool {
        isWithin(left, right) || isWithin(right, left)
    }

    private static func isWithin(_ path: String, _ outer: String) -> Bool {
        path == outer || path.begins(with: outer + ".") || path.begins(with: outer + "[")
    }
}
