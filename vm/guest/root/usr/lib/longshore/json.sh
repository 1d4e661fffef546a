# Writing JSON from the shell; sourced.

json_string() {
	printf '"%s"' "$(printf '%s' "$1" | tr '\000-\037' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

# Lines of the input as an array of strings.
json_list() {
	sed 's/\\/\\\\/g; s/"/\\"/g' | awk 'BEGIN { printf "[" } { printf "%s\"%s\"", (NR > 1 ? "," : ""), $0 } END { printf "]" }'
}

fail() {
	printf '{"error":%s}\n' "$(json_string "$1")"
	exit 1
}

done_ok() {
	echo '{"ok":true}'
}
