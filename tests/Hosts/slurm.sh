#!/bin/sh
# A real Slurm on loopback: munged, slurmctld and one slurmd, with configuration and state in one folder.
#   slurm.sh check          says why it cannot be done here, and fails then
#   slurm.sh start FOLDER   starts it; FOLDER/slurm.conf is what clients need in SLURM_CONF
#   slurm.sh stop FOLDER    ends its jobs, and then it by its process ids
set -eu
PATH=$PATH:/usr/sbin:/sbin

check() {
    for program in munged slurmctld slurmd srun sinfo scancel squeue; do
        command -v "$program" >/dev/null || { echo "$program is not here (Debian: munge, slurmctld, slurmd, slurm-client)"; exit 1; }
    done
    [ "$(id -u)" = 0 ] || { echo 'slurmd starts steps as root alone'; exit 1; }
    [ -d /proc/self ] || { echo 'Slurm here needs /proc'; exit 1; }
}

port() { echo $(( 20000 + $(od -An -N2 -tu2 /dev/urandom) % 20000 )); }

configure() {
    host=$(uname -n | cut -d. -f1)
    cpus=$(nproc)
    cat <<END
ClusterName=tests
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$1
SlurmdPort=$2
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(( cpus * 8 )) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
END
}

# A port that another program has ends a daemon.
start_daemons() {
    mkdir -p "$folder/state" "$folder/spool"
    configure "$(port)" "$(port)" > "$folder/slurm.conf"
    slurmctld -D -f "$folder/slurm.conf" > "$folder/out.log" 2>&1 </dev/null &
    controller=$!
    slurmd -D -f "$folder/slurm.conf" >> "$folder/out.log" 2>&1 </dev/null &
    node=$!
    echo "$controller" > "$folder/ids"
    echo "$node" >> "$folder/ids"
    tries=600
    while kill -0 "$controller" 2>/dev/null && kill -0 "$node" 2>/dev/null && [ "$tries" -gt 0 ]; do
        [ "$(SLURM_CONF=$folder/slurm.conf sinfo -h -o %t 2>/dev/null)" != idle ] || return 0
        tries=$(( tries - 1 ))
        sleep 0.1
    done
    kill "$controller" "$node" 2>/dev/null || true
    wait
    return 1
}

start() {
    check
    folder=$1
    mkdir -p "$folder"
    chmod 755 "$folder"
    dd if=/dev/urandom of="$folder/munge.key" bs=64 count=1 2>/dev/null
    chmod 600 "$folder/munge.key"
    munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munged.log" --seed-file="$folder/munge.seed" </dev/null
    for attempt in 1 2 3; do
        if start_daemons; then return; fi
        rm -r "$folder/state" "$folder/spool"
    done
    tail -n 20 "$folder"/*.log >&2
    exit 1
}

# A process that nobody asks for its exit code has ended too.
await_end() {
    tries=100
    while [ "$tries" -gt 0 ]; do
        case $(ps -o stat= -p "$1") in '' | Z*) return ;; esac
        tries=$(( tries - 1 ))
        sleep 0.1
    done
}

stop() {
    # A step whose daemons have ended stays for minutes.
    export SLURM_CONF="$1/slurm.conf"
    scancel --signal=KILL --user="$(id -u)" 2>/dev/null || true
    scancel --user="$(id -u)" 2>/dev/null || true
    tries=100
    until [ -z "$(squeue -h 2>/dev/null)" ] || [ "$tries" = 0 ]; do
        tries=$(( tries - 1 ))
        sleep 0.1
    done
    # Told to end, they would write their state while the folder is removed.
    ids=$(cat "$1/ids" "$1/munged.pid" 2>/dev/null) || true
    kill -KILL $ids 2>/dev/null || true
    for id in $ids; do await_end "$id"; done
}

task=$1
shift
"$task" "$@"
