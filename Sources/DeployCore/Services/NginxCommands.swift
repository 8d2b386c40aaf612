/// Command lines for nginx; data only.
enum NginxCommands {
    /// Asks nginx whether it takes the file.
    static func test(_ configuration: String) -> Command {
        Command("nginx", ["-t", "-q", "-c", configuration])
    }
    /// Starts a master with the file.
    static func start(_ configuration: String) -> Command {
        Command("nginx", ["-c", configuration])
    }
}
