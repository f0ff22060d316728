package probe

import (
	"fmt"
	"strings"
)

// judgeNarrow judges a field that should leave one token to choose.
func judgeNarrow(s *Session, field string) (Verdict, string) {
	first, second := ownID(field), ownID(field)+".2"
	cold := s.given("zero.1", "zero.2", "zero.3")
	switch {
	case !s.allGiven("hot.1", "hot.2", "hot.3") || !s.varied():
		return Unknown, "the text is the same without it, whatever the seed"
	case s.seedWorks() && s.text(first) == s.text("hot.1"):
		if len(cold) > 0 && cold[0] == s.text(first) {
			return Unknown, "the drawn text is the likeliest one anyway"
		}
		return Ignored, "the text is the same as without it, with the same seed"
	case s.read(second) != given || s.text("hot.1") == s.text("hot.2"):
		return Unknown, "there is nothing to compare it with"
	case s.text(first) == s.text(second):
		return Honoured, "the text is the same, whatever the seed"
	case s.seedWorks():
		return Changed, "the text is another one, and still changes with the seed"
	case distinct(cold) > 1:
		return Unknown, "the text changes at temperature 0 too"
	}
	return Ignored, "the text changes from draw to draw, as it does without it"
}

func judgeRepetition(s *Session, field string) (Verdict, string) {
	got, control := s.text(ownID(field)), "biased"
	if s.read(control) != given {
		control = "long"
	}
	switch full := s.text(control); {
	case control == "biased" && repetitive(full) && !repetitive(got), s.steady() && !strings.HasPrefix(full, got):
		return Honoured, "what had come before came less often"
	case s.steady() && returns(full):
		return Ignored, "the same tokens came again in spite of it"
	}
	return Unknown, "nothing came twice that it could have changed"
}

func judgeForm(s *Session, field string) (Verdict, string) {
	return s.begins(field, "“"+formWord+"”", func(text string) bool {
		text = strings.TrimLeft(text, `"`)
		return len(text) >= 3 && (strings.HasPrefix(text, formWord) || strings.HasPrefix(formWord, text)) // the limit may cut it
	})
}

func judgeJSONForm(s *Session, field string) (Verdict, string) {
	return s.begins(field, "an object", func(text string) bool { return strings.HasPrefix(text, "{") })
}

// begins judges by how a text begins, which without the field begins otherwise.
func (s *Session) begins(field, what string, as func(string) bool) (Verdict, string) {
	got := strings.TrimSpace(s.text(ownID(field)))
	switch {
	case as(strings.TrimSpace(s.text("zero.1"))):
		return Unknown, "the text begins with " + what + " anyway"
	case as(got):
		return Honoured, "the text begins with " + what
	case got == "":
		return Unknown, "no text came"
	}
	return Ignored, "the text does not begin with " + what
}

func judgeStopIDs(s *Session, field string) (Verdict, string) {
	control := "bias"
	if s.repeatedToken() == otherToken {
		control = "bias.other"
	}
	switch got, full := s.text(ownID(field)), s.text(control); {
	case len(got)*3 <= len(full):
		return Honoured, "the text ends where the token comes first"
	case got == full:
		return Ignored, "the token came again and again all the same"
	}
	return Unknown, "the text is another one"
}

func judgeMinTokens(s *Session, field string) (Verdict, string) {
	id, stop := ownID(field), s.stopText()
	switch {
	case strings.Contains(s.text(id), stop):
		return Honoured, fmt.Sprintf("the text goes on past %q", stop)
	case s.text(id) != s.text("stop"):
		return Unknown, "the text is another one, without the stop text"
	case s.read(id+".kind") == refused:
		return Unknown, "a number is read in it, and stop texts do not wait for it"
	case s.read(id+".kind") == given && s.read(ownKind) == refused:
		return Ignored, fmt.Sprintf("the text still ends before %q, and a value of the wrong kind is taken too", stop)
	}
	return Unknown, fmt.Sprintf("the text still ends before %q, which may not have to wait for it", stop)
}

func judgeBadWords(s *Session, field string) (Verdict, string) {
	got, word := s.text(ownID(field)), s.stopText()
	switch {
	case !s.steady():
		return Unknown, "the text changes by itself"
	case got == s.text("long"):
		return Ignored, fmt.Sprintf("%q came all the same", word)
	case got != "" && !strings.Contains(got, word):
		return Honoured, fmt.Sprintf("the text does without %q", word)
	}
	return Unknown, "the text is another one"
}

func judgeAllowed(s *Session, field string) (Verdict, string) {
	got := s.text(ownID(field))
	switch {
	case repetitive(got) && !repetitive(s.text("long")):
		return Honoured, "one token came again and again"
	case s.steady() && got == s.text("long"):
		return Ignored, "the likeliest text is the same with one token allowed"
	}
	return Unknown, "the text is another one"
}

func judgeKeepStop(s *Session, field string) (Verdict, string) {
	got, stop := s.text(ownID(field)), s.stopText()
	switch {
	case strings.HasSuffix(strings.TrimSpace(got), stop):
		return Honoured, fmt.Sprintf("the text ends with %q", stop)
	case got == s.text("stop"):
		return Ignored, fmt.Sprintf("the text ends before %q, as it does without it", stop)
	}
	return Unknown, "the text is another one"
}

func judgeTruncate(s *Session, field string) (Verdict, string) {
	got, ok := s.promptTokens(ownID(field))
	full, _ := s.promptTokens("plain")
	switch {
	case !ok:
		return Unknown, "the tokens of the prompt were not counted"
	case got == full:
		return Ignored, fmt.Sprintf("%d tokens of the prompt were counted, as many as without it", got)
	case got == 2:
		return Honoured, "two tokens of the prompt were counted"
	}
	return Changed, fmt.Sprintf("%d tokens of the prompt were counted, want two", got)
}

// judgeKind judges a field by what becomes of a value of the wrong kind.
func judgeKind(s *Session, field string) (Verdict, string) {
	id := ownID(field)
	a := s.answers[id]
	switch s.read(id) {
	case missing:
		if s.read("unknown") == refused && s.passed(id) && s.hasRoom() {
			return Unknown, "not asked: no value is known that it might take"
		}
		return Unknown, s.unasked(id)
	case lost:
		return Unknown, "the answer did not come whole" + saying(a)
	case refused:
		if takesUnknown(s) {
			return Taken, "it is read, as a value of the wrong kind is refused; what it does does not show" + saying(a)
		}
		return Refused, "the server refuses it" + saying(a)
	}
	switch {
	case !takesUnknown(s):
		return Taken, "it is known, as other fields are refused; what it does does not show"
	case s.read(ownKind) == refused:
		return Ignored, "a value of the wrong kind is taken, as in a field that the server does not know"
	}
	return Unknown, "a value of the wrong kind is taken, as in other fields that the server reads"
}
