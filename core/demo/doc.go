// Package demo is a tiny statistical language model that answers completion requests the way an OpenAI-compatible
// server does. It exists so that every field of a request can be tried and seen to work without a key or a network.
//
// The model is an n-gram model over a fixed tokenizer, trained at first use on the prose and code in corpus/. It knows
// nothing, but it continues "Once upon a time" readably, and its probabilities are real: they add up to one over the
// whole vocabulary, so temperature, top_p, penalties, biases and log probabilities mean what they mean elsewhere.
//
// The package does no input or output and reads no clock. [Complete] takes a request body and returns an [Answer]: a
// status, headers, and steps that say which bytes to write and how long to wait before each. A server or a page plays
// the steps. Randomness and time are given by the caller in [Options], so the same arguments give the same answer.
//
// # What each field does here
//
// Where servers differ, the behaviour is that of vLLM unless noted.
//
//   - Penalties count the tokens of the completion, not those of the prompt.
//   - logit_bias is added to the model's log probabilities; ids outside the vocabulary have no effect.
//   - logprobs are natural logarithms after biases and penalties and before temperature and top_p. text_offset counts
//     code points from the start of the returned text. A token that is no complete UTF-8 is written bytes:\xNN.
//   - best_of returns the candidates with the highest mean log probability per token.
//   - stop is searched in the completion only; a stream holds text back while it may still become a stop sequence.
//   - suffix makes the model write several candidates and end one of them where the suffix follows most naturally.
//   - seed with the same request gives the same text. Without one the text depends on Options.Entropy.
//   - A completion ends with finish_reason "stop" at a stop sequence, at a bridge to the suffix, or when the model
//     ends its text (token 256, which logit_bias can ban), and with "length" at max_tokens or at the context size.
//   - Fields beyond the schema, such as top_k, are accepted and have no effect.
//   - max_tokens beyond what the context has room for is lowered to that, as some hosted services do.
package demo
