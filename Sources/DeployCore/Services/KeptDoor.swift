/// Where the edge asks a front on connections that it keeps.
///
/// nginx follows the link to the instance that serves when it connects, so that a kept connection leads to where the link led
/// then. A front that was left answers nothing on it any more: it has the edge ask again, on a new one.
struct KeptDoor {
    let layout: Layout
    let instance: String

    private static let status = 598
    private static let departed = "@departed"
    /// So soon nobody holds a connection to a front that was left, as nginx writes it; visitors who make it worthwhile come sooner.
    static let idle = "50ms"
    /// What the edge goes to then.
    static let again = "@again"

    /// A socket's name, by that of the one at which the front is asked once.
    static func name(of socket: String) -> String { socket == "front" ? "kept.sock" : "kept-\(socket).sock" }

    func listen(_ socket: String) -> String {
        "unix:\(layout.instance(instance))/\(Self.name(of: socket))"
    }

    /// For all servers of a front.
    ///
    /// A folder is no file, so that at the other sockets each request is answered.
    var known: String {
        #"map $server_addr $departure { default /; "~/kept(-[^/]+)?[.]sock$" "#
            + "\(NginxText.quoted(layout.departure(of: instance))); }"
    }

    /// For a server of a front, before all that answers.
    static let lines =
        [
            "error_page \(status) = \(departed);", "if (-f $departure) { return \(status); }",
            "location \(departed) {",
        ]
        + ["keepalive_timeout 0;", "add_header X-Accel-Redirect \(again) always;", "return 204;"].map {
            "    \($0)"
        } + ["}"]
}

extension Layout {
    /// Is there once traffic has left the instance.
    func departure(of instance: String) -> String { "\(self.instance(instance))/left" }
}
