import CFiles

/// What this program was built from.
public enum BuildCommit {
    /// Forty hexadecimal digits; nil where the build was none of a commit, as a developer's is.
    public static var digits: String? {
        var bytes = [CChar](repeating: 0, count: 41)
        build_commit(&bytes)
        let digits = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return digits.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : digits
    }
}
