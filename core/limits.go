package core

// Limits bounds what Check reads. A zero field takes its default; nothing is unbounded.
type Limits struct {
	Bytes    int // size of the text; default 16 MiB, at most 1 GiB
	Depth    int // nesting of arrays and objects; default 128, at most 1000
	Values   int // values in all, containers included; default 300 000, at most 2^26
	Digits   int // digits of one number; default 400, at most 4000
	Exponent int // absolute value of a number's exponent; default 400, at most 4000
	Issues   int // issues in one report, the last of which then says that there are more; default 1000
}

const (
	maxBytes    = 1 << 30
	maxDepth    = 1000 // the WebAssembly stack holds several thousand frames of the recursive readers
	maxValues   = 1 << 26
	maxDigits   = 4000 // jsonschema v5 turns numbers into big.Rat; this many digits still take microseconds
	maxExponent = 4000
)

func (l Limits) withDefaults() Limits {
	set := func(v *int, def, most int) {
		if *v <= 0 {
			*v = def
		}
		*v = min(*v, most)
	}
	set(&l.Bytes, 16<<20, maxBytes)
	set(&l.Depth, 128, maxDepth)
	set(&l.Values, 300_000, maxValues)
	set(&l.Digits, 400, maxDigits)
	set(&l.Exponent, 400, maxExponent)
	set(&l.Issues, 1000, 1<<20)
	return l
}
