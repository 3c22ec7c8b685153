/* SPDX-License-Identifier: Apache-2.0
 * The process that holds a pod's namespaces: does nothing, collects orphans. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void stop(int signal_number) {
    (void)signal_number;
    _exit(0);
}

static void collect(int signal_number) {
    (void)signal_number;
    while (waitpid(-1, 0, WNOHANG) > 0) {
    }
}

int main(void) {
    /* The first process of a namespace gets only signals it has a handler for. */
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    signal(SIGCHLD, collect);
    for (;;) {
        pause();
    }
}
