/// Text as the programs that read it see it: bytes of UTF-8.
///
/// Swift's own search, split and comparison go by characters as people see them. To those `"'\u{301}"` holds no `'`, and
/// `"é"` equals `"e\u{301}"`; to a database, a shell, a file system and a terminal it does, and they differ. What a test
/// of the house bans elsewhere stands here, once.
extension StringProtocol {
    /// Whether the bytes of `part` stand anywhere in it; an empty part does.
    public func holds(_ part: String) -> Bool { range(ofBytes: part) != nil }

    public func begins(with start: String) -> Bool { utf8.starts(with: start.utf8) }

    public func ends(with end: String) -> Bool {
        utf8.count >= end.utf8.count && utf8.suffix(end.utf8.count).elementsEqual(end.utf8)
    }

    /// What follows `start`; nil where it does not begin with it.
    public func after(_ start: String) -> Substring? {
        begins(with: start) ? Substring(Substring(self).utf8.dropFirst(start.utf8.count)) : nil
    }

    /// What stands before `end`; nil where it does not end with it.
    public func before(_ end: String) -> Substring? {
        ends(with: end) ? Substring(Substring(self).utf8.dropLast(end.utf8.count)) : nil
    }

    /// Where the bytes of `part` stand first.
    public func range(ofBytes part: String) -> Range<String.Index>? {
        let (all, wanted) = (utf8, Array(part.utf8))
        guard let first = wanted.first else { return startIndex..<startIndex }
        var rest = all[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: wanted) { return start..<all.index(start, offsetBy: wanted.count) }
            rest.removeFirst()
        }
        return nil
    }

    /// With `new` wherever the bytes of `old` stand.
    public func replacing(_ old: String, by new: String) -> String {
        split(at: old, keepsEmpty: true).joined(separator: new)
    }

    /// The parts between the bytes of `separator`, at most `max` splits made from the front.
    public func split(at separator: String, max: Int = .max, keepsEmpty: Bool = false) -> [Substring] {
        var parts: [Substring] = []
        var (rest, splits) = (Substring(self), 0)
        while splits < max, let found = rest.range(ofBytes: separator), !found.isEmpty {
            if keepsEmpty || found.lowerBound > rest.startIndex {
                parts.append(rest[..<found.lowerBound])
                splits += 1
            }
            rest = rest[found.upperBound...]
        }
        return keepsEmpty || !rest.isEmpty ? parts + [rest] : parts
    }

    /// What stands before and after the first `separator`; nil where there is none.
    public func cut(at separator: String) -> (before: Substring, after: Substring)? {
        range(ofBytes: separator).map {
            (Substring(self)[..<$0.lowerBound], Substring(self)[$0.upperBound...])
        }
    }

    /// What stands before and after the last `separator`; nil where there is none.
    public func cutLast(at separator: String) -> (before: Substring, after: Substring)? {
        let parts = split(at: separator, keepsEmpty: true)
        guard parts.count > 1, let last = parts.last else { return nil }
        let length = last.utf8.count + separator.utf8.count
        return (Substring(Substring(self).utf8.dropLast(length)), last)
    }

    /// Lines that hold something, ended by LF or CR LF and by nothing else.
    public var lines: [Substring] {
        Substring(self).utf8.split(separator: UInt8(ascii: "\n")).map { line in
            Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }.filter { !$0.isEmpty }
    }

    /// Up to the first line feed.
    public var firstLine: Substring { Substring(Substring(self).utf8.prefix { $0 != 0x0A && $0 != 0x0D }) }

    /// Words between blanks, tabs and line ends.
    public var words: [Substring] {
        Substring(self).utf8.split(whereSeparator: \.isBlank).map { Substring($0) }
    }

    /// Without blanks, tabs and line ends around it.
    public var trimmed: Substring {
        var bytes = Substring(self).utf8.drop(while: \.isBlank)
        while bytes.last?.isBlank == true { bytes.removeLast() }
        return Substring(bytes)
    }

    /// Whether it holds nothing, or nothing but blanks, tabs and line ends.
    public var isBlank: Bool { utf8.allSatisfy(\.isBlank) }

    /// ASCII letters in lower case; every other byte as it is.
    public var lowered: String { String(decoding: utf8.map(\.lowered), as: UTF8.self) }

    /// ASCII letters in upper case; every other byte as it is.
    public var uppered: String { String(decoding: utf8.map(\.uppered), as: UTF8.self) }

    /// The ASCII digits it begins with.
    public var leadingDigits: Substring { Substring(Substring(self).utf8.prefix(while: \.isDigit)) }

    /// What follows the ASCII digits it begins with.
    public var afterDigits: Substring { Substring(Substring(self).utf8.drop(while: \.isDigit)) }

    /// Whether every byte is of these, which are ASCII.
    func holdsOnly(_ allowed: String) -> Bool { utf8.allSatisfy(allowed.utf8.contains) }
}

extension UInt8 {
    /// Blank, tab, line feed, vertical tab, form feed or return.
    public var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    public var isDigit: Bool { (0x30...0x39).contains(self) }
    /// An ASCII letter.
    var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    /// Two digits.
    var hexadecimal: [UInt8] { [self >> 4, self & 15].map { "0123456789ABCDEF".utf8.map(\.self)[Int($0)] } }
    var lowered: UInt8 { isASCIILetter ? self | 0x20 : self }
    var uppered: UInt8 { isASCIILetter ? self & 0xDF : self }
}
