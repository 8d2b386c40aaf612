import FoundationEssentials

/// Reads `promotion` and `checks` of a checked tree.
struct PromotionBuilder {
    let tree: Located

    func promotion() -> Environment.Promotion? {
        guard let value = tree["promotion"] else { return nil }
        var promotion = Environment.Promotion(from: value["from"]?.text)
        promotion.trigger =
            value["trigger"]?.text.flatMap(Environment.Promotion.Trigger.init) ?? promotion.trigger
        promotion.acceptsRisk = value["acceptRisk"]?.flag ?? false
        promotion.soak = duration(value["soak"])
        promotion.checks = value["checks"]?.texts ?? []
        promotion.forbiddenInLogs = value["logs"]?["forbid"]?.texts ?? []
        promotion.slo = value["slo"].map(slo)
        promotion.checklist = value["checklist"]?.texts ?? []
        promotion.approvals = value["approvals"]?.integer ?? 0
        promotion.approvalsExpire = duration(value["approvalsExpire"])
        promotion.pushed = value["pushed"]?.flag ?? false
        promotion.windows = value["window"]?.items.compactMap(window) ?? []
        promotion.freezes = value["freezes"]?.items.compactMap(freeze) ?? []
        promotion.commands = value["commands"]?.items.map(\.texts) ?? []
        promotion.commandDeadline = duration(value["commandDeadline"]) ?? promotion.commandDeadline
        return promotion
    }

    func checks() -> [HTTPCheck] { (tree["checks"]?.items ?? []).compactMap(check) }

    private func slo(_ value: Located) -> Environment.SLO {
        Environment.SLO(
            path: value["path"]?.text ?? "/", requests: value["requests"]?.integer ?? 500,
            concurrency: value["concurrency"]?.integer ?? 4,
            p95: duration(value["p95"]) ?? .milliseconds(200),
            errorRate: value["errorRate"]?.fraction ?? 0.001)
    }

    private func window(_ value: Located) -> Environment.Window? {
        guard let from = value["from"]?.text.flatMap(ClockText.parse),
            let to = value["to"]?.text.flatMap(ClockText.parse)
        else { return nil }
        return Environment.Window(
            days: value["days"]?.text.flatMap(DaysText.parse) ?? Set(1...7), from: from, to: to,
            timezone: value["timezone"]?.text ?? "UTC")
    }

    private func freeze(_ value: Located) -> Environment.Freeze? {
        guard let from = value["from"]?.text.flatMap(MomentText.parse),
            let to = value["to"]?.text.flatMap(MomentText.parse)
        else { return nil }
        return Environment.Freeze(from: from, to: to, reason: value["reason"]?.text ?? "")
    }

    private func check(_ value: Located) -> HTTPCheck? {
        guard let name = value["name"]?.text else { return nil }
        let steps = value["steps"]?.items.compactMap(step) ?? step(value).map { [$0] } ?? []
        var secrets: [String: SecretSource] = [:]
        for member in value["secrets"]?.members ?? [] { secrets[member.key] = member.value.secretSource }
        return HTTPCheck(name: name, steps: steps, secrets: secrets)
    }

    private func step(_ value: Located) -> HTTPCheck.Step? {
        guard let line = value["request"]?.text.flatMap(RequestLine.init) else { return nil }
        let expect = value["expect"]
        return HTTPCheck.Step(
            line.method, line.path, headers: texts(value["headers"]), body: value["body"]?.field,
            expect: HTTPCheck.Expectation(
                status: expect?["status"]?.integer, headers: texts(expect?["headers"]),
                json: expect?["json"]?.field, latency: duration(expect?["latency"])),
            capture: texts(value["capture"]))
    }

    private func duration(_ value: Located?) -> Duration? { value?.text.flatMap(DurationText.parse) }

    private func texts(_ value: Located?) -> [String: String] {
        var found: [String: String] = [:]
        for member in value?.members ?? [] { found[member.key] = member.value.text }
        return found
    }
}

extension Located {
    var fraction: Double? {
        switch content {
        case .fraction(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    /// The value as JSON.
    var field: JSONField {
        switch content {
        case .null: .null
        case .flag(let flag): .flag(flag)
        case .integer(let number): .number(Double(number))
        case .fraction(let number): .number(number)
        case .text(let text): .text(text)
        case .list(let items): .list(items.map(\.field))
        case .object(let members):
            .object(Dictionary(members.map { ($0.key, $0.value.field) }) { _, last in last })
        }
    }
}
