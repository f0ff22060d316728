package jsontape

import "fmt"

// Limits bounds what is read; core.Limits, which has the same fields, documents them. Readers want them all filled in.
type Limits struct {
	Bytes    int
	Depth    int
	Values   int
	Digits   int
	Exponent int
	Issues   int
}

const (
	maxBytes    = 1 << 30
	maxDepth    = 1000 // the WebAssembly stack holds several thousand frames of the recursive readers
	maxValues   = 1 << 26
	maxDigits   = 4000 // jsonschema v5 turns numbers into big.Rat; this many digits still take microseconds
	maxExponent = 4000
	maxIssues   = 1 << 20
)

// Check refuses limits below zero, which would be none, and those beyond what can be held to.
func (l Limits) Check() error {
	for _, n := range []struct {
		name        string
		value, most int
	}{{"Bytes", l.Bytes, maxBytes}, {"Depth", l.Depth, maxDepth}, {"Values", l.Values, maxValues}, {"Digits", l.Digits, maxDigits}, {"Exponent", l.Exponent, maxExponent}, {"Issues", l.Issues, maxIssues}} {
		if n.value < 0 {
			return fmt.Errorf("limits: %s is %d, want at least 1, or 0 for the default", n.name, n.value)
		}
		if n.value > n.most {
			return fmt.Errorf("limits: %s is %d, want at most %d", n.name, n.value, n.most)
		}
	}
	return nil
}

// WithDefaults fills in the default for each field that is zero and keeps the others within what is possible.
func (l Limits) WithDefaults() Limits {
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
	set(&l.Issues, 1000, maxIssues)
	return l
}
