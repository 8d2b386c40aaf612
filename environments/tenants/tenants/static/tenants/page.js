"use strict"
let session = null, slug = null
const at = selector => document.querySelector(selector)
const attempt = work => work().then(() => at("#said").textContent = "", error => at("#said").textContent = error.message)

async function ask(path, body) {
    const headers = session ? {Authorization: `Bearer ${session}`} : {}
    const answer = await fetch(path, body ? {method: "POST", body: JSON.stringify(body), headers} : {headers})
    const value = await answer.json()
    if (!answer.ok) throw new Error(value.error)
    return value
}

async function show() {
    const [home, tasks] = await Promise.all([ask(`/api/t/${slug}`), ask(`/api/t/${slug}/tasks`)])
    const used = ([now, most]) => most === null ? now : `${now} of ${most}`
    at("#board").hidden = false
    at("#board").className = home.board
    at("#board h2").textContent = `${home.name} (${home.plan})`
    at("#usage").textContent = `You are its ${home.role}. ${used(home.members)} people, ${used(home.projects)} projects, ${home.tasks} tasks.`
    at("#board ul").replaceChildren(...tasks.map(task => {
        const item = document.createElement("li")
        item.textContent = task.title
        item.className = task.is_done ? "done" : ""
        item.onclick = () => attempt(async () => { await ask(`/api/t/${slug}/tasks/${task.id}/done`, {}); await show() })
        return item
    }))
}

for (const button of document.querySelectorAll("[data-plan]"))
    button.onclick = () => attempt(async () => {
        const name = prompt("What is your team called?"), email = name && prompt("Your e-mail address?")
        if (!email) return
        const wanted = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 40)
        const made = await ask("/api/tenants", {key: crypto.randomUUID(), slug: wanted, name, email, plan: button.dataset.plan})
        if (!made.session) throw new Error("You have an account: log in")
        ;[session, slug] = [made.session, made.slug]
        await ask(`/api/t/${slug}/projects`, {name: "First"})
        await show()
    })
at("#enter").onsubmit = event => {
    event.preventDefault()
    attempt(async () => {
        const found = await ask("/api/login", Object.fromEntries(new FormData(event.target)))
        ;[session, slug] = [found.session, found.tenants[0]]
        await show()
    })
}
at("#task").onsubmit = event => {
    event.preventDefault()
    attempt(async () => {
        const [project] = await ask(`/api/t/${slug}/projects`)
        await ask(`/api/t/${slug}/tasks`, {key: crypto.randomUUID(), project: project.id, title: event.target.title.value})
        event.target.reset()
        await show()
    })
}
// A letter's link: whoever follows it chooses a password.
if (location.hash.length > 1)
    attempt(async () => {
        const password = prompt("Choose a password")
        if (password) ({session} = await ask("/api/password", {invitation: location.hash.slice(1), password}))
    })
