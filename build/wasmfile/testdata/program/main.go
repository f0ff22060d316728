// Command program does what the packed tables have to bear: stacks that move with pointers into themselves, collections,
// deferred functions that recover. In the end it panics.
package main

import (
	"errors"
	"os"
	"runtime"
	"strconv"
)

type node struct {
	next *node
	text string
}

// list is kept alive by nothing else.
var list *node

// deep hands a pointer to a place on its own stack down, which moves when the stack grows.
func deep(n int, sum *int) {
	var room [64]int
	if n < 0 {
		n = len(room[:n]) // out of range
	}
	room[n%64] = n
	if n > 0 {
		own := 0
		deep(n-1, &own)
		room[n%64] += own
	}
	*sum += room[n%64]
}

var errWanted = errors.New("wanted")

func recovered(n int) (err error) {
	defer func() {
		err, _ = recover().(error)
	}()
	for i := range n {
		defer func() { deep(i, new(int)) }()
	}
	panic(errWanted)
}

func main() {
	sums := make(chan int)
	for i := range 8 {
		go func() {
			sum := 0
			deep(100*i, &sum)
			sums <- sum
		}()
	}
	total := 0
	for range 8 {
		total += <-sums
	}
	for i := range 10_000 {
		list = &node{list, strconv.Itoa(i)}
		if i%1000 == 0 {
			runtime.GC()
			if recovered(10) != errWanted {
				total = -1
			}
		}
	}
	for ; list != nil; list = list.next {
		total += len(list.text)
	}
	os.Stdout.WriteString(strconv.Itoa(total) + "\n")
	deep(-len(os.Args[1:]), &total)
}
