package finding

// Severity says what a server does with the mistake. Its values are those of core.Severity.
type Severity uint8

const (
	Hint    Severity = iota + 1 // the request works
	Warning                     // silently ignored or changed
	Error                       // refused, or text that cannot be read
)

var severityNames = [...]string{Hint: "hint", Warning: "warning", Error: "error"}

// String returns "hint", "warning" or "error", and "unknown" for what is none of them.
func (s Severity) String() string {
	if s < Hint || s > Error {
		return "unknown"
	}
	return severityNames[s]
}

// ParseSeverity is the inverse of String. It returns 0 and false for a word that names none.
func ParseSeverity(word string) (Severity, bool) {
	for s := Hint; s <= Error; s++ {
		if severityNames[s] == word {
			return s, true
		}
	}
	return 0, false
}
