package wasmfile

// Buckets tells of a table that is left out of a frozen program's memory, for whoever lets it go on to make: to find the
// function of an instruction, Go's linker gives each 4096 places a bucket of five words of 32 bits, with the number of the
// first function there (runtime.findfuncbucket). In WebAssembly each function takes 65,536 places, so that the table says
// nothing: sixteen buckets of a function have its number and then zeros. It is a fifth of the memory.
type Buckets struct {
	Address   int `json:"address"`
	Functions int `json:"functions"`
}

const (
	bucketBytes       = 20
	bucketsOfFunction = 16
	atBuckets         = 19 * 8 // in the account
)

// dropBuckets takes the table out of a memory. Nil: it is not as above, and stays.
func dropBuckets(memory []byte) *Buckets {
	at, functions, ok := findBuckets(memory)
	if !ok {
		return nil
	}
	table := memory[at : at+functions*bucketsOfFunction*bucketBytes]
	for i := range functions * bucketsOfFunction {
		for word := range bucketBytes / 4 {
			want := 0
			if word == 0 {
				want = i / bucketsOfFunction
			}
			if order.Uint32(table[i*bucketBytes+4*word:]) != uint32(want) {
				return nil
			}
		}
	}
	clear(table)
	return &Buckets{at, functions}
}

func findBuckets(memory []byte) (at, functions int, ok bool) {
	t, err := findTable(memory)
	if err != nil {
		return 0, 0, false
	}
	address, functions := order.Uint64(t.account[atBuckets:]), len(t.functions)-1 // the last one has fewer
	end := address + uint64(functions*bucketsOfFunction*bucketBytes)
	return int(address), functions, address%4 == 0 && address > 0 && end <= uint64(len(memory))
}
