import Glibc

/// A place in the bytes of a definition as the server writes it.
struct MySQLCursor {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    mutating func skip(_ text: String) -> Bool {
        let next = position + text.utf8.count
        guard next <= end, bytes[position..<next].elementsEqual(text.utf8) else { return false }
        position = next
        return true
    }

    /// A name in backticks, which stand twice where one is meant.
    mutating func skipName() -> Bool {
        let mark = UInt8(ascii: "`")
        guard position < end, bytes[position] == mark else { return false }
        var place = position + 1
        while place < end {
            guard bytes[place] == mark else {
                place += 1
                continue
            }
            guard place + 1 < end, bytes[place + 1] == mark else {
                position = place + 1
                return true
            }
            place += 2
        }
        return false
    }

    mutating func skip(past text: String) -> Bool {
        while position < end {
            if skip(text) { return true }
            position += 1
        }
        return false
    }
}

extension [UInt8] {
    /// Where these bytes begin, at `start` or after it.
    func find(_ bytes: [UInt8], from start: Int) -> Int? {
        withUnsafeBytes { all in
            guard let base = all.baseAddress, start < all.count else { return nil }
            let rest = base + start
            return memmem(rest, all.count - start, bytes, bytes.count).map {
                start + (UnsafeRawPointer($0) - rest)
            }
        }
    }
}
