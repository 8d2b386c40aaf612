/// Files that zstd made.
enum Zstd {
    /// What a file that zstd made begins with.
    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
}
