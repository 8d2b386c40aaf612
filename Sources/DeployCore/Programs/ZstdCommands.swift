/// Command lines for zstd, always fed and read without a shell; data only.
public enum ZstdCommands {
    public static let packing = Command("zstd", ["-q", "-1", "-T0", "-c"])

    /// Little work for a log that is read seldom.
    static let packingLog = Command("zstd", ["-q", "-1", "-T1", "-c"])

    /// Unpacks what it reads from its input.
    public static let unpacking = Command("zstd", ["-q", "-d", "-c"])

    public static func unpacking(_ path: String) -> Command {
        Command("zstd", ["-q", "-d", "-c", "--", path])
    }
}
