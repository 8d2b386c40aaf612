/// How the edge shows the page of an environment that is being worked on.
struct MaintenancePage {
    let place: MaintenancePlace

    /// A status that nobody else answers with; what is told visitors is 503.
    private static let status = 597
    private static let address = "/.deployctl-maintenance"

    /// In a server that people reach; `headers`: what else is said with the page.
    func lines(_ headers: [String]) -> [String] {
        let allowed = "\(place.allowed)/$remote_addr"
        return [
            "set $closed 0;", "if (-e \(NginxText.quoted(place.record))) { set $closed 1; }",
            "if (-e \(NginxText.quoted(allowed))) { set $closed 0; }",
            "error_page \(Self.status) =503 \(Self.address);",
            "location = \(NginxText.quoted(Self.address)) {", "    internal;", "    auth_basic off;",
            "    client_max_body_size 0;",
        ] + headers.map { "    \($0)" } + [
            "    add_header Retry-After 120 always;", "    add_header Cache-Control no-store always;",
            "    default_type text/html;", "    root \(NginxText.quoted(place.pages));",
            "    try_files \(NginxText.quoted("/\(MaintenancePlace.page)")) =503;", "}",
        ]
    }

    /// In a location that leads to the application.
    static let gate = ["if ($closed) { return \(status); }"]
}
