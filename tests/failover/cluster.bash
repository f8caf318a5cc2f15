# One etcd and two nodes of PostgreSQL under Patroni, all in $scratch and on loopback. `run` reads this file.
# The caller sets: scratch, ttl, loop, strict, dcs, how.

bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
nodes=(one two)
declare -A port=() rest=() patroni=()
etcd_pid=

# PostgreSQL refuses to run as root. Nothing stands between this shell and the program, as runuser would, and it finds
# no settings of whoever calls.
as_postgres() {
  if ((EUID == 0)); then set -- setpriv --reuid postgres --regid postgres --init-groups "$@"; fi
  env HOME="$scratch" "$@"
}

# A program in a session of its own; its number is left in `started`.
start() {
  local log=$1
  shift
  set -- setsid "$@"
  if ((EUID == 0)); then set -- setpriv --reuid postgres --regid postgres --init-groups "$@"; fi
  HOME=$scratch "$@" >>"$log" 2>&1 &
  started=$!
  # Its end is no news: it is killed on purpose.
  disown "$started"
}

# Polls until a command succeeds; says what did not come, with the last lines of each log.
await() {
  local seconds=$1 what=$2 end=$((SECONDS + $1))
  shift 2
  until "$@"; do
    if ((SECONDS >= end)); then
      echo "did not come within $seconds s: $what" >&2
      tail -n 15 "$scratch"/*.log >&2
      return 1
    fi
    sleep 0.05
  done
}

# Ports nobody listens on. Below those the system gives to whoever calls out (32768 and up), one of which could be
# somebody's while a killed node is away.
free_ports() {
  /usr/bin/python3 - "$1" <<'PY'
import random, socket, sys

def free(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0

ports = random.sample(range(20000, 32000), 400)
print(*[port for port in ports if free(port)][: int(sys.argv[1])])
PY
}

answers() { curl -sf -m 2 -o /dev/null "$1"; }
is_leader() { answers "http://127.0.0.1:${rest[$1]}/primary"; }
is_sync_standby() { answers "http://127.0.0.1:${rest[$1]}/sync"; }

# The primary as PostgreSQL itself says it: the other one has every commit before it is answered.
is_followed() {
  [[ $(ask "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'") == 1 ]]
}
is_pair() { is_leader "$1" && is_sync_standby "$2" && is_followed; }

# The connection string of a role: both nodes, and whichever of them takes writes.
url() {
  echo "postgres://$1@127.0.0.1:${port[one]},127.0.0.1:${port[two]}/$2?target_session_attrs=read-write&connect_timeout=2"
}
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$(url postgres "${2:-postgres}")" -c "$1" 2>>"$scratch/ask.log"; }

start_etcd() {
  local client=$1 peer=$2
  # Elsewhere than on x86-64, etcd 3.4 wants to hear that one knows it is not tested there.
  [[ $(uname -m) == x86_64 ]] || export ETCD_UNSUPPORTED_ARCH=arm64
  as_postgres mkdir "$scratch/etcd"
  start "$scratch/etcd.log" etcd --name one --data-dir "$scratch/etcd" --logger zap --log-level warn --enable-v2 \
    --listen-client-urls "http://127.0.0.1:$client" --advertise-client-urls "http://127.0.0.1:$client" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
    --initial-cluster "one=http://127.0.0.1:$peer"
  etcd_pid=$started
  await 20 "etcd is healthy" answers "http://127.0.0.1:$client/health"
}

# Patroni is never started over a PostgreSQL that outlived it, as docs/failover.md has the system's unit do it too: it
# would take synchronous_standby_names away before it asks whether it still leads, and for some milliseconds a primary
# that is none any more acknowledges all by itself.
start_node() {
  [[ $how == adopt || -z $(postgres_of "$1") ]] || as_postgres "$bin/pg_ctl" -s -D "$scratch/$1/data" -m immediate stop
  start "$scratch/$1.log" patroni "$scratch/$1/patroni.yml"
  patroni[$1]=$started
}

start_cluster() {
  local ports node
  read -ra ports < <(free_ports 6)
  port=([one]=${ports[0]} [two]=${ports[1]})
  rest=([one]=${ports[2]} [two]=${ports[3]})
  start_etcd "${ports[4]}" "${ports[5]}"
  for node in "${nodes[@]}"; do
    as_postgres mkdir "$scratch/$node"
    sed -e "s|@NAME@|$node|; s|@ETCD@|127.0.0.1:${ports[4]}|; s|@REST@|${rest[$node]}|; s|@PORT@|${port[$node]}|" \
      -e "s|@BIN@|$bin|; s|@HOME@|$scratch/$node|; s|@TTL@|$ttl|; s|@LOOP@|$loop|; s|@STRICT@|$strict|; s|@DCS@|$dcs|" \
      "$here/patroni.yml" | as_postgres tee "$scratch/$node/patroni.yml" >/dev/null
    start_node "$node"
    # The first makes the database, so that it is the primary of every run.
    [[ $node == two ]] || await 60 "node one leads" is_leader one
  done
  await 60 "node two follows, synchronously" is_pair one two
}

# A process and what it started, itself last.
descend() {
  local child
  for child in $(pgrep -P "$1"); do descend "$child"; done
  is_gone "$1" || echo "$1"
}
is_gone() { [[ ! -d /proc/$1 ]]; }
patroni_of() { descend "${patroni[$1]}"; }
# The postmaster says its number in its folder; each of its children is a session of its own.
postgres_of() {
  local main
  main=$(head -n 1 "$scratch/$1/data/postmaster.pid" 2>/dev/null) || return 0
  # A file that was left there by a killed one may name anybody by now.
  [[ $(readlink "/proc/$main/cwd" 2>/dev/null) == "$scratch/$1/data" ]] || return 0
  descend "$main"
}
send() {
  local signal=$1
  shift
  (($# == 0)) || kill -s "$signal" "$@" 2>/dev/null || true
}

# What befalls a node. Stopped first and gathered then, so that none is born in between and lives on.
fail() {
  local how=$1 node=$2
  case $how in
    kill) halt "$node" && send KILL $(patroni_of "$node") $(postgres_of "$node") ;;
    pause) halt "$node" ;;
    orphan | adopt) send KILL $(patroni_of "$node") ;;
    switch)
      as_postgres patronictl -c "$scratch/$node/patroni.yml" switchover yifa --leader "$node" --force \
        >>"$scratch/ask.log" 2>&1
      ;;
    *) echo "unknown fault: $how" >&2 && return 2 ;;
  esac
}
halt() {
  send STOP $(patroni_of "$1") $(postgres_of "$1")
  send STOP $(patroni_of "$1") $(postgres_of "$1")
}

# The node comes back: started anew, or going on where it was stopped as if nothing had been.
revive() {
  local how=$1 node=$2
  case $how in
    kill | orphan | adopt) start_node "$node" ;;
    pause) send CONT $(postgres_of "$node") $(patroni_of "$node") ;;
  esac
}

# Ends everything. PostgreSQL is told to, because one that is killed leaves its shared memory lying.
stop_cluster() {
  local node postgres main
  for node in "${nodes[@]}"; do
    [[ -n ${patroni[$node]:-} ]] || continue
    send KILL $(patroni_of "$node")
    postgres=$(postgres_of "$node")
    main=${postgres##*$'\n'}
    if [[ -n $main ]]; then
      send CONT $postgres
      send QUIT "$main"
      await 20 "PostgreSQL of node $node ends" is_gone "$main" || send KILL $postgres
    elif [[ -e $scratch/$node/data/postmaster.pid ]]; then
      # It was killed and never started again, which would have found this segment and given it back.
      ipcrm -m "$(awk 'NR == 7 { print $2 }' "$scratch/$node/data/postmaster.pid")" 2>/dev/null || true
    fi
    patroni[$node]=
  done
  if [[ -n $etcd_pid ]]; then
    send CONT "$etcd_pid"
    send TERM "$etcd_pid"
    await 20 "etcd ends" is_gone "$etcd_pid" || send KILL "$etcd_pid"
    etcd_pid=
  fi
}
