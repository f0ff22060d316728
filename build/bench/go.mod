module github.com/completion-playground/playground/build/bench

go 1.26.4

replace github.com/completion-playground/playground => ../..

require (
	github.com/completion-playground/playground v0.0.0-00010101000000-000000000000
	github.com/google/jsonschema-go v0.4.3
	github.com/kaptinlin/jsonschema v0.9.0
	github.com/santhosh-tekuri/jsonschema/v5 v5.3.1
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/go-json-experiment/json v0.0.0-20260601182631-00ed12fed2a6 // indirect
	github.com/goccy/go-yaml v1.19.2 // indirect
	github.com/kaptinlin/jsonpointer v0.4.26 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.38.0 // indirect
)
