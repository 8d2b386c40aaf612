/// Words nobody can know before they are used, for ends and marks beside text from elsewhere.
public enum RandomWord {
    /// `prefix` and sixteen hexadecimal digits: plain to every language here.
    public static func make(_ prefix: String = "deployctl") -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return "\(prefix)\(String(repeating: "0", count: 16 - digits.utf8.count))\(digits)"
    }
}
