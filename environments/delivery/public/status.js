"use strict"

const at = name => document.getElementById(name)

function element(name, text, ...inside) {
    const made = document.createElement(name)
    made.textContent = text
    made.append(...inside)
    return made
}

/** Whether the API answers now, and what deployctl wrote of what was not well. */
async function show() {
    const isWell = await fetch("/api/health").then(answer => answer.ok, () => false)
    at("now").className = isWell ? "well" : "ill"
    at("now").textContent = isWell ? "Everything works." : "Something is wrong. We are looking after it."
    const {messages} = await fetch("/incidents/latest.json").then(answer => answer.json()).catch(() => ({messages: []}))
    const lines = messages.map(message => element("tr", "", element("td", message.time.slice(0, 16).replace("T", " ")), element("td", message.title)))
    at("lately").replaceChildren(...lines.length ? lines : [element("tr", "", element("td", "Nothing has happened."))])
}

setInterval(show, 5000)
show()
