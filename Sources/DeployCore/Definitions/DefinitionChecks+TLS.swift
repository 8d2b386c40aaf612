extension DefinitionChecks {
    /// That both files are named or an authority is, who can find and vouch for the host.
    mutating func checkTLS() {
        guard let tls = tree["tls"] else { return }
        guard let acme = tls["acme"] else {
            for key in ["certificate", "key"] where tls[key] == nil {
                refuse(
                    tls, "tls.\(key)", "is missing",
                    "add \"\(key)\": \"tls/\(key).pem\", or \"acme\": {\"email\": …} for one that is asked for"
                )
            }
            return
        }
        for key in ["certificate", "key"] {
            guard let file = tls[key] else { continue }
            refuse(
                file, "tls.\(key)", "stands beside \"acme\", which brings its own",
                "keep one; \"\(key)\": null takes away what an extended file says")
        }
        checkNames(acme)
        if let directory = acme["directory"], let text = directory.text, !text.begins(with: "https://") {
            refuse(
                directory, "tls.acme.directory", "is no https address", "write the authority's https address")
        }
        guard acme["dns"] == nil, tree["ports"]?["http"] == nil, tree["hosts"] == nil else { return }
        refuse(
            acme, "tls.acme", "needs \"http\" in \"ports\", where the authority asks",
            "add \"http\": 80 to \"ports\", or \"dns\" with a program that sets records")
    }

    /// That an authority can vouch for each name the certificate is asked for.
    private mutating func checkNames(_ acme: Located) {
        guard let hosts = tree["hosts"] else {
            guard !Self.isVouchedFor(tree["url"]?.text.flatMap(URLText.host) ?? "") else { return }
            return refuse(
                acme, "tls.acme", "needs a host in \"url\" that an authority can vouch for",
                "add for example \"url\": \"https://shop.example\"")
        }
        for host in hosts.texts where !Self.isVouchedFor(host) {
            refuse(
                hosts, "hosts", "holds \(host), for which no authority can vouch",
                "write names with a dot such as \"shop.example\"")
        }
    }

    private static func isVouchedFor(_ host: String) -> Bool {
        host.holds(".") && !AddressText.isFour(host) && !AddressText.isSix(host)
            && host.holdsOnly("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
            && host.utf8.first != UInt8(ascii: "-")
    }
}
