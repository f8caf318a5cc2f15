# What was said, against what is in the database. `run` reads this file.

acknowledged() { grep -c ' done ' "$scratch/said" || true; }
more_than() { (($(acknowledged) > $1)); }
flows_since() { awk -v t="$1" -v n="$pace" '$2 == "done" && $1 > t { n-- } END { exit n > 0 }' "$scratch/said"; }
is_silent() {
  awk -v t="$(now)" '$2 == "done" { last = $1 } END { exit t - last < 2e6 }' "$scratch/said"
}
elapsed() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", (b - a) / 1e6 }'; }

# The longest silence between two acknowledgements that ended after one moment and before another.
silence() {
  awk -v from="$1" -v to="$2" '
    $2 == "done" { if (last && $1 > from && $1 < to && $1 - last > most) most = $1 - last; last = $1 }
    END { printf "%.1f", most / 1e6 }' "$scratch/said"
}

# Three counts, each of which must be 0, beside that of what was acknowledged.
judge() {
  awk '$2 == "done" { print $3 }' "$scratch/said" | sort >"$scratch/done"
  awk '$2 == "sent" { print $3 }' "$scratch/said" | sort >"$scratch/sent"
  ask "$ids" yifa | sort >"$scratch/there"
  count=$(wc -l <"$scratch/done")
  lost=$(comm -23 <(sort -u "$scratch/done") <(sort -u "$scratch/there") | wc -l)
  doubled=$(uniq -d <"$scratch/there" | wc -l)
  strange=$(comm -13 <(sort -mu "$scratch/sent" "$scratch/before") <(sort -u "$scratch/there") | wc -l)
  if [[ -n $self_check ]]; then
    # A step that was applied twice under one id has moved the head of its town twice.
    doubled=$((doubled + $(ask "SELECT CAST(sum(size) AS BIGINT) FROM head" yifa) - $(wc -l <"$scratch/there")))
  fi
}

# A judge that finds nothing has to show that it would: one step taken away, one doubled, one nobody sent.
judge_sees() {
  local kept="$count $lost $doubled $strange"
  ask "ALTER TABLE step DROP CONSTRAINT step_town_id_id_key" yifa
  ask "DELETE FROM step WHERE id = '$(head -n 1 "$scratch/done")'" yifa
  ask "INSERT INTO step SELECT town_id, -1, id FROM step WHERE id = '$(tail -n 1 "$scratch/done")'" yifa
  ask "INSERT INTO step VALUES (1, -2, 'nobody sent me')" yifa
  ask "UPDATE head SET size = size + 1 WHERE town_id = 1" yifa
  judge
  [[ "$lost $doubled $strange" == "1 1 1" ]] || {
    echo "the judge took a step away, doubled one and made one up, and sees $lost, $doubled, $strange" >&2
    return 1
  }
  read -r count lost doubled strange <<<"$kept"
}

fault_name() {
  case $1 in
    kill) echo "主机的进程全部被杀" ;;
    pause) echo "主机整个停住，后来又接着走" ;;
    orphan) echo "主机上只有 Patroni 被杀" ;;
    adopt) echo "只有 Patroni 被杀，又在运行着的 PostgreSQL 上启动" ;;
    switch) echo "有计划地换主机" ;;
    standby) echo "备机的进程全部被杀" ;;
    etcd) echo "etcd 停住" ;;
  esac
}

fault_rows() {
  local how struck led back pair nth=0 struck_at gap
  mapfile -t struck_at < <(cut -d ' ' -f 2 "$scratch/faults")
  while read -r how struck led back pair; do
    nth=$((nth + 1))
    [[ $led == - ]] || led=$(elapsed "$struck" "$led")
    gap=$(silence "$struck" "${struck_at[nth]:-9999999999999999}")
    echo "| $1.$nth | $(fault_name "$how") | $led | $gap | $(elapsed "$back" "$pair") |"
    measured+=("$(fault_name "$how")"$'\t'"$gap")
  done <"$scratch/faults"
}

# Of each kind of fault: how often, and the silences it brought.
summary() {
  echo "没有答复的最长一段，最短、居中、最长："
  echo
  printf '%s\n' "${measured[@]}" | sort -t $'\t' -k1,1 -k2,2n | awk -F '\t' '
    function tell() { if (n) printf "- %s，%d 次：%s、%s、%s 秒\n", kind, n, seen[1], seen[int((n + 1) / 2)], seen[n] }
    $1 != kind { tell(); n = 0; kind = $1 }
    { seen[++n] = $2 }
    END { tell() }'
}
