// Command program does what the packed tables have to bear: stacks that move, collections while stacks are deep, deferred
// functions that recover. In the end it panics.
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

// deep leaves pointers on every frame of a stack that grows, and collects at the bottom.
func deep(n int, list *node) int {
	var room [32]*node
	room[n%32] = &node{list, strconv.Itoa(n)}
	if n == 0 {
		runtime.GC()
		return len(room[0].text)
	}
	sum := deep(n-1, room[n%32])
	return sum + len(room[n%32].text)
}

var errWanted = errors.New("wanted")

func recovered(n int) (err error) {
	defer func() {
		err, _ = recover().(error)
	}()
	for i := range n {
		defer func() { deep(i, nil) }()
	}
	panic(errWanted)
}

func main() {
	sums := make(chan int)
	for i := range 8 {
		go func() { sums <- deep(100*i, nil) }()
	}
	total := 0
	for range 8 {
		total += <-sums
	}
	os.Stdout.WriteString(strconv.Itoa(total) + "\n")
	for range 20 {
		if err := recovered(10); err != errWanted {
			os.Stdout.WriteString("not recovered\n")
		}
	}
	var list *node
	deep(-len(os.Args[1:]), list) // an index that is out of range
}
