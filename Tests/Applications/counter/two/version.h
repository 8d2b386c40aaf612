#define VERSION "two"
