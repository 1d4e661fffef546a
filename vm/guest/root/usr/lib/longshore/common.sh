# Shared by the guest's scripts; sourced, never run.
export PATH=/usr/sbin:/usr/bin
state=/run/longshore
disk_mount=/var/lib/longshore-disk

# One line a step on the console: the host's start-up view reads them.
step() {
	read -r uptime rest </proc/uptime
	echo "longshore: step $1 $2 ${3:+$3 }${uptime}s" >"${LONGSHORE_CONSOLE:-/dev/console}"
}

# Services wait for what they need by name; who makes it says so with `mark`.
mark() {
	: >"$state/$1"
}

wait_for() {
	until [ -e "$state/$1" ]; do sleep 0.05; done
}

disk_of() {
	for entry in /sys/block/vd*; do
		read -r serial <"$entry/serial" 2>/dev/null || true
		[ "$serial" = "$1" ] && echo "/dev/${entry##*/}" && return
	done
	return 1
}

# A value of the host's configuration (a file of the config disk), or nothing.
config() {
	[ -r "$state/config/$1" ] && cat "$state/config/$1"
}

# mountinfo writes blanks as octal numbers.
is_mounted() {
	want=$(printf '%s' "$1" | sed 's/\\/\\134/g; s/ /\\040/g; s/\t/\\011/g') \
		awk '$5 == ENVIRON["want"] { found = 1 } END { exit !found }' /proc/self/mountinfo
}

# Asks dockerd over its socket; prints the body, fails on any status but 2xx.
# nc by its own name, since busybox's shell prefers its applet. HTTP/1.0 keeps the answer free of chunks. Input stays open until dockerd closes: it takes a half-closed client for gone.
engine_get() {
	printf 'GET %s HTTP/1.0\r\nHost: docker\r\n\r\n' "$1" | nc.openbsd -U -w 20 /run/docker.sock 2>/dev/null | awk '
		NR == 1 { ok = $2 ~ /^2/ }
		body { print }
		/^\r?$/ { body = 1 }
		END { exit ok ? 0 : 1 }'
}

# A service that ended three times within a minute of its start has failed for the host too; init still tries on, slowly.
count_start() {
	log=$state/log/$1.log
	read -r uptime rest </proc/uptime
	count=0 last=0
	[ ! -e "$state/$1.starts" ] || read -r count last <"$state/$1.starts"
	[ $((${uptime%.*} - last)) -lt 60 ] || count=0
	count=$((count + 1))
	echo "$count ${uptime%.*}" >"$state/$1.starts"
	if [ "$count" -gt 3 ]; then
		step "$1" failed "ended $((count - 1)) times: $(tail -n 1 "$log")"
		sleep 5
	fi
}
