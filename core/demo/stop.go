package demo

// pattern is a stop sequence prepared for matching byte by byte (Knuth, Morris and Pratt), so that neither a long
// sequence nor a long text costs more than one step per byte.
type pattern struct {
	text string
	// border[i] is the length of the longest proper prefix of text that ends text[:i+1].
	border []int32
}

func newPattern(text string) pattern {
	p := pattern{text, make([]int32, len(text))}
	for i := 1; i < len(text); i++ {
		p.border[i] = int32(p.next(int(p.border[i-1]), text[i]))
	}
	return p
}

// next returns how much of the pattern ends the text after one more byte, if matched bytes of it did before.
func (p *pattern) next(matched int, b byte) int {
	for matched > 0 && p.text[matched] != b {
		matched = int(p.border[matched-1])
	}
	if p.text[matched] == b {
		matched++
	}
	return matched
}

// stopper looks for the first of several stop sequences in a growing text.
type stopper struct {
	patterns []pattern
	matched  []int // by pattern: how much of it ends the text
}

func newPatterns(stops []string) []pattern {
	var patterns []pattern
	for _, s := range stops {
		if s != "" { // would end every completion before it begins
			patterns = append(patterns, newPattern(s))
		}
	}
	return patterns
}

func newStopper(patterns []pattern) stopper {
	return stopper{patterns, make([]int, len(patterns))}
}

// feed adds text. When a sequence is complete it returns how many bytes of added stand before the end of it and how
// long it is; of two that end together the longer counts.
func (s *stopper) feed(added []byte) (end, length int, found bool) {
	for i, b := range added {
		for k := range s.patterns {
			p := &s.patterns[k]
			s.matched[k] = p.next(s.matched[k], b)
			if s.matched[k] == len(p.text) {
				end, length, found = i+1, max(length, len(p.text)), true
			}
		}
		if found {
			return end, length, true
		}
	}
	return 0, 0, false
}

// held returns how many bytes at the end of the text may yet become part of a stop sequence.
func (s *stopper) held() int {
	most := 0
	for _, m := range s.matched {
		most = max(most, m)
	}
	return most
}
