package probe

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// step is a request that a probe may send.
type step struct {
	id, why string
	// control is the request from which this one differs in one member, or in two where a rule is about both; "" for the
	// first. The test of this table compares them.
	control string
	// after are the requests that must have been answered, or be out of the question, before this one is made.
	after  []string
	wanted func(*Session) bool // asked then; nil is always
	body   func(*Session) body
	tokens int  // that its completions have at most, all together
	own    bool // about a field that the profile alone knows: asked when all others are answered
}

const (
	prompt = "Once upon a time, in a village near"
	second = "The capital of France is"
	suffix = " And they all lived happily ever after in the old mill by the river."

	short = 4  // tokens, where a few show enough
	long  = 16 // where something has to come again

	// Any two tokens will do, so long as the model has them: every vocabulary has more than 420.
	biasToken, otherToken = "400", "72"

	// unknownField is a name that no server knows.
	unknownField = "zz_unknown"
	noModel      = "zz-no-such-model"
)

// plain is the request that all others are built on.
func (s *Session) plain() body {
	var b body
	if s.model != "" {
		b = append(b, member{"model", s.model})
	}
	return append(b, member{"prompt", prompt}, member{"max_tokens", short})
}

// seed returns one of the seeds of this probe, below 2³¹. Different numbers give different seeds.
func (s *Session) seed(number int) int64 {
	mixed := (s.options.Seed + 1) * 0x9e3779b97f4a7c15
	return int64(mixed>>40)<<6 + 1 + int64(number)
}

// at is plain at a temperature and with a seed, each left out where the server refuses it.
func (s *Session) at(temperature float64, seed int) body {
	b := s.plain()
	if s.takesTemperature(temperature) {
		b = b.with("temperature", temperature)
	}
	if s.read("seeded") != refused {
		b = b.with("seed", s.seed(seed))
	}
	return b
}

func (s *Session) takesTemperature(t float64) bool {
	switch t {
	case 0:
		return s.read("zero") != refused
	case 2:
		return s.read("two") != refused
	}
	return s.read("zero") != refused || s.read("two") != refused
}

// hotTemperature is the highest that the server takes.
func (s *Session) hotTemperature() float64 {
	if s.read("two") == refused {
		return 1
	}
	return 2
}

func (s *Session) hot(seed int) body    { return s.at(s.hotTemperature(), seed) }
func (s *Session) greedy(most int) body { return s.at(0, 1).with("max_tokens", most) }

// warm is a longer text to be drawn. At temperature 1 a large model repeats itself, at 2 a small one may as well.
func (s *Session) warm(number int) body {
	if number == 1 {
		return s.at(1, 1).with("max_tokens", long)
	}
	return s.hot(number).with("max_tokens", long)
}

// biased lets few tokens compete, so that some come again.
func (s *Session) biased() body {
	biases := map[string]int{}
	for id := range 20 {
		biases[strconv.Itoa(400+id)] = 100
	}
	return s.greedy(long).with("logit_bias", biases)
}

// stopText is what the model is known to say: the second or a later word of its most likely text, of three letters where
// there is one, else a letter. It never stands at the beginning. "" without one.
func (s *Session) stopText() string {
	text := s.text("long")
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	for i, word := range words {
		if i > 0 && utf8.RuneCountInString(word) >= 3 && strings.Index(text, word) > 0 {
			return word
		}
	}
	for _, r := range text {
		if unicode.IsLetter(r) && strings.IndexRune(strings.TrimSpace(text), r) > 0 {
			return string(r)
		}
	}
	return ""
}

func hasStopText(s *Session) bool { return s.stopText() != "" }

// settings are the requests that show which fields others can be built with.
var settings = []string{"zero", "two", "seeded"}

// steps are in the order of sending, and made when first asked for.
var steps = sync.OnceValue(func() []step {
	return slices.Concat(
		[]step{
			{id: "plain", why: "the control: no more than a prompt and a limit", tokens: short, body: (*Session).plain},
			on("plain", "zero", "temperature 0", "temperature", 0),
			on("plain", "two", "temperature 2", "temperature", 2),
			{id: "seeded", why: "a seed", control: "plain", after: []string{"plain"}, tokens: short,
				body: func(s *Session) body { return s.plain().with("seed", s.seed(1)) }},
		},
		draws("zero", "temperature 0 with different seeds", "zero", func(s *Session, n int) body { return s.at(0, n) }),
		draws("hot", "the highest temperature with the same seeds", "zero.", (*Session).hot),
		[]step{
			draw("hot.1.again", "the same once more", "hot.1", func(s *Session) body { return s.hot(1) }),
			draw("hot.1.third", "the same a third time", "hot.1", func(s *Session) body { return s.hot(1) }),
		},
		draws("one", "temperature 1 with the same seeds", "hot.", func(s *Session, n int) body { return s.at(1, n) }),
		draws("top_p", "top_p near 0, which leaves one token", "hot.", func(s *Session, n int) body { return s.hot(n).with("top_p", 0.01) }),
		[]step{
			long16("long", "the likeliest text, longer", "zero.1", func(s *Session) body { return s.greedy(long) }),
			long16("long.again", "the same once more", "long", func(s *Session) body { return s.greedy(long) }),
		},
		fieldSteps(), biasSteps(), seedSteps(), valueSteps(), ruleSteps(),
	)
})

// on is the plain request with one more member.
func on(control, id, why, name string, value any) step {
	return step{id: id, why: why, control: control, after: []string{control}, tokens: short,
		body: func(s *Session) body { return s.plain().with(name, value) }}
}

// draw is a request at a temperature with a seed.
func draw(id, why, control string, b func(*Session) body) step {
	return step{id: id, why: why, control: control, after: settings, tokens: short, body: b}
}

// draws are three of them. A control that ends in a dot has three as well, one for each.
func draws(id, why, control string, b func(*Session, int) body) (three []step) {
	for n := 1; n <= 3; n++ {
		from := control
		if strings.HasSuffix(control, ".") {
			from += strconv.Itoa(n)
		}
		three = append(three, draw(id+"."+strconv.Itoa(n), why, from, func(s *Session) body { return b(s, n) }))
	}
	return three
}

// long16 is a request for a longer text.
func long16(id, why, control string, b func(*Session) body) step {
	return step{id: id, why: why, control: control, after: settings, tokens: long, body: b}
}

// more is a request that needs the answer of its control, be it only to know that it is worth asking.
func (st step) more(wanted func(*Session) bool, after ...string) step {
	st.after = append(slices.Clone(settings), after...)
	st.wanted = wanted
	return st
}

// atMost sets the tokens of the completions together.
func (st step) atMost(tokens int) step {
	st.tokens = tokens
	return st
}

// stepOf returns a request of the probe, nil for an id that is none.
func (s *Session) stepOf(id string) *step {
	i := slices.IndexFunc(s.steps, func(st step) bool { return st.id == id })
	if i < 0 {
		return nil
	}
	return &s.steps[i]
}
