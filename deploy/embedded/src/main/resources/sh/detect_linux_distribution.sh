#!/bin/sh
# Is found before the script of the same name in the library that packs Postgres. The library copies it among the temporary files, runs it to tell Alpine
# from the rest, and removes it when the JVM ends: not when that is killed. Nobody here asks what distribution this is.
rm -f -- "$0"
echo linux
