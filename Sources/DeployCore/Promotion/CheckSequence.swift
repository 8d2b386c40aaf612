/// Asks the requests of one check in order and judges each answer; messages show no value of an answer,
/// since one may be a secret.
struct CheckSequence: CommandSequence {
    private let check: HTTPCheck
    private let address: ServiceAddress
    private let visitor: [String: String]
    private var values: [String: String]
    private var position = 0
    private(set) var outcome: CheckOutcome

    private static let deadline = Duration.seconds(30)

    /// `visitor`: headers of those the check stands for, unless a request says otherwise.
    init(
        _ check: HTTPCheck, at address: ServiceAddress, secrets: [String: String],
        visitor: [String: String] = [:]
    ) {
        self.check = check
        self.visitor = visitor
        self.address = address
        values = secrets
        outcome = CheckOutcome(name: check.name, complaint: "it did not end", seconds: 0)
    }

    mutating func next(after result: CommandResult?) -> CommandRequest? {
        if let result {
            let step = check.steps[position]
            outcome.complaint = judge(step, result).map { "\(step.method) \(step.path): \($0)" }
            guard outcome.complaint == nil else { return nil }
            position += 1
        }
        guard position < check.steps.count else {
            if check.steps.isEmpty { outcome.complaint = "it has no request" }
            return nil
        }
        return exchange(check.steps[position]).request
    }

    private func exchange(_ step: HTTPCheck.Step) -> CurlExchange {
        let own = Set(step.headers.keys.map(\.lowered))
        let told = visitor.filter { !own.contains($0.key.lowered) }
        return CurlExchange(
            address: address, method: step.method, path: filled(step.path),
            headers: told.merging(step.headers.mapValues(filled)) { $1 }, body: step.body?.mapTexts(filled),
            deadline: Self.deadline)
    }

    private func filled(_ text: String) -> String {
        Braces.fill(text, with: values)
    }

    private mutating func judge(_ step: HTTPCheck.Step, _ result: CommandResult) -> String? {
        guard let answer = HTTPAnswer(result) else {
            return result.ending == .exited(0) ? "the answer cannot be read" : "no answer (\(ending(result)))"
        }
        outcome.seconds += answer.seconds
        return complaint(step.expect, answer) ?? capture(step.capture, answer)
    }

    private func ending(_ result: CommandResult) -> String {
        guard case .exited(let code) = result.ending else { return result.explanation }
        return code == 7 ? "connection refused" : code == 28 ? "too late" : "curl ended with \(code)"
    }

    private func complaint(_ wanted: HTTPCheck.Expectation, _ answer: HTTPAnswer) -> String? {
        if let status = wanted.status {
            guard answer.status == status else { return "answers \(answer.status) instead of \(status)" }
        } else if !(200..<300).contains(answer.status) {
            return "answers \(answer.status)"
        }
        for (name, value) in wanted.headers.sorted(by: { $0.key < $1.key }) {
            guard answer.headers[name.lowered] == filled(value) else { return "\(name) is not \(value)" }
        }
        if let json = wanted.json {
            guard let found = answer.json else { return "the answer is no JSON" }
            if let difference = found.difference(from: json.mapTexts(filled)) {
                return "\(difference) is not what is expected"
            }
        }
        guard let latency = wanted.latency, answer.seconds > latency.seconds else { return nil }
        return
            "took \(Int((answer.seconds * 1000).rounded())) ms, allowed are \(DurationText.render(latency))"
    }

    private mutating func capture(_ names: [String: String], _ answer: HTTPAnswer) -> String? {
        for (name, path) in names.sorted(by: { $0.key < $1.key }) {
            let found =
                path.after("header:").map { answer.headers[$0.lowered] }
                ?? answer.json?.value(at: path)?.plainText
            guard let found else { return "the answer has no \(path)" }
            values[name] = found
        }
        return nil
    }
}
