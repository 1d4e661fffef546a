# What is done to the data disk; sourced. busybox's shell prefers its own applets, so e2fsprogs go by full path.

superblock_number() { # disk, offset within the superblock, bytes
	od -A n -t "u$3" -j "$((1024 + $2))" -N "$3" "$1" | tr -d ' '
}

has_ext4() {
	[ "$(superblock_number "$1" 56 2)" = 61267 ] # 0xEF53
}

# Blank is zero wherever a file system, partition table or copy of a superblock could begin:
# the first 4 MiB, and the places of ext4's copies for 1 KiB and 4 KiB blocks.
is_blank() {
	[ "$(dd if="$1" bs=1M count=4 2>/dev/null | tr -d '\0' | wc -c)" = 0 ] || return 1
	for kib in 8193 24577 40961 131072 393216 655360 917504 1179648 3276800; do
		[ "$(dd if="$1" bs=1k skip="$kib" count=4 2>/dev/null | tr -d '\0' | wc -c)" = 0 ] || return 1
	done
}

# The host's file is sparse: tables are written when they are needed, and nothing has to be discarded.
format_disk() {
	/usr/sbin/mke2fs -q -F -t ext4 -L longshore-data -m 1 -O 64bit,metadata_csum \
		-E lazy_itable_init=1,lazy_journal_init=1,nodiscard "$1" >/dev/console 2>&1
}

was_left_with_errors() {
	state_bits=$(superblock_number "$1" 58 2)
	[ $((state_bits & 2)) -ne 0 ]
}

# e2fsck answers 0 clean, 1 and 2 mended, 4 and more not mended.
check_disk() { # disk, further options of e2fsck
	disk_to_check=$1
	shift
	[ $# -gt 0 ] || set -- -p
	/usr/sbin/e2fsck "$@" "$disk_to_check" >"$state/disk-check.log" 2>&1
	code=$?
	echo "$code" >"$state/disk-check.code"
	[ $code -lt 4 ]
}

# By a copy of the superblock, for 4 KiB and for 1 KiB blocks; the check writes the first one anew.
restore_superblock() {
	check_disk "$1" -f -y -b 32768 -B 4096 || check_disk "$1" -f -y -b 8193 -B 1024
}

# `discard` gives freed blocks back to the host without being asked.
mount_disk() {
	mkdir -p "$disk_mount"
	mount -t ext4 -o noatime,discard,errors=remount-ro "$1" "$disk_mount" 2>"$state/mount.error"
}

# The file system follows the disk when the host made it larger.
fill_disk() {
	read -r sectors <"/sys/block/${1##*/}/size"
	block_bytes=$((1024 << $(superblock_number "$1" 24 4)))
	unused=$((sectors * 512 - $(superblock_number "$1" 4 4) * block_bytes))
	[ "$unused" -lt 16777216 ] || /usr/sbin/resize2fs "$1" >/dev/console 2>&1
}

# resize2fs takes kibibytes; a file system that is small enough already stays as it is.
shrink_disk() { # disk, bytes
	block_bytes=$((1024 << $(superblock_number "$1" 24 4)))
	[ $(($(superblock_number "$1" 4 4) * block_bytes)) -gt "$2" ] || return 0
	/usr/sbin/resize2fs "$1" "$(($2 / 1024))K" >"$state/resize.log" 2>&1
}

bind_folders() {
	for folder in docker containerd longshore; do
		mkdir -p "$disk_mount/$folder" "/var/lib/$folder"
		mount --bind "$disk_mount/$folder" "/var/lib/$folder"
	done
	chmod 710 "$disk_mount/docker"
	chmod 700 "$disk_mount/longshore" "$disk_mount/containerd"
}

# Containers that remove themselves are gone by the time of an orderly stop, so what is kept here must be there at the next start.
keep_inventory() {
	. /usr/lib/longshore/json.sh
	. /usr/lib/longshore/inventory.sh
	print_inventory >"$disk_mount/longshore/inventory-at-stop"
}

# It tells of the last stop alone: a start that ends in a crash must leave none behind.
take_inventory() {
	[ -e "$disk_mount/longshore/inventory-at-stop" ] || return 0
	mv "$disk_mount/longshore/inventory-at-stop" "$state/inventory-at-stop"
}

release_disk() {
	umount /var/lib/docker /var/lib/containerd /var/lib/longshore 2>/dev/null
	umount "$disk_mount"
}
