#!/bin/sh
# Real SSH servers on loopback, whose subsystem "powershell" is a given command. Keys and configuration lie in one folder.
#   sshd.sh check                        says why it cannot be done here, and fails then
#   sshd.sh start FOLDER COUNT COMMAND…  starts COUNT servers; FOLDER/ports has a line "port pid" for each
#   sshd.sh stop FOLDER                  ends them, and what they started, by their ids
# FOLDER/user_key is let in, FOLDER/other_key is not; FOLDER/known_hosts knows all servers.
set -eu

sshd=$(command -v sshd || { [ -x /usr/sbin/sshd ] && echo /usr/sbin/sshd; } || true)

check() {
    [ -n "$sshd" ] || { echo 'sshd is not here (Debian: openssh-server)'; exit 1; }
    command -v ssh >/dev/null && command -v ssh-keygen >/dev/null || { echo 'ssh is not here (Debian: openssh-client)'; exit 1; }
}

configure() {
    cat <<END
Port $1
ListenAddress 127.0.0.1
HostKey $folder/host_key
PidFile none
AuthorizedKeysFile $folder/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
PrintLastLog no
Subsystem powershell /bin/sh $folder/serve
END
}

# The subsystem notes its id: it lives on without its server if its code does not end.
write_subsystem() {
    cat <<END
echo \$\$ >> '$folder/served'
exec $command
END
}

# A port is free when a server has taken it.
start_one() {
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        port=$(( 20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000 ))
        configure "$port" > "$folder/sshd_$port.conf"
        "$sshd" -D -e -f "$folder/sshd_$port.conf" > "$folder/sshd_$port.log" 2>&1 < /dev/null &
        pid=$!
        while kill -0 "$pid" 2>/dev/null; do
            if grep -q 'Server listening' "$folder/sshd_$port.log"; then
                echo "$port $pid" >> "$folder/ports"
                echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$folder/host_key.pub")" >> "$folder/known_hosts"
                return
            fi
            sleep 0.05
        done
    done
    echo "sshd did not start: $(cat "$folder/sshd_$port.log")" >&2
    exit 1
}

start() {
    check
    folder=$1 count=$2
    shift 2
    command=$*
    mkdir -p "$folder"
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
    for key in host_key user_key other_key; do ssh-keygen -q -t ed25519 -N '' -C "$key" -f "$folder/$key"; done
    cp "$folder/user_key.pub" "$folder/authorized_keys"
    : > "$folder/known_hosts"
    : > "$folder/ports"
    : > "$folder/served"
    write_subsystem > "$folder/serve"
    while [ "$count" -gt 0 ]; do
        start_one
        count=$(( count - 1 ))
    done
}

# Whoever removes the folder must not meet a process that still writes to it. A process that nobody asks for its exit code has ended too.
await_end() {
    tries=100
    while [ "$tries" -gt 0 ]; do
        case $(ps -o stat= -p "$1") in '' | Z*) return ;; esac
        tries=$(( tries - 1 ))
        sleep 0.1
    done
}

# A process and all below it.
tree() {
    echo "$1"
    for child in $(pgrep -P "$1" 2>/dev/null); do tree "$child"; done
}

stop() {
    ids=$(while read -r port pid; do tree "$pid"; done < "$1/ports")
    command=$(sed -n 's/^exec //p' "$1/serve")
    while read -r pid; do
        # Another process may have the id by now.
        case $(ps -o args= -p "$pid") in *"$command") ids="$ids $pid" ;; esac
    done < "$1/served"
    kill -KILL $ids 2>/dev/null || true
    for id in $ids; do await_end "$id"; done
}

task=$1
shift
"$task" "$@"
