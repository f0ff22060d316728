module github.com/completion-playground/playground/build/clients

go 1.25.0

replace github.com/completion-playground/playground => ../..

require (
	github.com/completion-playground/playground v0.0.0-00010101000000-000000000000
	github.com/openai/openai-go/v3 v3.60.0
	github.com/sashabaranov/go-openai v1.43.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/santhosh-tekuri/jsonschema/v5 v5.3.1 // indirect
	github.com/tidwall/gjson v1.19.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
	github.com/tidwall/sjson v1.2.5 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
