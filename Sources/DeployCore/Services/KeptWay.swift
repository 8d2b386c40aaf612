/// An address that nginx asks on connections it keeps, and on a new one for each request that must not be asked twice.
///
/// A kept connection may be ended by the other side as a request comes in on it. nginx then asks again on a new one, which is
/// right for a question without a body and for nothing else. nginx tries each server once, so that each is named twice: what was
/// kept may have ended, and the server is there.
struct KeptWay {
    let name: String
    /// What nginx spreads requests over.
    let servers: [String]
    /// What it asks where none of them takes a connection.
    let backups: [String]
    let isKept: Bool

    /// So many idle ones.
    private static let most = 64
    /// Shorter than servers commonly wait for the next request, so that they seldom end a connection first.
    private static let idle = "4s"
    private static let ending = ".kept"
    private static let choice = "$kept_way"

    /// What the address is called where requests are passed on.
    var address: String { isKept ? name + Self.choice : name }

    /// For all servers.
    var lines: [String] {
        let once = block(name, servers + backups)
        guard isKept else { return once }
        return once
            + block(
                name + Self.ending,
                servers + servers + backups + ["keepalive \(Self.most);", "keepalive_timeout \(Self.idle);"])
    }

    private func block(_ name: String, _ lines: [String]) -> [String] {
        ["upstream \(name) {"] + lines.map { "    \($0)" } + ["}"]
    }

    /// For all servers of a front: which requests are asked on kept connections.
    ///
    /// No `HEAD`: a service that sends a body after all would send it to who asks next.
    static let known =
        #"map "$request_method$http_upgrade$http_transfer_encoding$http_content_length" \#(choice) "#
        + #"{ default ""; GET \#(ending); }"#
}
