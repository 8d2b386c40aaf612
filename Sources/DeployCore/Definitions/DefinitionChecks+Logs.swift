extension DefinitionChecks {
    mutating func checkLogs() {
        if let folder = tree["logs"]?["folder"] ?? tree["logs"], let path = folder.text,
            path == ".deployctl" || path.begins(with: ".deployctl/")
        {
            refuse(folder, "logs", "is in deployctl's own folder", "write \"logs/\(name)\"")
        }
        let usual = Environment.LogRules()
        let size = tree["logs"]?["size"]?.text.flatMap(SizeText.parse) ?? usual.size
        if let value = tree["logs"]?["size"], !Environment.LogRules.sizes.contains(size) {
            refuse(value, "logs.size", "is not from 64KiB to 200MB", "write \"20MB\"")
        }
        if let value = tree["logs"]?["within"], let within = value.text.flatMap(SizeText.parse),
            within < 2 * size
        {
            refuse(
                value, "logs.within", "holds less than two pieces of logs.size, \(SizeText.render(size))",
                "write \"\(SizeText.render(25 * size))\"")
        }
    }
}
