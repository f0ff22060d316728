// Package probe finds out what a server does with the fields of a completion request: by asking it, not by its name.
//
// A [Session] says which requests to send, takes the answers, and judges. It sends nothing itself, keeps no time and
// starts nothing: package core/client and the playground's page send what it hands out, at most two at once, and may end
// at any time. What was found until then is in the [Report].
//
//	s := probe.New(v, "llama-3.1-8b", probe.Options{})
//	for !s.Done() {
//		for _, r := range s.Next() {
//			s.Answered(r.ID, send(r.Body)) // an answer.Answer
//		}
//	}
//	report := s.Report()
//
// # How a verdict comes about
//
// Each question about a field has requests that differ in that one field from another request, its control. What the
// field should change is then counted, or compared with the control: texts with texts, at temperature 0 or with one seed,
// where they would otherwise be equal; numbers of choices, tokens and log probabilities. A verdict of ignored needs an
// answer that shows it; where chance or a model that is too sure of itself leaves it open, the verdict is unknown.
//
// Nothing has to be known of the model. A bias of 100 on any token makes it come again and again, whatever it is; a stop
// text is taken from what the model has just said; penalties are seen where biases let a few tokens compete. The questions
// with their methods stand in web/docs/probe.md, which a test holds to the table in this package.
package probe
