/// A server's version as it tells it: `8.0.36`, `10.11.6-MariaDB-log`.
struct MySQLVersion {
    let isMariaDB: Bool
    let numbers: [Int]

    init(_ text: String) {
        isMariaDB = text.lowercased().contains("mariadb")
        // Before MariaDB 11 some clients are told 5.5.5- in front of the version.
        let start = text.hasPrefix("5.5.5-") ? text.dropFirst(6) : text[...]
        let digits = start.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        numbers = digits.split(separator: ".").compactMap { Int($0) }
    }

    /// Whether dumps of `other` can be restored here.
    func reads(_ other: MySQLVersion) -> Bool {
        isMariaDB == other.isMariaDB && !numbers.isEmpty && !other.numbers.isEmpty
            && !numbers.lexicographicallyPrecedes(other.numbers)
    }
}
