package client

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
)

// half is a high surrogate that ended a delta, 0 if none did. Servers that cut texts into UTF-16 units, or tokens into
// \u escapes, put the two halves of a character into two deltas; each alone is no character.
type half rune

// join reads a JSON string that continues a text. A high surrogate at its end is held back for the next one. lone says
// that a half without its other half became U+FFFD.
func (h *half) join(raw json.RawMessage) (text string, lone bool) {
	low, text, high := splitHalves(raw)
	if low == 0 && text == "" && high == 0 {
		return "", false // nothing has come that could end the wait
	}
	var front string
	switch {
	case *h != 0 && low != 0:
		front = string(utf16.DecodeRune(rune(*h), low))
	case *h != 0 || low != 0:
		front, lone = "\ufffd", true
	}
	*h = half(high)
	return front + text, lone
}

// end gives up the wait and returns what stands for a half that was held back.
func (h *half) end() string {
	if *h == 0 {
		return ""
	}
	*h = 0
	return "\ufffd"
}

// splitHalves reads a JSON string, with a low surrogate at its start and a high one at its end apart. Others, which
// encoding/json reads as U+FFFD, are in text. Anything but a string gives nothing.
func splitHalves(raw json.RawMessage) (low rune, text string, high rune) {
	raw = bytes.TrimSpace(raw)
	if len(raw) < 2 || raw[0] != '"' {
		return 0, "", 0
	}
	inner := raw[1 : len(raw)-1]
	if r := surrogate(inner); r >= 0xdc00 {
		low, inner = r, inner[escapeLength:]
	}
	if at := len(inner) - escapeLength; at >= 0 && !escaped(inner, at) {
		if r := surrogate(inner[at:]); r != 0 && r < 0xdc00 {
			high, inner = r, inner[:at]
		}
	}
	quoted := append(append([]byte{'"'}, inner...), '"')
	if json.Unmarshal(quoted, &text) != nil {
		return 0, "", 0
	}
	return low, text, high
}

const escapeLength = len(`\ud83d`)

// surrogate returns the surrogate whose escape s starts with, 0 if it starts with none.
func surrogate(s []byte) rune {
	if len(s) < escapeLength || !strings.HasPrefix(string(s[:2]), `\u`) {
		return 0
	}
	v, err := strconv.ParseUint(string(s[2:escapeLength]), 16, 16)
	if err != nil || !utf16.IsSurrogate(rune(v)) {
		return 0
	}
	return rune(v)
}
