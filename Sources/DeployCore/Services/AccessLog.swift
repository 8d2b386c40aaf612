/// One line of JSON for each request at the public ports: who asked and what a query holds is not written down.
///
/// The edge writes it, which sees every request, and the front of the release tells it in headers who answered.
struct AccessLog {
    /// Absolute path of the file.
    let path: String

    /// What a front says of itself, which visitors do not see and services cannot claim.
    static let serviceHeader = "X-Deployctl-Service"
    static let releaseHeader = "X-Deployctl-Release"

    static let ownHeaders = [CurlCommands.instanceHeader, serviceHeader, releaseHeader]

    /// In the file of a front, for all servers.
    static let believed =
        ["uninitialized_variable_warn off;"] + ownHeaders.map { "proxy_hide_header \($0);" }

    /// In each server of a front; `$served` is set where it is known.
    static func told(of release: Timestamp) -> [String] {
        ["add_header \(serviceHeader) $served always;", "add_header \(releaseHeader) \(release) always;"]
    }

    /// In a location of a front: who answers there.
    static func served(by service: String) -> String { "set $served \(NginxText.quoted(service));" }

    /// In the edge's file, for all servers, whether it writes or not.
    static let hidden = [serviceHeader, releaseHeader].map { "proxy_hide_header \($0);" }

    /// In the edge's file, for all servers.
    var lines: [String] {
        let release = "map $upstream_http_x_deployctl_release"
        return [
            #"map $request_uri $log_path { "~^(?<printable_path>[!->@-~]{0,2000})" $printable_path; }"#,
            #"map "$time_iso8601:$msec" $log_time { "#
                + #""~^(?<whole_seconds>.{19})(?<named_zone>.+):[0-9]*(?<milliseconds>[.][0-9]{3})$" "#
                + #""$whole_seconds$milliseconds$named_zone"; }"#,
            #"map $status $log_status { default $status; "000" null; "009" null; "" null; }"#,
            #"map $upstream_response_time $log_upstream { default null; "~(?<last_time>[0-9.]+)$" $last_time; }"#,
            "\(release) $is_answered { default 1; \"\" 0; }",
            "\(release) $is_refused { default 0; \"\" 1; }",
            format("answered", service: "$upstream_http_x_deployctl_service"),
            format("refused", service: nil),
            "access_log \(NginxText.quoted(path)) answered if=$is_answered;",
            "access_log \(NginxText.quoted(path)) refused if=$is_refused;",
        ]
    }

    /// nginx opens the file as whoever started it, which may be root, and follows links.
    ///
    /// - Throws: `.stepFailed` where something else than a file lies there.
    func makeRoom(_ files: any FileStore) throws(DeployError) {
        try files.makeFolder(Path.parent(path))
        guard let kind = files.kind(of: path), kind != .file else { return }
        throw DeployError(
            .stepFailed, what: "Requests cannot be written to \(path)", why: "it is no file",
            next: "move it away")
    }

    /// `service`: nil where no front answered, so that there is no instance and no release either.
    private func format(_ name: String, service: String?) -> String {
        let answered = service.map {
            #""service":"\#($0)","deployment":"$upstream_http_x_deployctl_deployment","#
                + #""release":"$upstream_http_x_deployctl_release""#
        }
        return
            #"log_format \#(name) escape=json '{"time":"$log_time","request_id":"$told_id","#
            + #""method":"$request_method","path":"$log_path","status":$log_status,"bytes":$body_bytes_sent,"#
            + #""seconds":$request_time,"upstream_seconds":$log_upstream,"#
            + (answered ?? #""service":null,"deployment":null,"release":null"#) + "}';"
    }
}
