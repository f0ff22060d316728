package probe

import (
	"fmt"
	"strings"

	"github.com/completion-playground/playground/core/answer"
)

// End says why a probe is over before all has been asked.
type End string

// The early ends. The zero End is none: the probe goes on, or all was asked.
const (
	Stopped    End = "stopped"     // by Session.Stop
	KeyRefused End = "key-refused" // the key, or the right to use it
	NoModel    End = "no-model"    // there is no such model
	TooMany    End = "too-many"    // the server wants fewer requests than the driver could wait for
	NoControl  End = "no-control"  // the simplest request has no completion, so nothing can be compared
	Silent     End = "silent"      // several answers in turn did not come
)

// silence is how many answers in turn may be missing.
const silence = 3

// ending returns why the answer to a request ends the probe, "" if it does not, with a sentence.
func (s *Session) ending(id string) (End, string) {
	if s.end != "" {
		return s.end, s.account
	}
	a := s.answers[id]
	said := saying(a)
	switch {
	case a.Status == 429:
		return TooMany, "the server takes no more requests for now" + said
	case (a.Status == 401 || a.Status == 402 || a.Status == 403) && id != "model":
		return KeyRefused, "the server refuses the key" + said
	case id != "plain":
	case a.Status == 404:
		return NoModel, fmt.Sprintf("the server has no model %q, or no completions at this address", s.model) + said
	case s.read(id) == refused:
		return NoControl, "the server refuses the simplest request" + said
	case s.read(id) == lost && a.Status == 0:
		return NoControl, "the server cannot be reached" + said
	case s.read(id) == lost:
		return NoControl, fmt.Sprintf("the simplest request was answered with status %d and no whole completion", a.Status) + said
	case s.text(id) == "":
		return NoControl, "the simplest request was answered without a text, so there is nothing to compare"
	}
	if len(s.order) >= silence {
		for _, recent := range s.order[len(s.order)-silence:] {
			if s.read(recent) != lost {
				return "", ""
			}
		}
		return Silent, fmt.Sprintf("the last %d answers did not come whole", silence) + said
	}
	return "", ""
}

// saying returns what the server said of a failure, as the end of a sentence.
func saying(a answer.Answer) string {
	if a.Error == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(cut(a.Error, 200), ".")
}

// cut returns a text, or its beginning with an ellipsis.
func cut(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
