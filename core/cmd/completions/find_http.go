package main

import "bytes"

// findInHTTP finds the requests of a file for editors that send them: ### stands between them, and lines that begin with @
// are variables for all of them.
func findInHTTP(p piece) (found []request) {
	var parts, variables []span
	for start, from := 0, 0; ; {
		end := start + bytes.IndexByte(p.text[start:], '\n') + 1
		if end == start {
			end = len(p.text)
		}
		line := bytes.TrimSpace(p.text[start:end])
		if bytes.HasPrefix(line, []byte("@")) {
			variables = append(variables, span{start, end})
		}
		if last := end == len(p.text); bytes.HasPrefix(line, []byte("###")) || last {
			stop := start
			if last {
				stop = end
			}
			parts, from = append(parts, span{from, stop}), end
			if last {
				break
			}
		}
		start = end
	}
	for _, part := range parts[:min(len(parts), mostRequests)] {
		if len(p.text) > mostContext {
			found = append(found, findImported(p.cut(part.start, part.end))...)
			continue
		}
		var keep []span
		for _, v := range variables {
			if v.end <= part.start {
				keep = append(keep, v)
			}
		}
		if r, ok := importedPart(p, masked(p.text[:part.end], append(keep, part)...), part, false); ok {
			found = append(found, r)
		}
	}
	if len(parts) > mostRequests {
		found = append(found, passedOver(p, parts[mostRequests].start))
	}
	return found
}
