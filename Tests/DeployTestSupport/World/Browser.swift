import Foundation

/// How a page looks in Chromium: what cannot be read, reached or seen.
public struct Browser {
    /// What was seen of a page.
    public struct Sight: Decodable {
        /// Of the page itself, in pixels.
        public let width: Int
        public let isDark: Bool
        /// How many pieces of text and of drawings were measured.
        public let measured: Int
        /// The lowest contrast of text to what is behind it.
        public let lowest: Double
        /// What is wrong, as sentences.
        public let faults: [String]
    }

    private let folder: String

    public init(in folder: String) { self.folder = folder }

    /// `width`: of the page in pixels, also one that no window has.
    public func look(at page: String, width: Int, dark: Bool) throws -> Sight {
        let guarded =
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        guard page.contains(guarded) else { throw Unexpected("the page does not forbid itself the network") }
        let seen = page.replacingOccurrences(of: guarded, with: "")
            .replacingOccurrences(of: "</body>", with: "<script>\(Self.script)</script></body>")
        let place = "\(folder)/page-\(width)-\(dark)"
        try Data(seen.utf8).write(to: URL(fileURLWithPath: "\(place).html"))
        let frame = """
            <!DOCTYPE html><html><style>:root{color-scheme:light dark}iframe{border:0;width:\(width)px;height:800px}</style>
            <pre id="sight"></pre><script>onmessage = event => document.getElementById("sight").textContent = event.data</script>
            <iframe src="file://\(place).html"></iframe></html>
            """
        try Data(frame.utf8).write(to: URL(fileURLWithPath: "\(place)-frame.html"))
        let shown = try open("file://\(place)-frame.html", width: max(width, 600) + 40, dark: dark)
        guard let begin = shown.range(of: "<pre id=\"sight\">"),
            let end = shown.range(of: "</pre>", range: begin.upperBound..<shown.endIndex)
        else { throw Unexpected("the browser says nothing: \(shown.prefix(400))") }
        let text = shown[begin.upperBound..<end.lowerBound].replacingOccurrences(of: "&lt;", with: "<")
            .replacingOccurrences(of: "&gt;", with: ">").replacingOccurrences(of: "&amp;", with: "&")
        return try JSONDecoder().decode(Sight.self, from: Data(text.utf8))
    }

    private func open(_ address: String, width: Int, dark: Bool) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments = [
            "60", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--user-data-dir=\(folder)/profile", "--window-size=\(width),900",
            "--blink-settings=preferredColorScheme=\(dark ? 0 : 1)", "--virtual-time-budget=3000",
            "--dump-dom", address,
        ]
        let output = "\(folder)/shown"
        try Data().write(to: URL(fileURLWithPath: output))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    private static let script = #"""
        (() => {
          const faults = [];
          const parts = text => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => {
            const one = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
            return 0.2126 * one(r) + 0.7152 * one(g) + 0.0722 * one(b);
          };
          const contrast = (a, b) => {
            const [x, y] = [light(a), light(b)].sort((x, y) => y - x);
            return (x + 0.05) / (y + 0.05);
          };
          const ground = element => {
            for (let one = element; one; one = one.parentElement) {
              const colour = parts(getComputedStyle(one).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) return colour;
            }
            return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
          };
          let [lowest, measured] = [21, 0];
          for (const element of document.body.querySelectorAll("*")) {
            if (["SCRIPT", "STYLE", "TITLE"].includes(element.tagName.toUpperCase())) continue;
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            const style = getComputedStyle(element);
            if (own) {
              const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
              const found = contrast(parts(style.color), ground(element));
              measured += 1;
              lowest = Math.min(lowest, found);
              if (found < (large ? 3 : 4.5)) faults.push(`${element.tagName} ${element.textContent.slice(0, 30)}: ${found.toFixed(2)}`);
              const box = element.getBoundingClientRect();
              if (box.width < 1 || box.height < 1) faults.push(`${element.tagName} ${element.textContent.slice(0, 30)} has no room`);
            }
            if (element.tagName === "rect") {
              measured += 1;
              if (contrast(parts(style.fill), ground(element)) < 3) faults.push(`a bar: ${style.fill}`);
            }
          }
          const count = (selector, wanted) => {
            const found = document.querySelectorAll(selector).length;
            if (found !== wanted) faults.push(`${found} of ${selector}`);
          };
          for (const landmark of ["body > header", "body > main", "body > footer", "h1"]) count(landmark, 1);
          if (document.documentElement.lang !== "en") faults.push("no language");
          if (!document.title) faults.push("no title");
          for (const one of document.querySelectorAll("section, svg, [role=region]")) {
            const name = one.getAttribute("aria-label") || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent;
            if (!name?.trim()) faults.push(`${one.tagName} has no name`);
          }
          for (const table of document.querySelectorAll("table")) {
            if (!table.caption) faults.push("a table without a caption");
            if ([...table.querySelectorAll("th")].some(cell => !cell.scope)) faults.push("a heading of nothing");
          }
          const page = document.documentElement;
          if (page.scrollWidth > page.clientWidth) faults.push(`${page.scrollWidth} pixels wide`);
          for (const wide of document.querySelectorAll(".wide")) {
            wide.focus();
            if (document.activeElement !== wide) faults.push("a table that no key reaches");
            if (getComputedStyle(wide).outlineStyle === "none") faults.push("where one is cannot be seen");
          }
          parent.postMessage(JSON.stringify({
            width: innerWidth, isDark: matchMedia("(prefers-color-scheme: dark)").matches, measured, lowest, faults,
          }), "*");
        })();
        """#
}
