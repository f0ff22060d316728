package effort

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLinear(t *testing.T) {
	for _, c := range []struct {
		name         string
		small, large Cost
		want         bool
	}{
		{"linear", Cost{time.Second, 10 << 20}, Cost{4 * time.Second, 40 << 20}, true},
		{"quadratic", Cost{time.Second, 0}, Cost{16 * time.Second, 0}, false},
		{"quadratic in bytes", Cost{time.Second, 10 << 20}, Cost{time.Second, 160 << 20}, false},
		{"too little to tell", Cost{0, 1}, Cost{least - 1, freeBytes}, true},
	} {
		assert.Equal(t, c.want, linear(c.small, c.large), c.name)
	}
}

// recorder hears of failures in the place of a test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

var kept []byte

func TestRequireLinearCountsBytes(t *testing.T) {
	make1 := func(n int) func() { return func() { kept = make([]byte, n<<20) } }
	good, bad := recorder{TB: t}, recorder{TB: t}
	cost := RequireLinear(&good, "linear", make1(1), make1(4))
	RequireLinear(&bad, "quadratic", make1(1), make1(16))
	assert.False(t, good.failed)
	assert.True(t, bad.failed)
	assert.GreaterOrEqual(t, cost.Bytes, uint64(4<<20))
	RequireLinear(t, "little", func() { t.Error("the small call says nothing here") }, func() {})
}

func TestDeep(t *testing.T) {
	for value, want := range map[string]bool{"": false, "0": false, "1": true} {
		t.Setenv(DeepVariable, value)
		assert.Equal(t, want, Deep(), value)
		if !testing.Short() {
			assert.Equal(t, map[bool]int{false: 7, true: 700}[want], Rounds(7))
		}
		assert.Equal(t, map[bool]int{false: 2, true: 8}[want], Size(8))
		assert.Equal(t, 1, Size(1))
	}
}
