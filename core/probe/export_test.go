package probe

import (
	"fmt"
	"strings"
)

// OwnRules are the lines of web/docs/probe.md on fields that a profile alone knows.
func OwnRules() (lines []string) {
	for _, rule := range ownRules() {
		lines = append(lines, fmt.Sprintf("| `%s` | %s |", strings.Join(rule.fields, "`, `"), rule.how))
	}
	return append(lines, "| all others | "+byKind+" |")
}

// RuledFields are those whose effect is looked at.
func RuledFields() (fields []string) {
	for _, rule := range ownRules() {
		fields = append(fields, rule.fields...)
	}
	return fields
}
