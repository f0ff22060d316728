// Package benthos checks completion requests inside Benthos (Redpanda Connect) streams, with a processor that is called
// completions_check.
//
// It is a module of its own, so that who imports the core does not get Benthos with it. Importing it registers the processor
// in Benthos' global environment.
//
//	pipeline:
//	  processors:
//	    - completions_check:
//	        profile: vllm
//
// A message that is a request leaves it in canonical form, as a server gets it. Any other keeps its bytes and has an error,
// which catch, switch and fallback route by. Both have the verdict in their metadata. The folder examples has whole
// configurations.
package benthos
