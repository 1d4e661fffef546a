# Setting the clock; sourced.

set_clock() {
	case $1 in
	'' | *[!0-9.]* | *.*.*) return 1 ;;
	esac
	whole=${1%%.*}
	micros=$(printf '%s' "${1#"$whole"}" | sed 's/^\.//' | cut -c 1-6)
	while [ ${#micros} -lt 6 ]; do micros=${micros}0; done
	micros=${micros#"${micros%%[!0]*}"}
	if [ "${micros:-0}" -gt 0 ]; then
		usleep $((1000000 - micros))
		whole=$((whole + 1))
	fi
	date -s "@$whole" >/dev/null && hwclock -w -u 2>/dev/null
	return 0
}
