/// An address that nginx asks on connections it keeps, and on a new one for each request that must not be asked twice.
///
/// A kept connection may be ended by the other side as a request comes in on it. nginx then asks again on a new one, which is
/// right for a question without a body and for nothing else. nginx tries each server once, so that those that are asked on kept
/// connections are named twice: what was kept may have ended, and the server is there.
struct KeptWay {
    /// What it is called where each request is to come on a new connection.
    let name: String
    /// What nginx spreads requests over.
    let servers: [String]
    /// What it asks where none of them takes a connection.
    let backups: [String]
    /// What it asks on kept connections, and where none of those takes one; nil: nothing.
    let kept: (servers: [String], backups: [String])?
    /// How long a connection on which nothing is asked is kept, as nginx writes it.
    let idle: String

    /// So many idle ones.
    private static let most = 64
    private static let ending = ".kept"
    private static let choice = "$kept_way"

    /// What the address is called where requests are passed on.
    var address: String { kept == nil ? name : name + Self.choice }

    /// For all servers.
    var lines: [String] {
        let once = block(name, servers + backups)
        guard let kept else { return once }
        return once
            + block(
                name + Self.ending,
                kept.servers + kept.servers + kept.backups + [
                    "keepalive \(Self.most);", "keepalive_timeout \(idle);",
                ])
    }

    private func block(_ name: String, _ lines: [String]) -> [String] {
        ["upstream \(name) {"] + lines.map { "    \($0)" } + ["}"]
    }

    /// For all servers: which requests are asked on kept connections.
    ///
    /// No `HEAD`: a service that sends a body after all would send it to who asks next.
    static let known =
        #"map "$request_method$http_upgrade$http_transfer_encoding$http_content_length" \#(choice) "#
        + #"{ default ""; GET \#(ending); }"#
}
