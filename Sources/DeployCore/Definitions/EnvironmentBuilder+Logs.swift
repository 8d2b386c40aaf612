extension EnvironmentBuilder {
    func addLogs(to environment: inout Environment) {
        guard let logs = tree["logs"] else { return }
        environment.logs = logs.text ?? logs["folder"]?.text ?? environment.logs
        let usual = Environment.LogRules()
        environment.logRules = Environment.LogRules(
            size: logs["size"]?.text.flatMap(SizeText.parse) ?? usual.size,
            every: logs["every"]?.text.flatMap(DurationText.parse) ?? usual.every,
            keepFor: logs["for"]?.text.flatMap(DurationText.parse) ?? usual.keepFor,
            within: logs["within"]?.text.flatMap(SizeText.parse) ?? usual.within,
            to: logs["to"]?.text.flatMap(Environment.LogRules.Target.init))
    }
}
