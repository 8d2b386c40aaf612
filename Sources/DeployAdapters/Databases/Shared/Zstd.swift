import DeployCore

/// The compressor of payloads, always fed and read without a shell.
enum Zstd {
    static let packing = Command("zstd", ["-q", "-T0", "-c"])

    static func unpacking(_ path: String) -> Command { Command("zstd", ["-q", "-d", "-c", "--", path]) }

    /// What a file that zstd made begins with.
    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
}
