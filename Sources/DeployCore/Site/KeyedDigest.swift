import FoundationEssentials

/// Digests by a key that lies on this machine alone: whoever has one learns nothing of what it was made of, however short
/// that is.
struct KeyedDigest {
    let files: any FileStore
    /// Of the key, absolute.
    let path: String

    /// Makes the key where there is none.
    func prepare() throws(DeployError) {
        guard try key() == nil else { return }
        let new = (0..<4).map { _ in RandomWord.make("") }.joined()
        try files.publish(Data(new.utf8), to: path)
    }

    /// Sixty-four hexadecimal digits; nil where there is no key.
    func digest(of text: String) throws(DeployError) -> String? {
        try key().map { Self.digest(of: text, by: $0) }
    }

    func key() throws(DeployError) -> String? {
        let text = try files.read(path, from: 0, limit: 65).map { String(decoding: $0, as: UTF8.self) }
        return text.flatMap { $0.utf8.count == 64 && $0.holdsOnly("0123456789abcdef") ? $0 : nil }
    }

    /// HMAC with SHA-256; the key is as long as a block.
    private static func digest(of text: String, by key: String) -> String {
        func hash(_ pad: UInt8, _ text: String) -> String {
            var hash = SHA256()
            Array(key.utf8.map { $0 ^ pad }).withUnsafeBytes { hash.update($0) }
            hash.update(text)
            return hash.hexadecimal()
        }
        return hash(0x5c, hash(0x36, text))
    }
}
