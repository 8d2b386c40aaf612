import FoundationEssentials

/// What is known of a secret without its value.
public struct SecretState: Hashable, Sendable {
    public enum Standing: String, CaseIterable, Encodable, Sendable {
        case set, missing
        /// It lies among the others, and no definition asks for it.
        case unused
    }

    /// As it is set by.
    public var name: String
    public var standing: Standing
    /// The same for the same value, on this machine; nil without a value.
    public var fingerprint: String?
    /// When its file was written; nil where it is none.
    public var changed: Date?
    /// Where the value comes from, in words.
    public var place: String
    /// Why there is no value, and what to do; nil where there is one.
    public var obstacle: DeployError?
}
