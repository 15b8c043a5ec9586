# Installing packages of the system, for the setup scripts to source.
#
# Uses apt-get on Debian and Ubuntu, and Homebrew on macOS. Asks for rights by sudo only where they are missing.

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        say "root is needed: sudo $*"
        sudo "$@"
    else
        fail "run this as root, then try again: $*"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

apt_install() {
    say "installing $* with apt-get"
    # Package lists may be missing, as in a container image, or name versions that are gone.
    if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null | head -n 1)" ] ||
        ! apt_get install -y --no-install-recommends "$@"; then
        say "updating the package lists"
        apt_get update
        apt_get install -y --no-install-recommends "$@"
    fi
}

install_packages() {
    case $(uname -s) in
    Darwin)
        command -v brew >/dev/null 2>&1 || fail "Homebrew is needed to install $*: see https://brew.sh"
        say "installing $* with Homebrew"
        brew install "$@" >&2
        ;;
    *)
        command -v apt-get >/dev/null 2>&1 ||
            fail "this system has no apt-get: install what corresponds to $*"
        apt_install "$@"
        ;;
    esac
}
