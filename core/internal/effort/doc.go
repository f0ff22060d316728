// Package effort is for tests alone: how many rounds a random test takes, and how the work of code grows with its input.
// Both are counted in what is the same on every machine, never in elapsed time.
package effort
