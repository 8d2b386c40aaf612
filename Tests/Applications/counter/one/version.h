#define VERSION "one"
