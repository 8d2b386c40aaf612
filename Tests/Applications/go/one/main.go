// Keeps what it is given in a file of its own: one line for each POST to /items.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
)

const kept = "data/items"

var file sync.Mutex

func items(answer http.ResponseWriter, request *http.Request) {
	file.Lock()
	defer file.Unlock()
	if request.Method == http.MethodPost {
		item, err := io.ReadAll(request.Body)
		if err == nil {
			err = add(item)
		}
		if err != nil {
			http.Error(answer, err.Error(), http.StatusInternalServerError)
			return
		}
		answer.WriteHeader(http.StatusCreated)
		return
	}
	all, err := os.ReadFile(kept)
	if err != nil && !os.IsNotExist(err) {
		http.Error(answer, err.Error(), http.StatusInternalServerError)
		return
	}
	answer.Write(all)
}

func add(item []byte) error {
	lines, err := os.OpenFile(kept, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := lines.Write(append(item, '\n')); err != nil {
		lines.Close()
		return err
	}
	return lines.Close()
}

func main() {
	http.HandleFunc("/items", items)
	http.HandleFunc("/", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(answer, version) })
	log.Fatal(http.ListenAndServe(net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")), nil))
}
