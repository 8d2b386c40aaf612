/// A server's version as it tells it: `8.0.36`, `10.11.6-MariaDB-log`.
struct MySQLVersion {
    let isMariaDB: Bool
    let numbers: [Int]

    init(_ text: String) {
        isMariaDB = text.lowered.holds("mariadb")
        // Before MariaDB 11 some clients are told 5.5.5- in front of the version.
        let start = text.after("5.5.5-") ?? text[...]
        let digits = Substring(start.utf8.prefix { $0.isDigit || $0 == UInt8(ascii: ".") })
        numbers = digits.split(at: ".").compactMap { Int($0) }
    }

    /// Whether `MD5()` is built in: MySQL has given it up with 9.6.
    var hashesByMD5: Bool { isMariaDB || numbers.lexicographicallyPrecedes([9, 6]) }

    /// Whether dumps of `other` can be restored here.
    func reads(_ other: MySQLVersion) -> Bool {
        isMariaDB == other.isMariaDB && !numbers.isEmpty && !other.numbers.isEmpty
            && !numbers.lexicographicallyPrecedes(other.numbers)
    }
}
