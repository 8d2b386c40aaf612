/// Values in a Compose file.
enum ComposeText {
    /// A dollar sign starts a variable when the engine's parser reads the file.
    static func escaped(_ text: String) -> String { text.replacing("$", by: "$$") }

    /// What `escaped` was made from.
    static func plain(_ text: String) -> String { text.replacing("$$", by: "$") }
}
