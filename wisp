#!/bin/sh
# Wisp's launcher: finds a JDK, builds what is missing or older than its sources, and hands over to the command line (module cli).
# `wisp test` runs here, because the build it runs replaces the command line's own files.
set -eu

JDK_MIN=25
root=$(dirname -- "$(readlink -f -- "$0")")
state=$root/target/wisp

say() { printf '%s\n' "$*" >&2; }

fail() { # exit code, then lines: what, why, what to do
    code=$1
    shift
    say "error: $1"
    shift
    for line in "$@"; do say "  $line"; done
    exit "$code"
}

# ---- JDK ----

# Sets `major` to the feature release of the JDK in folder $1, 0 if that is none. Reads its `release` file: asking java would
# cost more than the whole rest of this script.
jdk_major() {
    major=0
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    while IFS='=' read -r key value; do
        if [ "$key" = JAVA_VERSION ]; then
            value=${value#\"}
            value=${value%\"}
            major=${value%%[!0-9]*}
        fi
    done < "$1/release"
    major=${major:-0}
}

# Sets `jdk` to the first JDK that is new enough, empty if there is none; `seen` tells what else was found.
find_jdk() {
    jdk=
    seen=
    on_path=$(command -v java || true)
    [ -z "$on_path" ] || on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$on_path")")")
    for folder in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/* /usr/java/* \
        "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/*; do
        [ -n "$folder" ] || continue
        jdk_major "$folder"
        if [ "$major" -ge "$JDK_MIN" ]; then
            jdk=$folder
            return 0
        elif [ "$major" -gt 0 ]; then
            seen="$seen $folder (JDK $major)"
        fi
    done
}

need_jdk() {
    find_jdk
    [ -n "$jdk" ] || fail 1 "no JDK $JDK_MIN or newer was found" \
        "found:${seen:- none}" \
        "looked in: JAVA_HOME, PATH, /usr/lib/jvm, /opt, /usr/java, ~/.sdkman/candidates/java, ~/.jdks" \
        "install one: apt-get install temurin-$JDK_MIN-jdk  (or openjdk-$JDK_MIN-jdk, where your distribution has it)" \
        "or unpack any JDK $JDK_MIN below /opt, or set JAVA_HOME to it"
    JAVA_HOME=$jdk
    export JAVA_HOME
}

# ---- what needs building ----

# True when outputs are missing or a source is newer than the last build. A source that changes while a build runs is newer than
# the stamp, which carries the time that build began. Folders count, so that a deleted file is seen too.
stale() { # stamp, output, sources...
    stamp=$1
    [ -e "$stamp" ] && [ -e "$2" ] || return 0
    shift 2
    [ -n "$(find "$@" -path '*/src/test' -prune -o -newer "$stamp" -print -quit 2> /dev/null)" ]
}

cli_is_stale() {
    stale "$state/cli.stamp" "$root/cli/target/wisp-cli.jar" "$root/pom.xml" "$root/cli/pom.xml" "$root/cli/src"
}

platform_is_stale() {
    stale "$state/platform.stamp" "$root/deploy/standalone/target/quarkus-app/quarkus-run.jar" \
        "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src "$root"/*/*/pom.xml "$root"/*/*/src
}

# The process that runs the platform from this tree's files, if any: its jars must not be replaced below it.
running_from_here() {
    for entry in /proc/[0-9]*; do
        case $(tr '\0' ' ' 2>/dev/null < "$entry/cmdline") in
            *"$root/deploy/standalone/target/"*quarkus-run.jar*)
                printf '%s\n' "${entry#/proc/}"
                return 0
                ;;
        esac
    done
}

# ---- Maven, with progress ----

