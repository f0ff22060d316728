// Package batch checks and sends files of many completion requests: JSON Lines with one request a line, and the batch files
// of OpenAI's API, with one envelope a line.
//
// [Check] is an iterator over an input of any size. It uses all processors, keeps the order, and says of each line where it
// stands and everything that is wrong with it:
//
//	var totals batch.Totals
//	for line, err := range batch.Check(ctx, file, batch.Options{}) {
//		if err != nil {
//			return err // the file cannot be read on
//		}
//		for _, issue := range line.Report.Issues {
//			fmt.Printf("%d:%d: %s\n", line.Number, issue.Span.Start.Column, issue.Message)
//		}
//		totals.Add(&line)
//	}
//
// [Run] sends the valid ones to a server that has no batches of its own, and writes what OpenAI would have written. It can
// be ended at any time, and goes on where it was.
//
// # What a line wants
//
// A line is strict JSON. Comments, trailing commas, and whatever else core.Check reads beside JSON are no mistake of a text
// in an editor, but they are one in a file that a server reads. Such a line has one issue, [NotJSON], and stops nothing.
//
// An envelope wants its four members: custom_id, a text that no other line has; method and url, which are always the same;
// and body, the request. Others are told of as a warning. The request in an envelope for another endpoint is not looked at.
package batch
