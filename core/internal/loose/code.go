package loose

// typeEnd returns the end of `as T` or `satisfies T` at i.
func (r *reader) typeEnd(i int) int {
	depth := 0
	for ; i < len(r.src); i++ {
		switch c := r.src[i]; c {
		case '<', '(':
			depth++
		case '>', ')':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ';', '}', ']', '\n', '\r', '{', '"', '\'', '`', '/', ':':
			if depth == 0 || c == '\n' || c == '\r' || c == '}' {
				return i
			}
		case '[':
			if i+1 < len(r.src) && r.src[i+1] == ']' {
				i++
			} else {
				return i
			}
		}
	}
	return i
}

// expression returns the end of the program code at i: the next comma, semicolon or closing bracket on its own level, or
// the end of its last line. When
// the text ends within it, nothing further is said about what else is open: closing that would only lengthen the code.
func (r *reader) expression(i int) int {
	depth := 0
	single := byte(0) // a kind of quote of which the line has no second one: it quotes nothing
	for i < len(r.src) {
		switch c := r.src[i]; c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return r.trimEnd(i)
			}
			depth--
		case ',', ';':
			if depth == 0 {
				return r.trimEnd(i)
			}
		case '"', '\'', '`':
			if c == single {
				break
			}
			end := r.quotedEnd(i)
			if end-i >= 2 && r.src[end-1] == c {
				i = end
				continue
			}
			single = c
		case '\n', '\r':
			if depth == 0 {
				return r.trimEnd(i)
			}
			single = 0
		}
		i++
	}
	r.skipped = r.skipped || depth > 0
	return r.trimEnd(i)
}

// balanced returns the end of the bracketed text at i.
func (r *reader) balanced(i int) int {
	depth := 0
	for i < len(r.src) {
		switch r.src[i] {
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			i = r.quotedEnd(i)
			continue
		}
		i++
	}
	return i
}