centis() { # time since boot in hundredths of a second, in `now`
    read -r now _ < /proc/uptime
    now=${now%.*}${now#*.}
}

seconds() { # of $1 hundredths
    printf '%3d.%ds' $(($1 / 100)) $(($1 % 100 / 10))
}

# Ends the line of the step under way.
step_done() {
    [ -n "$step" ] || return 0
    centis
    printf '%s  %s%s  %s%s%s\n' "$rewind" "$(seconds $((now - began)))" "" "$step" "${step_tests:+: }" "$step_tests"
    step=
    step_tests=
}

# Sums up the line a module's tests close with. Lines of single classes end in the time they took and are not counted.
count_tests() {
    numbers=${1#*Tests run: }
    run=${numbers%%,*}
    numbers=${numbers#*Failures: }
    failures=${numbers%%,*}
    numbers=${numbers#*Errors: }
    errors=${numbers%%,*}
    skipped=${numbers#*Skipped: }
    skipped=${skipped%%[!0-9]*}
    tests_run=$((tests_run + run))
    tests_failed=$((tests_failed + failures))
    tests_broken=$((tests_broken + errors))
    tests_skipped=$((tests_skipped + skipped))
    step_tests="${step_tests:+$step_tests + }$run tests"
}

# Reads Maven's output and prints one line a module with the seconds it took, errors as they are, and the sum of the tests.
progress() {
    step=
    step_tests=
    rewind=
    tests_run=0
    tests_failed=0
    tests_broken=0
    tests_skipped=0
    while IFS= read -r line; do
        case $line in
            *"Tests run: "*"Time elapsed"*) ;;
            *"Tests run: "*Failures:*Errors:*Skipped:*) count_tests "$line" ;;
            "[INFO] Building "*" ["*/*"]")
                step_done
                name=${line#"[INFO] Building "}
                number=${name##* [}
                step="[$number ${name%% 0.*}"
                centis
                began=$now
                if [ -t 1 ]; then
                    printf '      …  %s' "$step"
                    rewind=$(printf '\r\033[K')
                fi
                ;;
            "[INFO] Reactor Summary"* | "[INFO] BUILD "*) step_done ;;
            "[ERROR]"*)
                step_done
                printf '%s\n' "$line"
                ;;
        esac
    done
    step_done
    if [ $((tests_run)) -gt 0 ]; then
        printf '[INFO] Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n' \
            "$tests_run" "$tests_failed" "$tests_broken" "$tests_skipped"
    fi
}

# Reads the output of a Maven that builds several modules at once, whose steps overlap, and prints its errors.
errors() {
    while IFS= read -r line; do
        case $line in
            "[ERROR]"*) printf '%s\n' "$line" ;;
        esac
    done
}

# Runs Maven with everything in a log file and what a reader makes of it on stdout; returns what Maven returned.
maven_read_by() { # reader, log name, arguments...
    reader=$1
    log=$state/$2.log
    shift 2
    command -v mvn > /dev/null || fail 1 "Maven is needed to build Wisp and was not found" \
        "install it: apt-get install maven"
    rm -f "$state/maven.status"
    {
        code=0
        (cd "$root" && mvn -B -ntp "$@" < /dev/null 2>&1) || code=$?
        printf '%s\n' "$code" > "$state/maven.status"
    } | tee "$log" | "$reader"
    read -r code < "$state/maven.status"
    return "$code"
}

# The same with a line for every module.
maven() { # log name, arguments...
    maven_read_by progress "$@"
}

# One build at a time: a second one waits.
lock() {
    mkdir -p "$state" 2> /dev/null && [ -w "$state" ] && { [ ! -e "$state/lock" ] || [ -w "$state/lock" ]; } \
        || fail 1 "a build is needed, and $state cannot be written" "run this command as the user who built it, or: sudo $root/wisp ..."
    exec 9> "$state/lock"
    if command -v flock > /dev/null && ! flock -n 9; then
        say "another build of this tree is running; waiting for it"
        flock 9
    fi
}

# The samples are built from C by the build; on a machine without a compiler that is one small package.
need_compiler() {
    for compiler in musl-gcc gcc cc clang; do
        if command -v "$compiler" > /dev/null; then return 0; fi
    done
    [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null || fail 1 "no C compiler was found" \
        "the build needs one for the sample deploy/samples/src/main/c/hello.c" \
        "install one: apt-get install musl-tools"
    say "no C compiler was found, the sample needs one: apt-get install musl-tools"
    { apt-get install -y --no-install-recommends musl-tools || { apt-get update && apt-get install -y --no-install-recommends musl-tools; }; } \
        > "$state/apt.log" 2>&1 || fail 1 "apt-get could not install musl-tools" "see: $state/apt.log"
}

built() { # name of stamp, time mark
    touch -r "$2" "$state/$1.stamp"
}

build() { # what, stamps, Maven arguments...
    what=$1
    stamps=$2
    shift 2
    mkdir -p "$state"
    mark=$state/build.began
    touch "$mark"
    say "Building $what (log: target/wisp/build.log)"
    centis
    build_began=$now
    maven build "-Dwisp.revision=$(git -C "$root" rev-parse --short=12 HEAD 2> /dev/null || echo unknown)" "$@" >&2 || fail 1 "the build failed" "the whole output: $state/build.log"
    for name in $stamps; do built "$name" "$mark"; done
    centis
    say "$(seconds $((now - build_began)))  built"
}

ensure_cli() {
    cli_is_stale || return 0
    lock
    cli_is_stale || return 0
    build "the command line" cli -pl cli -am -Dmaven.test.skip=true package
}

ensure_platform() {
    platform_is_stale || return 0
    pid=$(running_from_here)
    if [ -n "$pid" ]; then
        say "note: sources are newer than the build; process $pid runs from it, so it stays. To build: ./wisp down, then ./wisp up"
        return 0
    fi
    lock
    platform_is_stale || return 0
    need_compiler
    build "Wisp" "cli platform" -Dmaven.test.skip=true package
}

# One short run of the platform that deploys the sample to itself, so that the JVM can store what it loaded and compiled: later
# starts take a third of the time. Wisp works without it too, so a failure is only noted.
ensure_platform_trained() {
    jar=$root/deploy/standalone/target/quarkus-app/quarkus-run.jar
    cache=$root/deploy/standalone/target/wisp.aot
    [ -e "$cache" ] && [ "$cache" -nt "$jar" ] && return 0
    [ "$(id -u)" -eq 0 ] && [ -z "$(running_from_here)" ] || return 0
    lock
    centis
    training_began=$now
    training_home=$(mktemp -d)
    # The flags are those of a start by the command line (PlatformCommandLine).
    timeout 180 "$jdk/bin/java" "-XX:AOTCacheOutput=$cache" -XX:+UseSerialGC -Xmx768m --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -Djava.util.logging.manager=org.jboss.logmanager.LogManager \
        "-Dwisp.home=$training_home" -Dquarkus.http.port=18471 -Dwisp.gateway.port=18472 -Dwisp.gateway.host=127.0.0.1 \
        -Dwisp.controller.registry.address=127.0.0.1:18471 -Dwisp.node.sandbox.prefix=wisp-training \
        "-Dwisp.training.archive=$root/deploy/samples/target/hello-oci.tar" -jar "$jar" \
        > "$state/training.log" 2>&1 || say "note: the training run failed, so starts will be slower; see $state/training.log"
    rm -rf "$training_home"
    centis
    say "$(seconds $((now - training_began)))  trained for quick starts"
}

# ---- commands ----

# The first argument that names a command; options before it may have values.
command_of() {
    for argument in "$@"; do
        case $argument in
            up | down | status | doctor | deploy | invoke | services | nodes | logs | top | usage | billing | explain | replay | bench | test | version | completion | help)
                printf '%s\n' "$argument"
                return 0
                ;;
        esac
    done
}

wants_help() {
    for argument in "$@"; do
        case $argument in -h | --help) return 0 ;; esac
    done
    return 1
}

need_root() { # command, why
    [ "$(id -u)" -eq 0 ] || fail 1 "wisp $1 needs root" "$2" "run: sudo $root/wisp $1"
}

SANDBOX_NEEDS_ROOT="sandboxes are made of namespaces, mounts and cgroups, which only root may create on this host"

run_tests() {
    need_root test "the tests start real sandboxes: $SANDBOX_NEEDS_ROOT"
    need_jdk
    pid=$(running_from_here)
    [ -z "$pid" ] || fail 4 "process $pid runs Wisp from this tree, and the test build would replace its files" "first: ./wisp down"
    lock
    need_compiler
    mark=$state/test.began
    touch "$mark"
    centis
    tests_began=$now
    # Modules are compiled and packaged several at once, as the compiler keeps one processor busy, and their format is looked at; their
    # tests run one after the other, and what Maven finds done then it leaves. Only the platform is put together there.
    printf 'Compiling Wisp: mvn package (log: target/wisp/compile.log)\n'
    maven_read_by errors compile -T 1C package spotless:check -DskipTests -Dquarkus.build.skip "$@" \
        || fail 1 "the build failed" "the whole output: $state/compile.log"
    centis
    printf '%s  compiled\n' "$(seconds $((now - tests_began)))"
    printf 'Testing Wisp: mvn verify (log: target/wisp/test.log)\n'
    code=0
    maven test verify "$@" || code=$?
    centis
    if [ "$code" -ne 0 ]; then
        fail 1 "tests or checks failed after $(seconds $((now - tests_began)))" "the whole output: $state/test.log" \
            "one module alone: JAVA_HOME=$jdk mvn -pl MODULE -am verify"
    fi
    built cli "$mark"
    built platform "$mark"
    printf '%s  all tests passed\n' "$(seconds $((now - tests_began)))"
}

GUEST_TESTS="dev.wisp.node.linux.TableIT dev.wisp.node.sandbox.LinuxSandboxIT dev.wisp.node.sandbox.SandboxLimitsIT \
    dev.wisp.node.sandbox.SandboxIsolationIT dev.wisp.node.sandbox.SandboxCleanupIT dev.wisp.node.sandbox.SecurityLabelIT \
    dev.wisp.node.sandbox.FrozenInstanceIT dev.wisp.node.sandbox.SelfDefenceIT dev.wisp.node.escape.StopIT \
    dev.wisp.node.escape.FuzzIT dev.wisp.node.escape.RacingImageIT dev.wisp.node.escape.EscapeIT"

# Runs the sandbox's integration tests on a kernel with cgroup v2, whatever this host has: in an emulated machine, which needs no rights.
run_guest_tests() { # test classes, all if none
    need_jdk
    need_compiler
    lock
    classpath=$state/guest.classpath
    printf 'Building the tests (log: target/wisp/guest.log)\n'
    maven guest -pl node-runtime -am test-compile dependency:build-classpath -Dmdep.includeScope=test "-Dmdep.outputFile=$classpath" \
        || fail 1 "the build failed" "the whole output: $state/guest.log"
    printf 'Testing in a guest with cgroup v2 (files: target/guest)\n'
    centis
    tests_began=$now
    if [ $# -eq 0 ]; then
        # shellcheck disable=SC2086 # names are words
        set -- $GUEST_TESTS
    fi
    classes=$root/node-runtime/target
    "$root/node-runtime/src/test/guest/run" "$root/target/guest" "$jdk" "$classes/test-classes:$classes/classes:$(cat "$classpath")" "$@"
    centis
    printf '%s  the guest is done\n' "$(seconds $((now - tests_began)))"
}

JVM_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m"

# Records which classes the command line loads, once a build, so that every later start finds them ready. Works without it too.
train() { # file
    # shellcheck disable=SC2086 # options are words
    "$jdk/bin/java" "-XX:AOTCacheOutput=$1" -Xlog:disable $JVM_OPTIONS \
        -cp "$root/cli/target/wisp-cli.jar" dev.wisp.cli.Training > /dev/null 2>&1 && [ -e "$1" ]
}

run_cli() {
    cache=$root/cli/target/wisp-cli.aot
    if [ ! -e "$cache" ] || [ "$cache" -ot "$root/cli/target/wisp-cli.jar" ] || [ "$cache" -ot "$jdk/release" ]; then
        train "$cache" || cache=
    fi
    terminals=
    for stream in 0 1 2; do
        if [ -t "$stream" ]; then terminals=$terminals$stream; fi
    done
    # shellcheck disable=SC2086 # options are words
    exec "$jdk/bin/java" ${cache:+"-XX:AOTCache=$cache"} -Xlog:disable -Xlog:all=error:stderr $JVM_OPTIONS \
        "-Dwisp.root=$root" "-Dwisp.terminals=$terminals" -cp "$root/cli/target/wisp-cli.jar" dev.wisp.cli.Main "$@"
}

main() {
    command=$(command_of "$@")
    if [ "$command" = test ] && ! wants_help "$@"; then
        shift
        if [ "${1:-}" = --guest ]; then
            shift
            run_guest_tests "$@"
        else
            run_tests "$@"
        fi
        exit 0
    fi
    if [ "$command" = up ] && ! wants_help "$@"; then
        need_root up "$SANDBOX_NEEDS_ROOT"
    fi
    need_jdk
    case $command in
        bench) ensure_platform ;; # It has its own help.
        up | doctor | replay) wants_help "$@" || ensure_platform ;;
    esac
    if [ "$command" = up ] && ! wants_help "$@"; then
        ensure_platform_trained
    fi
    ensure_cli
    run_cli "$@"
}

main "$@"
