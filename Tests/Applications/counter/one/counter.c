/* Keeps what it is given in a file of its own: one line for each POST to /items. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "version.h"

#define ITEMS "data/items"

static void answer(int client, int status, const char *body, size_t length) {
    dprintf(client, "HTTP/1.1 %d OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", status, length);
    if (write(client, body, length) < 0) perror("write");
}

static void serve(int client) {
    char request[65536] = {0};
    size_t length = 0;
    char *body = NULL;
    while (length < sizeof request - 1) {
        ssize_t count = read(client, request + length, sizeof request - 1 - length);
        if (count <= 0) return;
        length += (size_t)count;
        if (!body && (body = strstr(request, "\r\n\r\n"))) body += 4;
        char *announced = strstr(request, "Content-Length: ");
        if (body && request + length - body >= (announced ? atol(announced + 16) : 0)) break;
    }
    if (strncmp(request, "POST /items ", 12) == 0) {
        FILE *items = fopen(ITEMS, "a");
        if (!items || fprintf(items, "%s\n", body) < 0 || fclose(items) != 0) return answer(client, 500, "", 0);
        answer(client, 201, "", 0);
    } else if (strncmp(request, "GET /items ", 11) == 0) {
        char text[65536];
        FILE *items = fopen(ITEMS, "r");
        size_t count = items ? fread(text, 1, sizeof text, items) : 0;
        if (items) fclose(items);
        answer(client, 200, text, count);
    } else {
        answer(client, 200, VERSION "\n", strlen(VERSION) + 1);
    }
}

int main(int count, char **words) {
    if (count > 1 && strcmp(words[1], "--version") == 0) return puts(VERSION) < 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(getenv("PORT")))};
    inet_pton(AF_INET, getenv("HOST"), &address.sin_addr);
    int server = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 64) != 0) {
        perror("listen");
        return 1;
    }
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0) continue;
        serve(client);
        close(client);
    }
}
