// Package batch checks and sends files of many completion requests: JSON Lines of requests, and OpenAI's batch files.
package batch
