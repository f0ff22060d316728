package demo

import (
	"sync"

	"github.com/completion-playground/playground/core"
)

// quirk is what a model does otherwise than asked, as servers do that drop a field without a word.
type quirk uint8

const (
	honest quirk = iota
	ignoresSeed
	shortSeed
	ignoresTemperature
	clampsTemperature
	ignoresTopP
	ignoresPenalties
	ignoresBias
	ignoresStop
	ignoresSuffix
	ignoresBestOf
	noEcho
	dropsLogprobs
	fewLogprobs
	oneChoice
	onePrompt
	moreTokens
	noStream
	noUsage
	refusesUnknown
	hasOwnFields  // takes fields that the schema has not
	deafOwnFields // and does nothing with them
)

// bend changes a request that was taken into the one that is answered.
func (q quirk) bend(r *core.CompletionRequest) {
	switch q {
	case ignoresSeed:
		r.Seed.Set = false
	case shortSeed:
		r.Seed.Value &= 1<<32 - 1
	case ignoresTemperature:
		r.Temperature.Set = false
	case clampsTemperature:
		r.Temperature.Value = min(r.Temperature.Value, 1)
	case ignoresTopP:
		r.TopP.Set = false
	case ignoresPenalties:
		r.FrequencyPenalty.Set, r.PresencePenalty.Set = false, false
	case ignoresBias:
		r.LogitBias.Set = false
	case ignoresStop:
		r.Stop.Set = false
	case ignoresSuffix:
		r.Suffix.Set = false
	case ignoresBestOf:
		r.BestOf.Set = false
	case noEcho:
		r.Echo.Set = false
	case dropsLogprobs:
		r.Logprobs.Set = false
	case fewLogprobs:
		r.Logprobs.Value = min(r.Logprobs.Value, 2)
	case oneChoice:
		r.N.Set = false
	case onePrompt:
		r.Prompt.Texts = r.Prompt.Texts[:min(len(r.Prompt.Texts), 1)]
	case moreTokens:
		r.MaxTokens = core.Opt[int64]{Value: or(r.MaxTokens.Set, r.MaxTokens.Value, defaultMaxTokens) + 2, Set: true}
	case noStream:
		r.Stream.Set = false
	}
}

// rules returns what a model takes: the demo's own profile, and where the quirk is about that, with a change.
func (q quirk) rules() *core.Validator {
	switch q {
	case clampsTemperature:
		return anyTemperature()
	case refusesUnknown:
		return knownFields()
	case hasOwnFields, deafOwnFields:
		return withOwnFields()
	}
	return commonRules()
}

var (
	commonRules = sync.OnceValue(func() *core.Validator { return must(core.ForProfile("demo")) })

	anyTemperature = sync.OnceValue(func() *core.Validator {
		return must(core.Compile(nil, core.Options{Profile: commonRules().Profile(), Overlay: []byte(`{"properties":{"temperature":{"maximum":null}}}`)}))
	})

	knownFields = sync.OnceValue(func() *core.Validator {
		return must(core.Compile(nil, core.Options{Profile: commonRules().Profile(), Unknown: "error"}))
	})
)

var withOwnFields = sync.OnceValue(func() *core.Validator {
	return must(core.Compile(nil, core.Options{Profile: commonRules().Profile(), Overlay: []byte(ownOverlay)}))
})

// must returns the rules. If they do not compile, the embedded files are at fault; a test compiles them all.
func must(v *core.Validator, err error) *core.Validator {
	if err != nil {
		panic(err)
	}
	return v
}
