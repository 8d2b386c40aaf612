extension DefinitionChecks {
    mutating func checkPromotionRules() {
        guard let promotion = tree["promotion"] else { return }
        if promotion["trigger"]?.text == "automatic", promotion["acceptRisk"]?.flag != true,
            let trigger = promotion["trigger"]
        {
            refuse(
                trigger, "promotion.trigger", "would promote every release without anybody looking",
                "write \"manual\", or accept it with \"acceptRisk\": true")
        }
        if promotion.member("from")?.value.content == .null { refuseProofsOfNothing(promotion) }
        checkNames(promotion)
        for (index, freeze) in (promotion["freezes"]?.items ?? []).enumerated() {
            guard let from = freeze["from"]?.text.flatMap(MomentText.parse),
                let to = freeze["to"]?.text.flatMap(MomentText.parse), to <= from
            else { continue }
            refuse(
                freeze, "promotion.freezes[\(index)].to", "is not after \"from\"", "exchange the two moments")
        }
    }

    /// Where nothing runs before, nothing can be proved there.
    private mutating func refuseProofsOfNothing(_ promotion: Located) {
        let keys = ["soak", "checks", "logs", "slo", "checklist", "approvals", "trigger"]
        for key in keys {
            guard let value = promotion[key], value.text != "manual", value.integer != 0 else { continue }
            refuse(
                value, "promotion.\(key)", "needs an environment that releases are promoted from",
                "write \"from\", or remove it")
        }
    }

    private mutating func checkNames(_ promotion: Located) {
        let known = (tree["checks"]?.items ?? []).compactMap { $0["name"]?.text }
        for (index, name) in (promotion["checks"]?.items ?? []).enumerated() {
            guard let text = name.text, !known.contains(text) else { continue }
            refuse(
                name, "promotion.checks[\(index)]", "there is no check \"\(Shown.text(text))\"",
                Nearest.word(to: text, in: known).map { "write \"\($0)\"" }
                    ?? "add it to \"checks\", in a file that both environments extend")
        }
    }

    mutating func checkChecks() {
        var names: Set<String> = []
        for (index, check) in (tree["checks"]?.items ?? []).enumerated() {
            let path = "checks[\(index)]"
            if let name = check["name"]?.text, !names.insert(name).inserted {
                refuse(check, "\(path).name", "\"\(Shown.text(name))\" is there twice", "rename one")
            }
            switch (check["request"], check["steps"]) {
            case (nil, nil):
                refuse(
                    check, "\(path).request", "is missing",
                    "add for example \"request\": \"GET /health\", or \"steps\" with several")
            case (let request?, _?):
                refuse(
                    request, "\(path).request", "stands beside \"steps\", but only one can be used",
                    "make it the first of the steps")
            case (nil, let steps?):
                for (number, step) in steps.items.enumerated() where step["request"] == nil {
                    refuse(
                        step, "\(path).steps[\(number)].request", "is missing",
                        "add for example \"request\": \"GET /health\"")
                }
            case (_?, nil): break
            }
        }
    }
}
