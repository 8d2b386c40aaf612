extension TextRule {
    /// Becomes an argument of ssh and a part of a path there.
    static let farAddress = TextRule(
        expectation:
            "a host that ssh knows, such as \"deploy@shop.example\", or with the project's folder there, as in"
            + " \"deploy@shop.example:/srv/shop\"",
        pattern: "^([A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9_][A-Za-z0-9._-]*(:[^\\u0000-\\u001f\\u007f]+)?$",
        example: "deploy@shop.example"
    ) { FarAddress($0) != nil }
}
