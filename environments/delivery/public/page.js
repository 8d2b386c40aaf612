"use strict"

const STATES = ["placed", "accepted", "cooking", "collected", "delivered"]
const at = name => document.getElementById(name)
const money = cents => `€ ${(cents / 100).toFixed(2)}`

function element(name, text, ...inside) {
    const made = document.createElement(name)
    made.textContent = text
    made.append(...inside)
    return made
}

async function ask(path, body) {
    const answer = await fetch(path, body && {method: "POST", body: JSON.stringify(body), headers: {"Content-Type": "application/json"}})
    const value = await answer.json()
    if (!answer.ok) throw new Error(value.error)
    return value
}
const attempt = work => work().then(() => at("said").textContent = "", error => at("said").textContent = error.message)

async function showMenu() {
    const restaurants = await ask("/api/restaurants")
    at("menu").replaceChildren(...restaurants.map(restaurant => element("article", "", element("h2", restaurant.name),
        ...restaurant.dishes.map(dish => {
            const button = element("button", "Order")
            button.ariaLabel = `Order ${dish.name}`
            button.onclick = () => attempt(() => order(restaurant, dish))
            const line = element("div", "", element("span", dish.name), money(dish.price), button)
            line.className = "dish"
            return line
        }))))
}

async function order(restaurant, dish) {
    if (!at("who").reportValidity()) return
    const {customer, address} = Object.fromEntries(new FormData(at("who")))
    const key = `page-${crypto.randomUUID()}`
    const placed = await ask("/api/orders", {key, customer, address, restaurant: restaurant.id, dishes: {[dish.id]: 1}})
    watch(key, `${dish.name} from ${restaurant.name}, ${money(placed.total)}`)
}

/** The browser opens the stream again by itself, whichever release answers then, and goes on after the last event it has. */
function watch(key, what) {
    const steps = STATES.map(state => element("li", state))
    const way = element("ol", "", ...steps)
    way.className = "way"
    at("orders").prepend(element("article", "", element("h2", what), way))
    const stream = new EventSource(`/api/orders/${key}/live`)
    stream.onmessage = event => {
        const {state} = JSON.parse(event.data)
        steps[STATES.indexOf(state)].className = "done"
        if (state === STATES.at(-1)) stream.close()
    }
}

async function showServed() {
    const {environment, release} = await ask("/api/health")
    at("served").textContent = `${environment}, release ${release}`
}

at("who").onsubmit = event => event.preventDefault()
setInterval(() => showServed().catch(() => {}), 5000)
attempt(() => Promise.all([showMenu(), showServed()]))
