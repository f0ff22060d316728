// Command completions-connect is Benthos with its inputs and outputs for files, HTTP and sockets, and with the processor
// completions_check:
//
//	completions-connect run config.yaml
//
// Redpanda Connect has many more of them; a program of its own that imports both adds the processor there.
package main

import (
	"context"

	_ "github.com/completion-playground/playground/core/benthos"
	_ "github.com/redpanda-data/benthos/v4/public/components/io"
	_ "github.com/redpanda-data/benthos/v4/public/components/pure"
	"github.com/redpanda-data/benthos/v4/public/service"
)

func main() { service.RunCLI(context.Background()) }
