/// What the kernel and the password database say of this process and those above it.
///
/// No variable of this process has a say in it: whoever starts the tool sets those.
public protocol Witness: Sendable {
    /// The real user of this process.
    var user: UInt32 { get }
    /// Whether numbers of users are the machine's own; false in a user namespace, where one account has many.
    var knowsUsers: Bool { get }
    /// Whom somebody was let in as, which a process keeps through `sudo` and `su`; nil where nothing set it.
    var loginUser: UInt32? { get }
    /// The controlling terminal; nil without one.
    var terminal: String? { get }
    /// In the password database; nil when it knows no such user.
    func name(of user: UInt32) -> String?
    /// Seconds since 1970 when this file or folder was made here; nil where the file system does not say.
    func birth(of path: String) -> Double?
    /// A variable that a process above this one was started with; nil when it has none or may not be seen.
    func variable(_ name: String, of pid: Int32) -> String?
}
