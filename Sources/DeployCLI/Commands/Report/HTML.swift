import DeployCore

/// A piece of a page; what stands in it is escaped already.
struct HTML {
    let text: String

    /// Foreign text, with nothing that a browser would take for a tag or that a reader cannot see.
    static func inert(_ text: String) -> HTML {
        var result: [UInt8] = []
        for byte in InertText.line(text).utf8 {
            switch byte {
            case 0x26: result += Array("&amp;".utf8)
            case 0x3C: result += Array("&lt;".utf8)
            case 0x3E: result += Array("&gt;".utf8)
            case 0x22: result += Array("&quot;".utf8)
            case 0x27: result += Array("&#39;".utf8)
            default: result.append(byte)
            }
        }
        return HTML(text: String(decoding: result, as: UTF8.self))
    }

    /// A part of the page that a screen reader lists, under a heading of its own.
    static func section(_ id: String, _ title: String, _ parts: [HTML]) -> HTML {
        HTML(
            text: """
                <section aria-labelledby="\(id)"><h2 id="\(id)">\(inert(title).text)</h2>
                \(parts.map(\.text).joined(separator: "\n"))
                </section>
                """)
    }

    /// Wider than a telephone it scrolls by itself, also by keyboard; without rows it says so.
    static func table(_ caption: String, _ header: [String], _ rows: [[HTML]]) -> HTML {
        let name = inert(caption).text
        guard !rows.isEmpty else { return HTML(text: "<p>\(name): none</p>") }
        let head = header.map { "<th scope=\"col\">\(inert($0).text)</th>" }.joined()
        let body = rows.map { row in
            let cells = row.enumerated().map {
                $0 == 0 ? "<th scope=\"row\">\($1.text)</th>" : "<td>\($1.text)</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return HTML(
            text: """
                <div class="wide" role="region" aria-label="\(name)" tabindex="0"><table><caption>\(name)</caption>
                <thead><tr>\(head)</tr></thead><tbody>
                \(body.joined(separator: "\n"))
                </tbody></table></div>
                """)
    }

    /// Terms and what is said of each.
    static func list(_ pairs: [(String, String)]) -> HTML {
        let rows = pairs.filter { !$0.1.isEmpty }
            .map { "<dt>\(inert($0.0).text)</dt><dd>\(inert($0.1).text)</dd>" }
        return HTML(text: "<dl>\(rows.joined(separator: "\n"))</dl>")
    }

    /// A word with a colour that only repeats what it says.
    static func word(_ text: String, isGood: Bool?) -> HTML {
        let kind = isGood.map { $0 ? "good" : "bad" } ?? "plain"
        return HTML(text: "<span class=\"\(kind)\">\(inert(text).text)</span>")
    }

    /// Bars from left to right, each with its words; `summary` says the same to who does not see them.
    static func bars(
        _ summary: String, _ bars: [(height: Double, words: String, isGood: Bool)]
    ) -> HTML {
        guard !bars.isEmpty else { return HTML(text: "") }
        let most = max(bars.map(\.height).max() ?? 1, .leastNonzeroMagnitude)
        // So that one bar alone is no wall.
        let places = max(bars.count, 30)
        let width = max(2, 600 / places)
        let drawn = bars.enumerated().map { index, bar in
            let height = max(1, Int(bar.height / most * 90))
            return
                "<rect class=\"\(bar.isGood ? "good" : "bad")\" x=\"\(index * width)\" y=\"\(100 - height)\" width=\"\(max(1, width - 1))\" height=\"\(height)\"><title>\(inert(bar.words).text)</title></rect>"
        }
        return HTML(
            text: """
                <figure><svg role="img" aria-label="\(inert(summary).text)" viewBox="0 0 \(places * width) 100" preserveAspectRatio="none">
                \(drawn.joined(separator: "\n"))
                </svg><figcaption>\(inert(summary).text)</figcaption></figure>
                """)
    }

    /// A whole page that needs no network.
    static func page(_ title: String, made: String, _ sections: [HTML]) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(inert(title).text)</title>
        <style>\(style)</style></head>
        <body><header><h1>\(inert(title).text)</h1></header>
        <main>
        \(sections.map(\.text).joined(separator: "\n"))
        </main>
        <footer><p>\(inert(made).text)</p></footer></body></html>

        """
    }

    /// Every colour of text stands out from its ground by 4.5 to 1 at least, in light and in dark.
    private static let style = """
        :root{color-scheme:light dark;--ground:#fff;--text:#1b1b1b;--line:#c8c8c8;--soft:#f3f3f3;--good:#116329;--bad:#a40e26}
        @media(prefers-color-scheme:dark){:root{--ground:#16181d;--text:#e8e8e8;--line:#4a4d55;--soft:#23262d;--good:#6fdd8b;--bad:#ff9a9a}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:70rem;padding:1rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
        h1{font-size:1.5rem}h2{font-size:1.2rem;border-top:1px solid var(--line);padding-top:1rem}
        .wide{overflow-x:auto}.wide:focus{outline:2px solid var(--good)}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        caption{text-align:left;font-weight:bold;padding:.3rem 0}
        th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);font-weight:normal}
        thead th{font-weight:bold}
        dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.2rem .8rem;margin:0}
        dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}
        span.good{color:var(--good);font-weight:bold}span.bad{color:var(--bad);font-weight:bold}
        figure{margin:.8rem 0}svg{width:100%;height:6rem;background:var(--soft)}
        rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.6rem}
        """
}
