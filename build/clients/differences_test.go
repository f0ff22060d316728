package clients

// known lists where a client sends or reads otherwise than package core/client, which reads as the standards have it.
var known = []difference{
	{client: "openai-go", cases: each("score", "characters"), parts: []string{"logprobs", "top"},
		why: "has no null: the first token of an echo gets 0, and all alternatives are lost"},
	{client: "openai-go", cases: []string{"ends early", "empty"}, parts: []string{"failure"}, why: cannotTell},

	{client: "go-openai", cases: each("logprobs 0"), parts: []string{"sent logprobs"}, why: noZero},
	{client: "go-openai", cases: each("score"), parts: []string{"sent max_tokens"}, why: noZero},
	{client: "go-openai", cases: each("score", "characters"), parts: []string{"logprobs"},
		why: "has no null: the first token of an echo gets 0"},
	{client: "go-openai", cases: []string{"ends early", "empty"}, parts: []string{"failure"}, why: cannotTell},

	{client: "openai", cases: []string{"ends early", "empty"}, parts: []string{"failure"}, why: cannotTell},
	{client: "openai-python", cases: []string{"ends early", "empty"}, parts: []string{"failure"}, why: cannotTell},

	{client: "langchain", cases: streamed("logprobs", "logprobs 0", "score", "characters"), parts: []string{"logprobs", "tokens", "top"},
		why: "keeps those of the last chunk, which has none"},
	{client: "langchain", cases: []string{"stream usage"}, parts: []string{"usage"}, why: "does not read it from a stream"},
	{client: "langchain", cases: []string{"error on way", "broken off"}, parts: []string{"choices", "text"},
		why: "throws away what came before"},
	{client: "langchain", cases: []string{"ends early", "empty"}, parts: []string{"failure"}, why: cannotTell},

	{client: "ai", parts: []string{"sent prompt", "sent stop"},
		why: "writes every prompt as a conversation, which ends where the user would speak"},
	{client: "ai", cases: append(each("n"), "best of"), parts: []string{"choices", "finish", "text"},
		why: "has one choice: the first of a whole answer, and all of a stream mixed into one text"},
	{client: "ai", cases: []string{"error on way", "broken off"}, parts: []string{"model"},
		why: "names it at the end, which does not come"},
	{client: "ai", cases: []string{"ends early"}, parts: []string{"failure", "finish"},
		why: cannotTell + ", and calls the missing reason other"},
	{client: "ai", cases: []string{"empty"}, parts: []string{"choices", "failure", "finish", "model"},
		why: cannotTell + ", and makes a choice of nothing"},
}

const (
	cannotTell = "does not tell an answer that is cut from one that is complete"
	noZero     = "leaves out a number that is 0"
)

// streamed returns the names of the cases that ask for a stream of the same.
func streamed(names ...string) (all []string) {
	for _, name := range names {
		all = append(all, "stream "+name)
	}
	return all
}

// each returns names of cases with those that ask for a stream of the same.
func each(names ...string) []string { return append(streamed(names...), names...) }
