extension DefinitionChecks {
    /// Visitors would get it twice, and one of them would lead nowhere.
    mutating func checkHeaders() {
        for header in tree["headers"]?.members ?? [] where header.key.lowered == "x-request-id" {
            refuse(
                at: header.location, "headers.\(header.key)",
                "is given by the edge itself, with the id of the request", "remove it")
        }
    }
}
