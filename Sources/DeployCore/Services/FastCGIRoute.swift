/// A route whose service speaks FastCGI: files of its root are served, scripts are run, the rest is its script's.
///
/// Only scripts that were sealed with the release are ever named to the program: nothing that an application wrote, that a
/// visitor uploaded or that a path makes of another file's name is run.
struct FastCGIRoute {
    let route: Service.Route
    /// Told apart from those of other routes.
    let number: Int
    let service: Service
    /// Absolute path of the root.
    let root: String
    /// The folder below which no link is followed.
    let release: String
    /// Relative to the root.
    let scripts: [String]
    /// As nginx writes it.
    let address: String

    /// Room for the names of scripts, which nginx has to know of before its first map.
    static func room(for routes: [FastCGIRoute]) -> [String] {
        guard !routes.isEmpty else { return [] }
        let longest =
            routes.flatMap { one in one.scripts.map { one.route.prefix.utf8.count + $0.utf8.count } }.max()
            ?? 0
        var bucket = 128
        while bucket < longest + 64 { bucket *= 2 }
        let count = routes.reduce(0) { $0 + $1.scripts.count }
        return ["map_hash_bucket_size \(bucket);", "map_hash_max_size \(max(2048, count * 4));"]
    }

    /// For all servers of a front.
    static func known(_ routes: [FastCGIRoute]) -> [String] {
        guard !routes.isEmpty else { return [] }
        return [
            #"map $http_x_forwarded_proto $told_https { default ""; https on; }"#,
            #"map $http_x_real_ip $told_from { default $http_x_real_ip; "" 127.0.0.1; }"#,
            "fastcgi_buffering off;", "fastcgi_buffer_size 32k;", "fastcgi_buffers 4 32k;",
            "fastcgi_busy_buffers_size 64k;", "fastcgi_read_timeout 300s;",
        ] + AccessLog.ownHeaders.map { "fastcgi_hide_header \($0);" } + routes.flatMap(\.maps)
    }

    /// Names of variables of this route.
    private func named(_ name: String) -> String { "$\(name)_\(number)" }

    private var maps: [String] {
        let (path, script, file) = (named("script_path"), named("script"), named("plain_file"))
        let rest =
            scripts.contains { ByteText($0) == ByteText(service.fastCGI?.script ?? "") }
            ? NginxText.quoted("/\(service.fastCGI?.script ?? "")") : "\"\""
        return [
            #"map $uri \#(path) { default $uri; "~(?s)^(?<script_part_\#(number)>.+?\.php)/" $script_part_\#(number); }"#,
            #"map $uri \#(named("script_rest")) { default ""; "~(?s)^.+?\.php(?<rest_part_\#(number)>/.*)$" $rest_part_\#(number); }"#,
            "map \(path) \(script) { default \"\"; \(entries.joined(separator: " ")) }",
            "map \(script) \(named("run_script")) { default \(script); \"\" \(rest); }",
            "map \(script) \(named("path_info")) { default \(named("script_rest")); \"\" \"\"; }",
            // What may be the text of a script is no file, and neither is what begins with a dot.
            #"map $uri \#(file) { default $uri; "~*\.(?:php|pht|phar)[^/]*(?:/|$)" "/.none"; "~/\.(?!well-known(?:/|$))" "/.none"; }"#,
        ]
    }

    /// What is run at which address; a folder's is the index in it.
    private var entries: [String] {
        scripts.flatMap { name -> [String] in
            let here = NginxText.quoted("/\(name)")
            let own = "\(NginxText.quoted("\(route.prefix)/\(name)")) \(here);"
            guard let folder = "/\(name)".before("/index.php") else { return [own] }
            return [own, "\(NginxText.quoted("\(route.prefix)\(folder)/")) \(here);"]
        }
    }

    /// The addresses below its path, as a location's path and lines.
    var locations: [(head: String, lines: [String])] {
        let served = AccessLog.served(by: service.name)
        let folder = "\(route.prefix)/"
        var all: [(head: String, lines: [String])] = []
        if !route.prefix.isEmpty, !route.path.ends(with: "/") {
            let redirect = "return 301 \(NginxText.quoted("\(folder)$is_args$args"));"
            all.append((head: "= \(NginxText.quoted(route.prefix))", lines: [served, redirect]))
        }
        let files = [
            served, "alias \(NginxText.quoted("\(root)/"));",
            "disable_symlinks on \(NginxText.quoted("from=\(release)"));",
            "try_files \(named("plain_file")) @script-\(number);",
        ]
        all.append((head: NginxText.quoted(folder), lines: files))
        all.append((head: "@script-\(number)", lines: [served] + run))
        return all
    }

    private var run: [String] {
        let script = named("run_script")
        let parameters = [
            ("SCRIPT_FILENAME", NginxText.quoted("\(root)\(script)")),
            ("SCRIPT_NAME", NginxText.quoted("\(route.prefix)\(script)")),
            ("DOCUMENT_ROOT", NginxText.quoted(root)),
            ("DOCUMENT_URI", NginxText.quoted("\(route.prefix)\(script)")),
            ("PATH_INFO", named("path_info")), ("REQUEST_METHOD", "$request_method"),
            ("QUERY_STRING", "$args"), ("CONTENT_TYPE", "$content_type"),
            ("CONTENT_LENGTH", "$content_length"),
            ("REQUEST_URI", "$request_uri"), ("SERVER_PROTOCOL", "$server_protocol"),
            ("GATEWAY_INTERFACE", "CGI/1.1"), ("REMOTE_ADDR", "$told_from"), ("SERVER_NAME", "$host"),
            ("REDIRECT_STATUS", "200"), ("HTTPS", "$told_https if_not_empty"),
            // A visitor's header of this name would become a variable that programs take for their proxy.
            ("HTTP_PROXY", "\"\""),
        ]
        return ["if (\(script) = \"\") { return 404; }", "fastcgi_pass \(NginxText.quoted(address));"]
            + parameters.map { "fastcgi_param \($0.0) \($0.1);" }
    }
}
