;; Finds the lines that hold a literal text, 16 bytes at a time.
;;
;; Two bytes of the needle (the caller picks the rarest) are compared at 16 places at once; where both agree, the whole
;; needle is. Letters are compared without case by setting bit 0x20 first: fold masks are 0x20 for letters of a needle
;; that is in lower case, and 0 elsewhere. After a hit the rest of its line is passed over: lines are counted, not hits.
;; Every line ends with a line break, and 32 bytes behind `end` can be read.
(module
  (import "log" "memory" (memory 1 65536 shared))
  (func (export "find")
    (param $start i32) (param $end i32)
    (param $needle i32) (param $fold i32) (param $length i32)
    (param $a i32) (param $b i32) ;; offsets of the two probes in the needle
    (param $out i32) (param $capacity i32) ;; uint32 addresses of hits, one a line
    (result i32) ;; number of hits; when it equals the capacity, go on behind the last hit's line
    (local $at i32) (local $limit i32) (local $mask i32) (local $p i32) (local $j i32) (local $count i32)
    (local $byteA v128) (local $byteB v128) (local $foldA v128) (local $foldB v128)
    (local.set $limit (i32.sub (local.get $end) (local.get $length)))
    (local.set $byteA (i8x16.splat (i32.load8_u (i32.add (local.get $needle) (local.get $a)))))
    (local.set $byteB (i8x16.splat (i32.load8_u (i32.add (local.get $needle) (local.get $b)))))
    (local.set $foldA (i8x16.splat (i32.load8_u (i32.add (local.get $fold) (local.get $a)))))
    (local.set $foldB (i8x16.splat (i32.load8_u (i32.add (local.get $fold) (local.get $b)))))
    (local.set $at (local.get $start))
    (block $done
      (loop $scan
        (br_if $done (i32.gt_s (local.get $at) (local.get $limit)))
        (local.set $mask
          (i8x16.bitmask
            (v128.and
              (i8x16.eq
                (v128.or (v128.load align=1 (i32.add (local.get $at) (local.get $a))) (local.get $foldA))
                (local.get $byteA))
              (i8x16.eq
                (v128.or (v128.load align=1 (i32.add (local.get $at) (local.get $b))) (local.get $foldB))
                (local.get $byteB)))))
        (block $next
          (loop $candidates
            (br_if $next (i32.eqz (local.get $mask)))
            (local.set $p (i32.add (local.get $at) (i32.ctz (local.get $mask))))
            (br_if $done (i32.gt_s (local.get $p) (local.get $limit)))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (local.set $j (i32.const 0))
            (loop $verify
              (br_if $candidates
                (i32.ne
                  (i32.or
                    (i32.load8_u (i32.add (local.get $p) (local.get $j)))
                    (i32.load8_u (i32.add (local.get $fold) (local.get $j))))
                  (i32.load8_u (i32.add (local.get $needle) (local.get $j)))))
              (local.set $j (i32.add (local.get $j) (i32.const 1)))
              (br_if $verify (i32.lt_s (local.get $j) (local.get $length))))
            (i32.store (i32.add (local.get $out) (i32.shl (local.get $count) (i32.const 2))) (local.get $p))
            (local.set $count (i32.add (local.get $count) (i32.const 1)))
            (br_if $done (i32.eq (local.get $count) (local.get $capacity)))
            ;; To the line's end.
            (local.set $p (i32.add (local.get $p) (local.get $length)))
            (block $found
              (loop $break
                (local.set $mask
                  (i8x16.bitmask (i8x16.eq (v128.load align=1 (local.get $p)) (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10))))
                (br_if $found (local.get $mask))
                (local.set $p (i32.add (local.get $p) (i32.const 16)))
                (br_if $done (i32.ge_s (local.get $p) (local.get $end)))
                (br $break)))
            (local.set $at (i32.add (i32.add (local.get $p) (i32.ctz (local.get $mask))) (i32.const 1)))
            (br $scan)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $scan)))
    (local.get $count)))
