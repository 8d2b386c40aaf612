extension DefinitionChecks {
    /// Who is trusted says where a request comes from: where visitors are among them, anybody is whoever they like.
    mutating func checkTrust() {
        for (index, item) in (tree["front"]?["trust"]?.items ?? []).enumerated() {
            let parts = (item.text ?? "").split(at: "/", keepsEmpty: true).map(String.init)
            guard parts.count == 2, let bits = Int(parts[1]) else { continue }
            let isLong = parts[0].contains { $0 == ":" }
            let path = "front.trust[\(index)]"
            if bits > (isLong ? 128 : 32) {
                refuse(
                    item, path, "has more leading bits than an address has",
                    "write at most /\(isLong ? 128 : 32)")
            } else if bits < Self.fewestBits(of: parts[0], isLong) {
                refuse(
                    item, path,
                    "is so wide that visitors are in it, and any of them could claim any address",
                    "write the address or the network of the proxy in front, such as \"10.0.0.0/8\"")
            }
        }
    }

    /// Of the widest network that is somebody's own: 10.0.0.0/8, and fc00::/7 among long addresses.
    private static func fewestBits(of address: String, _ isLong: Bool) -> Int {
        guard isLong else { return 8 }
        let first = address.split(at: ":").first.map { String($0).lowered } ?? ""
        return first.begins(with: "fc") || first.begins(with: "fd") ? 7 : 16
    }
}
