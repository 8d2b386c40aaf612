import FoundationEssentials

/// Samples of one name, as Prometheus knows them.
public struct MetricFamily: Sendable {
    /// How its samples are to be read.
    public enum Kind: String, Sendable { case gauge, counter, histogram, summary }

    /// One value with its labels.
    struct Sample: Sendable {
        /// What stands behind the name of the family, such as `_bucket`.
        var suffix = ""
        var labels: [(name: String, value: String)]
        var value: Double
    }

    /// Without the `_total` of a counter.
    public let name: String
    let kind: Kind
    let help: String
    private(set) var samples: [Sample] = []

    init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = "deployctl_" + name
        (self.kind, self.help) = (kind, help)
    }

    mutating func add(_ value: Double, _ labels: KeyValuePairs<String, String>, suffix: String = "") {
        samples.append(
            Sample(
                suffix: suffix.isEmpty && kind == .counter ? "_total" : suffix,
                labels: labels.map { ($0.key, $0.value) }, value: value))
    }

    mutating func add(_ value: Double?, _ labels: KeyValuePairs<String, String>) {
        if let value { add(value, labels, suffix: "") }
    }

    mutating func add(_ flag: Bool, _ labels: KeyValuePairs<String, String>) {
        add(flag ? 1 : 0, labels, suffix: "")
    }

    mutating func add(_ moment: Date?, _ labels: KeyValuePairs<String, String>) {
        add(moment?.timeIntervalSince1970, labels)
    }

    /// One for each of `states`, 1 for the present one.
    mutating func add(
        _ present: String, of states: [String], as label: String, _ labels: KeyValuePairs<String, String>
    ) {
        for state in states {
            samples.append(
                Sample(
                    labels: labels.map { ($0.key, $0.value) } + [(label, state)],
                    value: state == present ? 1 : 0))
        }
    }
}

/// Metrics as text, in one of two formats.
public enum MetricsText {
    /// What reads it.
    public enum Format: Sendable {
        /// OpenMetrics 1.0, as a scrape may answer.
        case openMetrics
        /// The older text format of Prometheus, which node_exporter reads from files.
        case textfile
    }

    public static func text(_ families: [MetricFamily], in dialect: Format) -> String {
        let blocks = families.filter { !$0.samples.isEmpty }.map { family in
            let name =
                family.kind == .counter && dialect == .textfile ? family.name + "_total" : family.name
            let head = ["# HELP \(name) \(escaped(family.help))", "# TYPE \(name) \(family.kind.rawValue)"]
            return (head + family.samples.map { line(family.name, $0) }).map { $0 + "\n" }.joined()
        }
        return blocks.joined() + (dialect == .openMetrics ? "# EOF\n" : "")
    }

    private static func line(_ name: String, _ sample: MetricFamily.Sample) -> String {
        let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
        return "\(name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(number(sample.value))"
    }

    private static func number(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x5C: result += Array("\\\\".utf8)
            case 0x22: result += Array("\\\"".utf8)
            case 0x0A: result += Array("\\n".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
