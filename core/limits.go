package core

// Limits bounds what Check reads. A zero field takes its default; nothing is unbounded, and Compile refuses what is
// below zero or beyond the most.
type Limits struct {
	Bytes    int // size of the text; default 16 MiB, at most 1 GiB
	Depth    int // nesting of arrays and objects; default 128, at most 1000
	Values   int // values in all, containers included; default 300 000, at most 2^26
	Digits   int // digits of one number; default 400, at most 4000
	Exponent int // absolute value of a number's exponent; default 400, at most 4000
	Issues   int // issues in one report, the last of which then says that there are more; default 1000, at most 2^20
}
