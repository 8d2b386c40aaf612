/// What nginx says with an error of its own that passes by itself: when to ask again.
///
/// What the application answered it says for itself: of that nginx has seen headers.
enum RetryLater {
    /// Seconds; what ended is there again by then, or ends again and again.
    private static let pause = 5

    /// For all servers of a file.
    static let known = [
        #"map "$status:$upstream_header_time" $retry_later { default ""; "~^50[23]:[-, :]*$" \#(pause); }"#
    ]

    /// In a server; nothing is said where nothing is to be.
    static let lines = ["add_header Retry-After $retry_later always;"]
}
