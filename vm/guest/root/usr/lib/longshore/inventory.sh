# What lies on the data disk, by id: read from the disk itself, so that no dockerd is needed and no label can fake it; sourced.

# No program is run for an entry: under emulation a thousand of them would take half a minute.
names_in() {
	for entry in "$1"/*/; do
		[ -d "$entry" ] || continue
		entry=${entry%/}
		echo "${entry##*/}"
	done | sort | json_list
}

images_in() {
	for entry in "$1"/*; do [ -f "$entry" ] && echo "sha256:${entry##*/}"; done | sort | json_list
}

print_inventory() {
	root=/var/lib/docker
	printf '{"containers":%s,"images":%s,"volumes":%s}\n' \
		"$(names_in "$root/containers")" \
		"$(images_in "$root/image/overlay2/imagedb/content/sha256")" \
		"$(names_in "$root/volumes")"
}
