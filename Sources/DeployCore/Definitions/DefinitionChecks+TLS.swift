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
        if tree["hosts"] != nil {
            refuse(
                acme, "tls.acme", "asks for one name at a port of its own, and stands beside \"hosts\"",
                "write \"certificate\" and \"key\"; files another program renews are served as they come")
            return
        }
        checkHost(acme)
        if let directory = acme["directory"], let text = directory.text, !text.begins(with: "https://") {
            refuse(
                directory, "tls.acme.directory", "is no https address", "write the authority's https address")
        }
        guard acme["dns"] == nil, tree["ports"]?["http"] == nil else { return }
        refuse(
            acme, "tls.acme", "needs \"http\" in \"ports\", where the authority asks",
            "add \"http\": 80 to \"ports\", or \"dns\" with a program that sets records")
    }

    private mutating func checkHost(_ acme: Located) {
        let host = tree["url"]?.text.flatMap(URLText.host) ?? ""
        let isName =
            host.holds(".") && !AddressText.isFour(host) && !AddressText.isSix(host)
            && host.holdsOnly("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
            && host.utf8.first != UInt8(ascii: "-")
        guard !isName else { return }
        refuse(
            acme, "tls.acme", "needs a host in \"url\" that an authority can vouch for",
            "add for example \"url\": \"https://shop.example\"")
    }
}
