/// Command lines of the program that hands lines on to the machine's own log, each line of its input as one entry; data only.
enum LogTargetCommands {
    /// `socket`: where whoever takes them listens, for datagrams: they are taken in the order in which they were sent.
    ///
    /// It says on standard error what was not taken, and exits with 0 all the same.
    static func hand(on tag: String, to socket: String) -> Command {
        Command(
            "logger",
            [
                "--tag=\(tag)", "--priority=daemon.info", "--size=65536", "--socket=\(socket)",
                "--socket-errors=on",
            ])
    }
}
