package batch

import (
	"encoding/json"
	"fmt"
)

// lineStart is how each line of the output begins.
const lineStart = `{"id":"` + lineIDStart

const lineIDStart = "batch_req_"

// lineID is the id of a line of the output: with it the output says by itself which line of the input is done.
func lineID(line int64, sum uint32) string { return fmt.Sprintf("%s%d_%08x", lineIDStart, line, sum) }

// readLineID reads the id of a line of the output.
func readLineID(text []byte) (line int64, sum uint32, ok bool) {
	var l struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(text, &l) != nil {
		return 0, 0, false
	}
	if _, err := fmt.Sscanf(l.ID, lineIDStart+"%d_%x", &line, &sum); err != nil || line < 1 || l.ID != lineID(line, sum) {
		return 0, 0, false
	}
	return line, sum, true
}
