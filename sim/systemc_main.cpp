// The sc_main that libsystemc refers to. SPDX-License-Identifier: Apache-2.0

int sc_main(int argc, char* argv[]);

/// Never called: engines elaborate on their own, from any program's main.
int sc_main(int, char*[]) {
    return 0;
}
