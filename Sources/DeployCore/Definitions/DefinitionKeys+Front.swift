extension DefinitionKeys {
    static let front = [
        Key(
            "body", .text(.size),
            "The most a request's body may have; 50MB unless set. More is answered with 413."),
        Key(
            "buffering", .flag,
            "Whether a body is read whole before the service gets it; true unless set. false suits large uploads."
        ),
        Key(
            "uploads", .integer(1...4096),
            "How many bodies of 1 MB and more, or of unknown length, are read at once; 100 unless set."),
        Key(
            "dotFiles", .flag,
            "Whether static routes serve names that begin with a dot; false unless set. /.well-known/ always is."
        ),
        Key(
            "log", .choice(Environment.Front.Log.allCases.map(\.rawValue), later: []),
            "What nginx writes to its own error log, from least to most; crit unless set."),
        Key(
            "access", .flag,
            "Whether a line for each request is written to access.jsonl; true unless set."),
        Key(
            "trust", .list(of: .text(.network), least: 1),
            "Addresses and networks of proxies in front whose X-Forwarded- headers count; nobody's unless set."
        ),
        Key("gzip", .flag, "Whether answers in text are packed; false unless set."),
        Key(
            "noindex", .flag,
            "Whether search engines are told to leave the environment out; false unless set."),
        Key(
            "fallback", .text(.pagePath),
            "Page in the folder of a static route that answers paths without a file; /about is about.html then."
        ),
        Key(
            "errors", .map(keys: .errorStatus, values: .text(.pagePath)),
            "Pages of the release by the status they stand for, where nginx itself answers."),
        Key(
            "password", secret,
            "Where the lines USER:PASSWORD or of an htpasswd file are to be found that let somebody in."),
        Key(
            "listen", .list(of: .text(.address), least: 1),
            "Addresses of the public ports, IPv4 and IPv6; every IPv4 address unless set."),
        Key("http", .integer(1...65_535), "Where \"hosts\" are asked for without TLS; 80 unless set."),
        Key("https", .integer(1...65_535), "Where \"hosts\" are asked for with TLS; 443 unless set."),
        Key(
            "canonical", .flag,
            "Whether the further hosts answer with a redirect to the first; false unless set."),
        Key(
            "keepAssets", .text(.positiveDuration),
            "How long hashed files of static routes of the release before are still served; not at all unless set."
        ),
        Key(
            "rate", .text(.rate),
            "How often one address of a client may ask, such as 20/s; more is answered with 429. No limit unless set."
        ),
    ]
}
