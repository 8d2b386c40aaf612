extension EnvironmentBuilder {
    func front() -> Environment.Front {
        var front = Environment.Front()
        guard let value = tree["front"] else { return front }
        front.body = value["body"]?.text.flatMap(SizeText.parse) ?? front.body
        front.buffering = value["buffering"]?.flag ?? front.buffering
        front.uploads = value["uploads"]?.integer ?? front.uploads
        front.dotFiles = value["dotFiles"]?.flag ?? front.dotFiles
        front.log = value["log"]?.text.flatMap(Environment.Front.Log.init) ?? front.log
        front.access = value["access"]?.flag
        front.trust = value["trust"]?.texts
        front.gzip = value["gzip"]?.flag
        front.noindex = value["noindex"]?.flag
        front.fallback = value["fallback"]?.text
        front.errors = value["errors"]?.textsByKey
        front.password = value["password"]?.secretSource
        front.listen = value["listen"]?.texts
        front.keepAssets = value["keepAssets"]?.text.flatMap(DurationText.parse)
        front.http = value["http"]?.integer
        front.https = value["https"]?.integer
        front.canonical = value["canonical"]?.flag
        front.rate = value["rate"]?.text.flatMap(RateText.parse)
        return front
    }
}

extension Located {
    /// The texts of an object, by key.
    var textsByKey: [String: String] {
        Dictionary(
            members.compactMap { member in member.value.text.map { (member.key, $0) } },
            uniquingKeysWith: { $1 })
    }
}
