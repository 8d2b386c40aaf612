/// What says, without a look at the content of files, whether they were written since: numbers, sizes, rights and times.
public struct Fingerprint: Hashable, Sendable {
    /// In hexadecimal; the same only while nothing was changed.
    public let text: String
    /// When the last of them was changed, in nanoseconds of the file system's clock.
    public let youngest: Int64

    public init(text: String, youngest: Int64) {
        self.text = text
        self.youngest = youngest
    }
}
