#define VERSION broken
